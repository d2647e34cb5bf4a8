"""What somebody typed or answered is not lost: a draft that met another one, a field whose type is taken back."""

import re

import pytest

from marketwright.features.accounts.tables import Account
from marketwright.features.facets import forms
from marketwright.features.overlay import changing
from marketwright.features.profiles import service as profiles
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import InvalidInput
from marketwright.running import running
from marketwright.strategies.fields import Field, FieldForm

NEW = "/console/settings/fields/new"
NUMBER = {"field.owner": "profile", "field.name": "audits", "field.form": "number", "field.label.en": "Audits done",
          "field.facet": "1"}  # fmt: skip


@pytest.fixture
def admin(desk, browse):
    return browse(desk.staff["admin"])


def answer(house, who, value):
    with house.database.unit(Actor(kind="person", id=who, is_freelancer=True)) as uow:
        profiles.set_fields_in_bulk(uow, [(who, {"audits": value})])
        uow.commit()


def test_a_change_of_type_is_not_undone_over_answers_that_would_not_fit(desk, admin, browse, app):
    who = desk.stage.freelancer
    admin.post(NEW, NUMBER)
    answer(running(app).current.house, who, 12)
    admin.post("/console/settings/fields/audits", NUMBER | {"field.form": "text", "confirm": "1"})
    house = running(app).current.house
    answer(house, who, "a dozen, mostly banks")
    last = max(int(n) for n in re.findall(r"history/(\d+)/undo", admin.get("/console/settings/history").text))
    with app.app_context(), pytest.raises(InvalidInput, match="do not fit"):
        changing.undo(house, Actor(kind="person", id=desk.staff["admin"], staff=frozenset({"admin"})), last)
    assert running(app).current.house.marketplace.fields[0].form is FieldForm.TEXT
    assert "a dozen, mostly banks" in browse(who).get(f"/freelancers/{who}").text


@pytest.mark.parametrize("form", list(FieldForm))
def test_an_answer_to_an_earlier_question_is_shown_as_it_stands(form, app):
    choices = (("a", {"en": "A"}),) if form in (FieldForm.CHOICE, FieldForm.CHOICES) else ()
    rows = (Field("profile", "x", FieldForm.TEXT, {"en": "X"}),) if form is FieldForm.ROWS else ()
    field = Field("profile", "odd", form, {"en": "Odd"}, choices=choices, rows=rows,
                  unit="EUR" if form is FieldForm.MONEY else "")  # fmt: skip
    with app.test_request_context():
        for value in ("a dozen", 12, ["a"], {"b": 1}, [1], 1.5):
            assert forms.shown([field], {"odd": value}, "en", private=True)
            forms.initial([field], {"odd": value})
            forms.file_views([field], {"odd": value}, "en")


def test_a_draft_that_met_another_one_is_still_in_the_form(desk, admin, browse):
    page = "/console/pages/about/en"
    admin.post(page, {"title": "About", "text": "The first.", "seen": "0"})
    other = browse(desk.staff["moderator"])
    refused = other.post(page, {"title": "About us", "text": "An hour of work.", "seen": "0"})
    assert refused.status_code == 422
    assert "An hour of work." in refused.text
    assert "The first." in refused.text
    seen = re.search(r'name="seen" value="(\d+)"', refused.text).group(1)
    assert other.post(page, {"title": "About us", "text": "An hour of work.", "seen": seen}).status_code == 303


def test_an_admin_lifts_the_second_factor_of_who_lost_the_phone(desk, admin, house):
    who = desk.stage.freelancer
    with house.database.unit(Actor(kind="system", id="tests")) as uow:
        uow.session.get_one(Account, who).totp_on = True
        uow.commit()
    page = f"/console/people/{who}"
    assert f"{page}/lift" in admin.get(page).text
    assert admin.post(f"{page}/lift", {"reason": ""}).status_code == 422
    assert admin.post(f"{page}/lift", {"reason": "Seen on a call."}).status_code == 303
    assert f"{page}/lift" not in admin.get(page).text


def test_the_first_day_offered_for_new_terms_is_taken(desk, admin):
    page = "/console/pages/terms/en"
    for text in ("One.", "Two."):
        admin.post(page, {"title": "Terms", "text": text, "seen": "0"})
        shown = admin.get("/console/pages/terms/publish").text
        day = re.search(r'name="starts"[^>]*min="([^"]+)"|min="([^"]+)"[^>]*name="starts"', shown)
        first = (day.group(1) or day.group(2)) if day and text == "Two." else ""
        assert admin.post("/console/pages/terms/publish", {"starts": first, "note": ""}).status_code == 303
    assert first
