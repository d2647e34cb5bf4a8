"""Fields without code in the console: declared, changed, removed; who would lose an answer is said first."""

import pytest
from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.facets.tables import Facet
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.actors import Actor
from marketwright.running import running
from marketwright.settings.marketplace import Source
from marketwright.strategies.fields import Field, FieldForm

NEW = "/console/settings/fields/new"
CHOICE = {
    "field.owner": "profile", "field.name": "clearance", "field.form": "choice", "field.label.en": "Clearance",
    "field.choices.0": "1", "field.choices.0.value": "none", "field.choices.0.label.en": "None",
    "field.choices.1": "1", "field.choices.1.value": "secret", "field.choices.1.label.en": "Secret", "field.facet": "1",
}  # fmt: skip
LINES = Field("mission", "lines", FieldForm.NUMBER, {"en": "Lines"})


@pytest.fixture
def admin(staff, browse):
    return browse(staff["admin"])


@pytest.fixture
def at_work(app):
    return lambda: running(app).current.house


@pytest.fixture
def answered(desk, admin, at_work):
    """A clearance on profiles that the freelancer has answered with "secret"."""
    assert admin.post(NEW, CHOICE).status_code == 303
    who = desk.stage.freelancer
    with at_work().database.unit(Actor(kind="person", id=who, is_freelancer=True)) as uow:
        profiles.set_fields_in_bulk(uow, [(who, {"clearance": "secret"})])
        uow.commit()
    return who


@pytest.fixture
def staff(desk):
    return desk.staff


def stored(house, who):
    with house.database.reading() as session:
        facets = session.scalars(select(Facet.text).where(Facet.owner_id == who, Facet.field == "clearance")).all()
        return session.get_one(Profile, who).fields.get("clearance"), list(facets)


def test_a_field_is_in_the_form_with_the_next_request(answered, browse, admin):
    assert "Clearance" in browse(answered).get("/me/profile/about").text
    assert "Clearance" in admin.get("/console/settings/fields").text


def test_people_and_missions_are_exported_with_their_fields(answered, admin):
    lines = admin.get("/console/people.csv").text.splitlines()
    assert lines[0].endswith(",fields.clearance")
    assert next(x for x in lines if answered in x).endswith(",secret")
    assert admin.get("/console/missions.csv").text.startswith("\ufeffid,title,client")


def test_removing_asks_first_and_says_how_many_lose_an_answer(answered, admin, at_work):
    page = admin.get("/console/settings/fields/clearance/remove").text
    assert "1 person loses what they have filled in." in page
    admin.post("/console/settings/fields/clearance/remove")
    assert stored(at_work(), answered) == ("secret", ["secret"])
    assert admin.post("/console/settings/fields/clearance/remove", {"confirm": "1"}).status_code == 303
    assert at_work().marketplace.fields == ()
    assert stored(at_work(), answered) == (None, [])


def test_taking_a_choice_away_asks_first(answered, admin, at_work):
    fewer = {k: v for k, v in CHOICE.items() if ".1" not in k}
    asked = admin.post("/console/settings/fields/clearance", fewer)
    assert "1 person loses what they have filled in." in asked.text
    assert stored(at_work(), answered)[0] == "secret"
    assert admin.post("/console/settings/fields/clearance", fewer | {"confirm": "1"}).status_code == 303
    assert stored(at_work(), answered) == (None, [])


def test_a_choice_that_becomes_several_keeps_its_answers(answered, admin, at_work):
    done = admin.post("/console/settings/fields/clearance", CHOICE | {"field.form": "choices"})
    assert done.status_code == 303
    assert stored(at_work(), answered) == (["secret"], ["secret"])


def test_what_becomes_private_leaves_the_facets_and_comes_back(answered, admin, at_work):
    private = {k: v for k, v in CHOICE.items() if k != "field.facet"} | {"field.private": "1"}
    admin.post("/console/settings/fields/clearance", private)
    assert stored(at_work(), answered) == ("secret", [])
    assert "fields.clearance" not in admin.get("/console/people.csv").text
    admin.post("/console/settings/fields/clearance", CHOICE)
    assert stored(at_work(), answered) == ("secret", ["secret"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"field.name": "Bad Name"}, "Small letters"), ({"field.label.en": ""}, "fill this in"),
        ({"field.form": "colour"}, "is no type"), ({"field.private": "1"}, "neither a filter"),
        ({"field.choices.1.value": "none"}, "same word"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused_beside_its_field(admin, at_work, changes, says):
    refused = admin.post(NEW, CHOICE | changes)
    assert refused.status_code == 422
    assert says in refused.text
    assert at_work().marketplace.fields == ()


def test_two_fields_of_one_name_name_both(answered, admin):
    refused = admin.post(NEW, CHOICE)
    assert "two fields are called" in refused.text


@pytest.mark.plugins("standard_contracts", "evidence", "sandbox", "cybersecurity")
def test_a_name_that_a_plugin_has_is_refused_naming_the_plugin(house, browse):
    with house.database.unit(Actor(kind="system", id="tests")) as uow:
        who = accounts.create_account(uow, email="a@example.org", name="A", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=who, roles=["admin"])
        uow.commit()
    admin = browse(who)
    refused = admin.post(NEW, CHOICE | {"field.name": "engagement"})
    assert "the console and the plugin" in refused.text
    assert "cybersecurity" in refused.text
    assert "Comes from" in admin.get("/console/settings/fields").text


@pytest.mark.settings(source=Source(locked=("fields",)))
def test_locked_fields_are_shown_and_not_changed(admin):
    assert "locked in marketplace.toml" in admin.get("/console/settings/fields").text
    assert admin.post(NEW, CHOICE).status_code == 422


def test_an_undo_brings_the_field_back(answered, admin, at_work):
    admin.post("/console/settings/fields/clearance/remove", {"confirm": "1"})
    admin.post("/console/settings/history/2/undo")
    assert [f.name for f in at_work().marketplace.fields] == ["clearance"]


@pytest.mark.settings(fields=(LINES,))
def test_a_field_of_a_mission_counts_missions(desk, admin, at_work):
    with at_work().database.unit(Actor(kind="system", id="tests")) as uow:
        for mission in uow.session.scalars(select(Mission)):
            mission.fields = {"lines": 4}
        uow.commit()
    assert "2 missions lose their answer." in admin.get("/console/settings/fields/lines/remove").text
