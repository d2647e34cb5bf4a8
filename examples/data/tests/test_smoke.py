"""Each page that a visitor finds answers, in each language, and says whose site it is."""

import re

import pytest
from markupsafe import escape

PAGES = (
    "/", "/freelancers", "/missions", "/how-it-works", "/how-we-rank", "/fees", "/about", "/terms", "/privacy",
    "/legal", "/sign-in", "/sign-up", "/healthz", "/readyz",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers(site, page):
    assert site.browse().get(page).status_code == 200


def test_the_front_page_speaks_each_language_and_names_the_marketplace(site):
    marketplace = site.house.marketplace
    for language in marketplace.languages:
        page = site.browse().get("/", headers={"Accept-Language": language}).text
        assert f'<html lang="{language}"' in page
        assert escape(marketplace.name) in page


def test_an_address_that_leads_nowhere_is_a_page_too(site):
    answer = site.browse().get("/no-such-page")
    assert answer.status_code == 404
    assert escape(site.house.marketplace.name) in answer.text


def test_the_front_page_loads_nothing_from_elsewhere(site):
    page = site.browse().get("/").text
    loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', page)
    assert [address for address in loaded if not address.startswith(site.house.marketplace.base_url)] == []


def test_logo_and_favicon_are_drawings_without_a_script(site):
    for name in ("logo.svg", "favicon.svg"):
        drawing = (site.house.marketplace.folder / "theme" / "static" / name).read_text("utf-8")
        assert drawing.startswith("<svg")
        assert "<script" not in drawing
