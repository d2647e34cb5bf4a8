"""Menus: the site's own, or the operator's."""

import pytest

from marketwright.settings.marketplace import Menu, MenuLink

OWN = {"en": Menu(
    header=(MenuLink("Our charter", "/about"), MenuLink("{Mission.other} of today", "/missions")),
    footer=(("Elsewhere", (MenuLink("The guild", "https://guild.example"),)),),
)}  # fmt: skip


@pytest.mark.settings(menus=OWN)
def test_visitors_see_the_operators_menus_in_the_sites_words(browse):
    page = browse().get("/").text
    assert "Our charter" in page
    assert "Missions of today" in page
    assert "https://guild.example" in page


@pytest.mark.settings(menus=OWN)
def test_no_menu_drops_what_the_law_asks(browse):
    page = browse().get("/").text
    assert all(f'href="{path}"' in page for path in ("/terms", "/privacy", "/legal"))


@pytest.mark.settings(menus=OWN)
def test_the_other_language_keeps_the_menus_of_the_site(browse):
    page = browse().get("/fr").text
    assert "Our charter" not in page
    assert "Comment ça marche" in page
