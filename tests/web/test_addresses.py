"""Addresses: the stable ones always answer, each language may have its own."""

import pytest

from marketwright.app import create_app
from marketwright.kernel.errors import BadSetting
from marketwright.web.addresses import Addresses

OWN = {"fr": {"/missions": "/fr/missions-ouvertes", "/freelancers": "/fr/experts/trouver"}}


@pytest.mark.parametrize(("path", "stable", "language"), [
    ("/missions", "/missions", ""), ("/fr", "/", "fr"), ("/fr/", "/", "fr"), ("/fr/fees", "/fees", "fr"),
    ("/fr/missions-ouvertes", "/missions", "fr"), ("/fr/missions-ouvertes/a-b", "/missions/a-b", "fr"),
    ("/fr/missions-ouvertes-x", "/missions-ouvertes-x", "fr"), ("/fr/experts/trouver", "/freelancers", "fr"),
    ("/en/missions", "/missions", "en"), ("/de/missions", "/de/missions", ""), ("/freelancers", "/freelancers", ""),
])  # fmt: skip
def test_an_address_leads_to_the_stable_one(path, stable, language):
    assert Addresses(("en", "fr"), OWN).inside(path) == (stable, language)


@pytest.mark.parametrize(("path", "language", "address"), [
    ("/missions", "fr", "/fr/missions-ouvertes"), ("/missions/a-b", "fr", "/fr/missions-ouvertes/a-b"),
    ("/missions?page=2", "fr", "/fr/missions-ouvertes?page=2"), ("/fees", "fr", "/fr/fees"), ("/", "fr", "/fr"),
    ("/missions", "en", "/missions"), ("/", "en", "/"),
])  # fmt: skip
def test_a_page_has_one_address_a_language(path, language, address):
    assert Addresses(("en", "fr"), OWN).outside(path, language) == address


@pytest.mark.settings(addresses=OWN)
def test_an_own_address_speaks_its_language_and_names_the_others(browse):
    page = browse().get("/fr/missions-ouvertes", headers={"Accept-Language": "en"}).text
    assert '<html lang="fr"' in page
    assert '<link rel="canonical" href="http://localhost/fr/missions-ouvertes">' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/missions">' in page
    assert '<link rel="alternate" hreflang="x-default" href="http://localhost/missions">' in page


@pytest.mark.settings(addresses=OWN)
def test_the_stable_address_answers_in_the_language_of_its_reader(browse):
    assert '<html lang="en"' in browse().get("/missions").text
    page = browse().get("/missions", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr"' in page
    assert 'href="/fr/missions-ouvertes"' in page


def test_whoever_comes_in_by_a_french_address_goes_on_in_french(browse):
    visitor = browse()
    visitor.get("/fr/fees")
    assert '<html lang="fr"' in visitor.get("/fees").text


@pytest.mark.parametrize("path", ["/me", "/inbox", "/nothing-here", "/console"])
def test_pages_that_are_not_for_everybody_name_no_address(browse, path):
    page = browse().get(path, follow_redirects=True).text
    assert f'<link rel="canonical" href="http://localhost{path}"' not in page


@pytest.mark.parametrize(("addresses", "words"), [
    ({"fr": {"/nothing": "/fr/rien"}}, "no page '/nothing'"),
    ({"fr": {"/me": "/fr/moi"}}, "no page '/me'"),
    ({"fr": {"/missions": "/missions-ouvertes"}}, "no address of its own"),
    ({"fr": {"/missions": "/fr/Missions Ouvertes"}}, "no address of its own"),
    ({"fr": {"/missions": "/fr/a", "/fees": "/fr/a"}}, "two pages"),
])  # fmt: skip
def test_an_address_that_cannot_be_is_refused_at_the_start(marketplace, addresses, words):
    from dataclasses import replace

    with pytest.raises(BadSetting, match=words):
        create_app(replace(marketplace, addresses=addresses))
