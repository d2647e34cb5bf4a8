"""A questionnaire about a mission: asked on, concluded, kept, answered again."""

import pytest
from sqlalchemy import select

from marketwright.app import create_app
from marketwright.features.contracts.needing import declarable
from marketwright.features.missions.tables import Mission
from marketwright.store.tables import EventRow
from marketwright.testing.browse import Browse
from marketwright.testing.negotiation import Negotiation

pytestmark = [pytest.mark.either_engine, pytest.mark.plugins("standard_contracts", "ai")]
FIRST = {"x_act_use": "deploy", "x_act_union": "yes"}
SECOND = FIRST | {
    "x_act_practices": "none", "x_act_product": "no", "x_act_areas": "none", "x_act_contact": "none",
    "x_act_model": "use",
}  # fmt: skip


class Site:
    """A mission of the AI niche, its people, and what they do with its questionnaire."""

    def __init__(self, house):
        self.house = house
        self.app = create_app(house.marketplace, house)
        self.app.testing = True
        self.talk = Negotiation(house).meet()
        self.path = f"/missions/{self.talk.mission}/questionnaires/ai.eu_ai_act"

    def as_(self, part):
        visitor = Browse(self.app)
        visitor.sign_in(self.talk.people[part])
        return visitor

    def answer(self, answers, *, part="owner", shown=tuple(SECOND)):
        return self.as_(part).post(f"{self.path}?again=1", data=answers | {"shown": list(shown)})

    def field(self):
        with self.house.database.reading() as session:
            return session.get_one(Mission, self.talk.mission).fields.get("ai_act_class")

    def events(self):
        with self.house.database.reading() as session:
            told = select(EventRow).where(EventRow.name == "questionnaire.concluded").order_by(EventRow.at)
            return [e.payload for e in session.scalars(told)]


@pytest.fixture
def site(house):
    return Site(house)


@pytest.mark.both_engines
def test_answers_lead_to_further_questions_and_then_to_a_conclusion_in_the_missions_field(site):
    first = site.as_("owner").get(site.path).text
    assert "x_act_use" in first
    assert "x_act_areas" not in first
    on = site.answer(FIRST, shown=tuple(FIRST))
    assert (on.status_code, site.field()) == (200, None)
    assert "x_act_areas" in on.text
    assert site.answer(SECOND).status_code == 303
    assert site.field() == "minimal"
    assert "Minimal risk" in site.as_("owner").get(site.path).text


def test_an_answer_that_is_missing_is_named_and_nothing_is_lost(site):
    page = site.answer({k: v for k, v in SECOND.items() if k != "x_act_model"})
    assert page.status_code == 422
    assert 'href="#f-x_act_model">What is done with a general-purpose model? Please fill this in.</a>' in page.text
    assert site.field() is None


def test_freelancers_read_the_conclusion_and_that_it_is_no_advice_but_not_the_answers(site):
    site.answer(SECOND)
    page = site.as_("freelancer").get(site.path).text
    assert "not legal advice" in page
    assert "What was answered" not in page
    assert "Minimal risk" in site.as_("freelancer").get(f"/missions/{site.talk.mission}").text


@pytest.mark.parametrize(("part", "status"), [("freelancer", 403), ("stranger", 403)])
def test_nobody_but_owners_and_buyers_of_the_client_answers(site, part, status):
    assert site.answer(SECOND, part=part).status_code == status
    assert site.field() is None


def test_another_answer_later_is_told_with_what_it_was_before_and_both_are_kept(site):
    site.answer(SECOND)
    site.answer(SECOND | {"x_act_product": "yes"})
    assert site.field() == "high_risk"
    assert [(e["before"], e["value"]) for e in site.events()] == [("", "minimal"), ("minimal", "high_risk")]
    assert "Before that" in site.as_("owner").get(site.path).text


def test_editing_the_brief_leaves_what_the_questionnaire_came_to(site):
    site.answer(SECOND)
    form = site.as_("owner").get(f"/missions/{site.talk.mission}/edit").text
    assert "x_ai_act_class" not in form


def test_what_a_questionnaire_concludes_is_declared_by_nobody_on_a_contract(house):
    assert any("ai_act_class" in entry.it.when for entry in house.plugins.conditions.values())
    assert declarable(house.plugins) == []
