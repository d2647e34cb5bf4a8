from dataclasses import replace

import pytest
from tests.missions.test_brief_page import TYPED, mine

from marketwright.features.missions import sizing
from marketwright.features.missions.writing import stored_brief
from marketwright.hooks.manager import Entry
from marketwright.plugin import Effort, Estimate, Estimator, Field, FieldForm, say

SOURCES = Field("mission", "sources", FieldForm.NUMBER, {"en": "Sources"})
SECRET = Field("mission", "secret", FieldForm.TEXT, {"en": "Secret"}, private=True)
pytestmark = pytest.mark.settings(fields=(SOURCES, SECRET))


class ThreeDaysEach(Estimator):
    name, label = "days.each", "Days of counting"

    def estimate(self, brief):
        n = brief.fields.get("sources")
        if n is None:
            return None
        if n == 13:
            raise ValueError("unlucky")
        part = Effort(say("Sources: %(n)s", n=n), 3 * n, "Three days each.")
        return Estimate(2 * n, 3 * n, 4 * n, (part,))


@pytest.fixture(autouse=True)
def estimator(house):
    house.plugins.estimators = {"days.each": Entry("days", ThreeDaysEach({}, None))}


@pytest.fixture
def clara(people, browse):
    return browse(people.clara)


def stored(people, house, mission):
    return people.read(lambda s: sizing.kept(s, house.plugins, mission))


def test_a_visitor_reads_the_days_while_writing(browse):
    page = browse().post("/missions/new", TYPED | {"x_sources": "4", "do": ""}).text
    assert "from 8 to 16 days" in page
    assert "Three days each." in page
    assert "The brief says 12 days, and so does the estimate." in page


def test_a_brief_that_says_too_little_is_told_what_to_do(browse):
    page = browse().post("/missions/new", TYPED | {"do": ""}).text
    assert "ask for the days" in page
    assert "likely; from" not in page


def test_the_estimate_is_kept_with_what_it_was_computed_from(people, house, clara):
    clara.post("/missions/new", TYPED | {"x_sources": "4", "x_secret": "s3", "do": "publish"})
    (kept,) = stored(people, house, mine(people)[0].id)
    assert (kept.low, kept.likely, kept.high) == (8, 12, 16)
    assert kept.source == {"fields": {"sources": 4}, "must": 1, "nice": 0, "remote": "hybrid"}


def test_an_edited_brief_gets_its_estimate_anew(people, house, clara):
    clara.post("/missions/new", TYPED | {"x_sources": "4", "do": "publish"})
    mission = mine(people)[0]
    clara.post(f"/missions/{mission.id}/edit", TYPED | {"x_sources": "9", "do": "draft", "version": mission.version})
    assert [s.likely for s in stored(people, house, mission.id)] == [27]


def test_an_applicant_reads_the_estimate_beside_the_briefs_own_figure(people, house, clara, browse):
    clara.post("/missions/new", TYPED | {"x_sources": "9", "do": "publish"})
    page = browse(people.anna).get(f"/missions/{mine(people)[0].id}").text
    assert "Days of counting" in page
    assert "less than such a brief takes at least" in page


def test_an_estimator_that_fails_stops_nobody(people, house, clara):
    assert clara.post("/missions/new", TYPED | {"x_sources": "13", "do": "publish"}).status_code == 303
    assert stored(people, house, mine(people)[0].id) == []


def test_an_estimator_that_is_switched_off_shows_nothing_and_loses_nothing(people, house, clara, browse):
    clara.post("/missions/new", TYPED | {"x_sources": "4", "do": "publish"})
    mission, before = mine(people)[0].id, dict(house.plugins.estimators)
    house.plugins.estimators = {}
    assert "Days of counting" not in browse(people.anna).get(f"/missions/{mission}").text
    house.plugins.estimators = before
    assert "Days of counting" in browse(people.anna).get(f"/missions/{mission}").text


def test_an_estimate_out_of_order_is_left_out(people, house):
    class Wrong(ThreeDaysEach):
        def estimate(self, brief):
            return replace(super().estimate(brief), low=99)

    house.plugins.estimators = {"days.each": Entry("days", Wrong({}, None))}
    brief = replace(
        people.read(lambda s: stored_brief(s, people.mission(people.draft()))), fields={"sources": 2}
    )
    assert sizing.ask(house.plugins, brief, [SOURCES]) == []
