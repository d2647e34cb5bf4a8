"""Pages that the console keeps: drafts, versions with a date of effect, the file behind them."""

from datetime import timedelta

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.content import queries, service
from marketwright.features.content.blocks import plain_page
from marketwright.features.content.diffs import changes
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.store.database import move_clock

ADMIN = frozenset({"admin"})


@pytest.fixture
def do(house):
    def act(deed, staff=ADMIN):
        with house.database.unit(Actor(kind="person", id="a" * 16, name="Maud", staff=staff)) as uow:
            done = deed(uow)
            uow.commit()
        return done

    return act


def draft(do, page="about", language="en", title="About us", text="We are here.", seen=0):
    do(lambda u: service.keep_draft(u, page=page, language=language, title=title, text=text, seen=seen))


def later(house, **span):
    with house.database.unit(system("tests")) as uow:
        move_clock(uow, timedelta(**span))
        uow.commit()
    house.database.clock.forget()


def test_a_draft_is_for_nobody_until_it_is_published(do, browse, write):
    write("en/about.md", "# About\n\nThe file says so.\n")
    draft(do)
    assert "The file says so." in browse().get("/about").text
    do(lambda u: service.publish(u, page="about"))
    assert "We are here." in browse().get("/about").text


def test_a_version_waits_for_its_date(do, browse, house, write):
    write("en/about.md", "# About\n\nThe file says so.\n")
    draft(do)
    do(lambda u: service.publish(u, page="about", starts=u.now + timedelta(days=3)))
    assert "The file says so." in browse().get("/about").text
    later(house, days=4)
    assert "We are here." in browse().get("/about").text


def test_what_is_withdrawn_goes_back_to_the_file(do, browse, write):
    write("en/about.md", "# About\n\nThe file says so.\n")
    draft(do)
    do(lambda u: service.publish(u, page="about"))
    do(lambda u: service.withdraw(u, page="about", language="en"))
    assert "The file says so." in browse().get("/about").text


def test_a_page_of_the_consoles_own_has_an_address_until_it_is_taken_off(do, browse):
    draft(do, page="our-charter", title="Charter")
    assert browse().get("/pages/our-charter").status_code == 404
    do(lambda u: service.publish(u, page="our-charter"))
    assert browse().get("/pages/our-charter").status_code == 200
    assert "/pages/our-charter" in browse().get("/sitemap-pages-1.xml").text
    do(lambda u: service.withdraw(u, page="our-charter", language="en"))
    assert browse().get("/pages/our-charter").status_code == 404


def test_both_languages_share_a_number(do, house):
    draft(do)
    draft(do, language="fr", title="Qui sommes-nous", text="Nous voici.")
    assert do(lambda u: service.publish(u, page="about")) == 1
    with house.database.reading() as session:
        assert [(v.number, v.language) for v in queries.versions(session, "about")] == [(1, "en"), (1, "fr")]
        assert queries.drafts(session) == []


def test_two_people_do_not_write_over_each_other(do):
    draft(do)
    with pytest.raises(Conflict):
        draft(do, text="Mine", seen=0)


@pytest.mark.parametrize("name", ["Our Charter", "../terms", "a" * 61, "new", ""])
def test_a_name_that_is_no_address_is_refused(do, name):
    with pytest.raises(InvalidInput):
        draft(do, page=name)


def test_an_empty_page_is_not_published(do):
    draft(do, text=" ")
    with pytest.raises(InvalidInput, match="title and a text"):
        do(lambda u: service.publish(u, page="about"))


@pytest.mark.parametrize("staff", [frozenset(), frozenset({"auditor"})])
def test_only_who_may_change_pages_writes_them(do, staff):
    with pytest.raises(NotAllowed):
        do(lambda u: service.keep_draft(u, page="about", language="en", title="x", text="y", seen=0), staff)


def test_a_published_version_is_never_changed(do, house):
    draft(do)
    do(lambda u: service.publish(u, page="about"))
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError, match="append only"), house.database.unit(system("tests")) as uow:
        uow.session.execute(text("UPDATE content_versions SET text = 'x'"))


def test_a_front_page_of_the_console_wins_over_the_file(do, browse, write):
    write("en/landing.toml", '[[block]]\ntype = "hero"\ntitle = "From the file"\n')
    blocks = plain_page("From the console", "So it is.")
    do(lambda u: service.landing_draft(u, language="en", blocks=blocks, seen=0))
    assert "From the file" in browse().get("/").text
    do(lambda u: service.publish(u, page="landing"))
    assert "From the console" in browse().get("/").text


def test_a_front_page_with_a_fault_is_no_draft(do):
    with pytest.raises(InvalidInput) as refused:
        do(lambda u: service.landing_draft(u, language="en", blocks=[{"type": "hero", "titel": "x"}], seen=0))
    assert "0.titel" in refused.value.errors


def test_new_terms_are_told_fifteen_days_before(do):
    draft(do, page="terms", text="One.")
    assert do(lambda u: service.publish(u, page="terms")) == 1
    draft(do, page="terms", text="Two.")
    with pytest.raises(InvalidInput) as refused:
        do(lambda u: service.publish(u, page="terms", starts=u.now + timedelta(days=14)))
    assert "15 days" in refused.value.errors["starts"][0]
    assert do(lambda u: service.publish(u, page="terms", starts=u.now + timedelta(days=16))) == 2


def test_a_correction_of_the_terms_binds_at_once(do):
    for text in ("One.", "Won."):
        draft(do, page="terms", text=text)
        number = do(lambda u: service.publish(u, page="terms", correction=True))
    assert number == 2


def test_a_diff_names_paragraphs_and_points():
    before, after = "One.\n\n- a\n- b\n\nLast.", "One.\n\n- a\n- c\n\nLast.\n\nMore."
    assert [(c.how, c.text) for c in changes(before, after) if c.how != "kept"] == [
        ("removed", "- b"), ("added", "- c"), ("added", "More."),
    ]  # fmt: skip


def test_who_signs_up_needs_no_written_terms(house):
    with house.database.unit(Actor(kind="anonymous", id="")) as uow:
        assert accounts.sign_up(uow, email="lea@example.org", name="Léa", password="correct horse battery",
                                locale="fr", as_freelancer=True)  # fmt: skip
        uow.commit()
