"""Pages, the front page's blocks, words, menus and addresses, as staff writes them in the console."""

from datetime import timedelta

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.content import queries
from marketwright.features.content.service import blocks_of
from marketwright.kernel.actors import system
from marketwright.kernel.terms import OWN


@pytest.fixture
def staff(house, browse):
    def act(role):
        with house.database.unit(system("tests")) as uow:
            account = accounts.create_account(
                uow, email=f"{role}@example.org", name=f"Person of {role}", locale="en", is_freelancer=False
            )
            accounts.join_staff(uow, account=account, roles=[role])
            uow.commit()
        return browse(account)

    return act


@pytest.fixture
def admin(staff):
    return staff("admin")


def seen(house, page, code="en"):
    with house.database.reading() as session:
        draft = queries.draft(session, page, code)
    return draft.version if draft else 0


def test_a_page_is_written_looked_at_and_published(admin, browse):
    admin.post("/console/pages", {"name": "our-charter"})
    typed = {"title": "Our charter", "text": "We **mean** it.", "seen": "1", "do": "preview"}
    look = admin.post("/console/pages/our-charter/en", typed)
    assert "<strong>mean</strong>" in admin.get(look.headers["Location"]).text
    assert browse().get("/pages/our-charter").status_code == 404
    assert "We **mean** it." in admin.get("/console/pages/our-charter/en").text
    admin.post("/console/pages/our-charter/publish", {"note": "At last"})
    assert "<strong>mean</strong>" in browse().get("/pages/our-charter").text
    assert "At last" in admin.get("/console/pages/our-charter/versions").text


@pytest.mark.parametrize("name", ["Our charter", "../x", ""])
def test_a_name_that_is_no_address_is_refused_at_its_field(admin, name):
    page = admin.post("/console/pages", {"name": name})
    assert page.status_code == 422
    assert 'id="f-name"' in page.text


def test_a_draft_is_thrown_away(admin, house):
    admin.post("/console/pages/about/en", {"title": "x", "text": "y", "seen": "0"})
    admin.post("/console/pages/about/en/discard", {"seen": "1"})
    assert seen(house, "about") == 0


def test_who_writes_over_a_newer_draft_is_told(admin):
    admin.post("/console/pages/about/en", {"title": "x", "text": "y", "seen": "0"})
    page = admin.post("/console/pages/about/en", {"title": "z", "text": "zebra", "seen": "0"})
    assert page.status_code == 422
    assert "zebra" in page.text


def test_new_terms_too_early_are_refused_with_the_first_day(admin, house):
    for text, version in (("One.", 1), ("Two.", 1)):
        admin.post("/console/pages/terms/en", {"title": "Terms", "text": text, "seen": "0"})
        assert seen(house, "terms") == version
        soon = (house.clock.business() + timedelta(days=2)).date().isoformat()
        page = admin.post("/console/pages/terms/publish", {"starts": soon if text == "Two." else ""})
    assert page.status_code == 422
    assert "15 days before" in page.text
    assert "<ins>" in page.text


def test_blocks_are_moved_added_and_taken_off(admin, house, browse):
    admin.post("/console/front/en", {"do": "down:block:0", "seen": "0"})
    admin.post("/console/front/en", {"do": "remove:block:0", "seen": "1"})
    added = admin.post("/console/front/en/block?type=text", {"title": "Ours", "text": "All **ours**.", "seen": "2"})
    assert added.status_code == 303
    with house.database.reading() as session:
        kinds = [b["type"] for b in blocks_of(queries.draft(session, "landing", "en").text)]
    assert kinds == ["hero", "people", "missions", "fees", "text", "start"]
    assert "All <strong>ours</strong>." in admin.get("/preview/landing/en").text
    assert "All <strong>ours</strong>." not in browse().get("/").text
    admin.post("/console/pages/landing/publish")
    assert "All <strong>ours</strong>." in browse().get("/").text


def test_a_block_with_rows_grows_by_a_button_and_keeps_what_was_typed(admin):
    page = admin.post("/console/front/en/block?type=questions", {"title": "Asked", "do": "add:item", "seen": "0"})
    assert 'value="Asked"' in page.text
    assert 'name="item.0.ask"' in page.text


def test_a_block_that_lacks_something_says_so_at_its_field(admin):
    page = admin.post("/console/front/en/block?number=0", {"title": " ", "seen": "0"})
    assert page.status_code == 422
    assert "Please fill this in." in page.text


def test_the_last_title_is_not_taken_off(admin):
    assert admin.post("/console/front/en", {"do": "remove:block:0", "seen": "0"}).status_code == 422


def vocabulary(**changes):
    typed = {f"vocabulary.en.{key}.{form}": text for key, word in OWN.items() for form, text in word.forms.items()}
    return typed | {f"vocabulary.en.{key.replace('__', '.')}": text for key, text in changes.items()}


def test_a_word_is_changed_everywhere_and_undone(admin, browse):
    typed = vocabulary(mission__one="gig", mission__other="gigs", mission__a="a gig")
    assert admin.post("/console/words/vocabulary/en", typed | {"seen": "0"}).status_code == 303
    assert ">Gigs<" in browse().get("/").text
    assert 'value="a gig"' in admin.get("/console/words/vocabulary/en").text
    admin.post("/console/settings/history/1/undo")
    assert ">Missions<" in browse().get("/").text


def test_a_form_left_empty_is_named(admin):
    page = admin.post("/console/words/vocabulary/en", vocabulary(mission__a="") | {"seen": "0"})
    assert page.status_code == 422
    assert "Please fill this in." in page.text


def test_a_word_with_markup_is_refused(admin):
    page = admin.post("/console/words/vocabulary/en", vocabulary(mission__one="<b>gig</b>") | {"seen": "0"})
    assert page.status_code == 422


def test_a_menu_is_put_together(admin, browse):
    typed = {"menus.en.header.0": "1", "menus.en.header.0.label": "Our charter", "menus.en.header.0.href": "/about"}
    assert admin.post("/console/words/menus/en", typed | {"seen": "0"}).status_code == 303
    assert "Our charter" in browse().get("/").text
    assert "Our charter" in admin.get("/console/words/menus/en").text


def test_an_address_is_given_and_a_wrong_one_refused(admin, browse):
    wrong = admin.post("/console/words/addresses/fr", {"addresses.fr.missions": "/missions-ouvertes", "seen": "0"})
    assert wrong.status_code == 422
    good = admin.post("/console/words/addresses/fr", {"addresses.fr.missions": "/fr/missions-ouvertes", "seen": "0"})
    assert good.status_code == 303
    assert browse().get("/fr/missions-ouvertes").status_code == 200


@pytest.mark.parametrize("path", ["/console/pages/about/en", "/console/front/en", "/console/pages/about/publish"])
def test_who_may_not_write_pages_is_kept_out(staff, path):
    assert staff("auditor").get(path).status_code == 403


@pytest.mark.parametrize("path", [
    "/console/pages/nothing/en", "/console/pages/about/de", "/console/front/de", "/console/front/en/block?type=x",
    "/console/front/en/block?number=99", "/console/words/nothing/en", "/console/words/menus/de", "/preview/nothing/en",
])  # fmt: skip
def test_there_is_nothing_else(admin, path):
    assert admin.get(path).status_code == 404
