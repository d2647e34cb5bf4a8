"""The look of the site in the console: seen first, saved, undone, refused."""

import io
import re

import pytest
from PIL import Image

from marketwright.features.accounts import service as accounts
from marketwright.kernel.actors import system
from marketwright.settings.marketplace import Look


@pytest.fixture
def admin(house, browse):
    with house.database.unit(system("tests")) as uow:
        made = accounts.create_account(uow, email="ada@example.org", name="Ada Admin", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["admin"])
        uow.commit()
    return browse(made)


def sheet(visitor, page="/"):
    found = re.search(r'href="(/theme/(?:tokens|draft).css[^"]*)"', visitor.get(page).text)
    address = found.group(1).replace("&amp;", "&")
    return visitor.get(address).text


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "#a01020").save(out, "PNG")
    return out.getvalue()


def test_the_page_shows_the_look_in_force_with_its_contrast(admin):
    page = admin.get("/console/look")
    assert page.status_code == 200
    assert "Yes, everywhere" in page.text


def test_a_preview_changes_nothing(admin, browse):
    page = admin.get("/console/look?brand=%23a01020")
    frame = re.search(r'src="(/\?draft=[^"]*)"', page.text).group(1).replace("&amp;", "&")
    assert "--mw-brand: #a01020;" in sheet(admin, frame)
    assert "#a01020" not in sheet(browse())


def test_a_draft_is_for_staff_alone(browse):
    assert "#a01020" not in sheet(browse(), "/?draft=brand%3D%2523a01020")
    assert browse().get("/theme/draft.css?look=brand%3D%2523a01020").status_code in (303, 403, 404)


def test_a_page_may_stand_in_a_frame_only_where_staff_look_at_a_draft(admin, browse):
    draft = admin.get("/?draft=brand%3D%2523a01020").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in draft
    assert "frame-ancestors 'none'" in browse().get("/?draft=brand%3D%2523a01020").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in admin.get("/").headers["Content-Security-Policy"]


def test_a_saved_look_is_worn_with_the_very_next_page(admin, browse):
    saved = admin.post("/console/look", {"brand": "#a01020", "round": "14", "scheme": "light"})
    assert saved.status_code == 303
    worn = sheet(browse())
    assert "--mw-brand: #a01020;" in worn
    assert "--mw-round: 14px;" in worn
    assert 'data-scheme="light"' in browse().get("/").text


def test_everything_can_be_given_back_to_the_theme(admin, browse):
    admin.post("/console/look", {"brand": "#a01020"})
    admin.post("/console/look", {"do": "reset"})
    assert "#a01020" not in sheet(browse())


@pytest.mark.parametrize(("field", "typed"), [("brand", "red"), ("round", "900"), ("air", "9"), ("scheme", "neon")])
def test_what_cannot_be_worn_is_refused_at_its_field_and_kept_as_typed(admin, field, typed):
    answer = admin.post("/console/look", {"brand": "#a01020", field: typed})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text or f"f-{field}" in answer.text
    assert typed in answer.text or field == "scheme"


def test_a_logo_is_worn_by_every_page(admin, browse):
    sent = admin.post("/console/look/logo", {"logo": (io.BytesIO(picture()), "logo.png")},
                      content_type="multipart/form-data")  # fmt: skip
    assert sent.status_code == 303
    source = re.search(r'<img src="(/files/[^"]+)"', browse().get("/").text).group(1)
    assert browse().get(source).mimetype == "image/png"


def test_an_svg_with_a_script_is_refused_with_the_reason(admin, browse):
    bad = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    answer = admin.post("/console/look/logo", {"logo": (io.BytesIO(bad), "logo.svg")},
                        content_type="multipart/form-data")  # fmt: skip
    assert answer.status_code == 422
    assert "The SVG holds a script" in answer.text
    assert "/files/" not in browse().get("/").text


def test_no_file_is_a_message_and_another_picture_is_not_there(admin):
    assert admin.post("/console/look/logo", {}).status_code == 422
    assert admin.post("/console/look/banner", {}).status_code == 404


@pytest.mark.settings(look=Look(font="Bricolage Grotesque"))
def test_a_font_of_an_installed_theme_may_be_worn_without_the_theme(browse):
    worn = sheet(browse())
    assert '@font-face { font-family: "Bricolage Grotesque"' in worn
    with browse().get("/theme/bastion/bricolage-latin.woff2") as font:
        assert font.status_code == 200


def test_a_look_that_was_changed_in_another_window_is_not_written_over_unseen(admin):
    page = admin.get("/console/look").text
    first = {n: re.search(rf'name="{n}" value="([^"]*)"', page)[1] for n in ("seen", "began")}
    assert admin.post("/console/look", first | {"brand": "#102030"}).status_code == 303
    assert admin.post("/console/look", first | {"round": "12"}).status_code == 303
    late = admin.post("/console/look", first | {"brand": "#a01020"})
    assert late.status_code == 422
    assert '<p class="pre">#102030</p>' in late.text
    assert 'value="#a01020"' in late.text
    assert 'name="round" type="text" value="12"' in late.text
