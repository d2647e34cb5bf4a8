"""What is answered, watched and governed: courses of their own, with what a practitioner refuses to sign without."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

import marketwright_cybersecurity as pack
from marketwright.features.contracts.checker import check
from marketwright.features.contracts.registry import from_json, to_json
from marketwright.features.contracts.simulate import Sums, part_of, simulate
from marketwright.plugin import Handed, HandedIn
from marketwright_cybersecurity.authority import CONDITION as AUTHORITY
from marketwright_cybersecurity.courses import section_for
from marketwright_cybersecurity.detecting import LOG_ACCESS, DetectionRules, Tuning
from marketwright_cybersecurity.detection import DETECTION
from marketwright_cybersecurity.engagement import ENGAGEMENT
from marketwright_cybersecurity.governance import GOVERNANCE
from marketwright_cybersecurity.governing import Applicability, GapAssessment, SignOff
from marketwright_cybersecurity.incident import CallOut, Containment, IncidentReport
from marketwright_cybersecurity.response import RESPONSE

COURSES = (RESPONSE, DETECTION, GOVERNANCE)
CONDITIONS = [c.name for c in pack.register_conditions({})]
DELIVERABLES = [d.name for d in pack.register_deliverables({})]


def example(kind):
    return kind({}, None).example()


@pytest.mark.parametrize("course", COURSES, ids=lambda c: c.name)
def test_a_course_is_sound_and_ends_whatever_people_do(course):
    assert check(course, CONDITIONS, DELIVERABLES) == ()


@pytest.mark.parametrize("walk", ["together", "silence"])
@pytest.mark.parametrize("course", COURSES, ids=lambda c: c.name)
def test_a_course_is_walked_to_an_end_that_holds_no_money(course, walk):
    steps = simulate(course, at=datetime(2026, 1, 5, tzinfo=UTC), sums=Sums(100_000), walk=walk)
    assert course.state(steps[-1].state).end
    assert steps[-1].hold in ("SETTLED", "NONE")


def test_standing_by_is_paid_where_no_call_comes():
    steps = simulate(RESPONSE, at=datetime(2026, 1, 5, tzinfo=UTC), sums=Sums(100_000), script=("fund_call", "wait"))
    assert (steps[-1].state, steps[-1].hold) == ("stood_by", "SETTLED")
    ended = next(t for t in RESPONSE.transitions if t.name == "call_ends")
    assert part_of(ended, Sums(100_000)).work == 25_000


def test_nobody_is_on_call_before_owner_and_host_have_signed():
    assert next(t for t in RESPONSE.transitions if t.name == "fund_call").needs == (AUTHORITY.name,)
    given = HandedIn(dict(AUTHORITY.example(date(2026, 1, 5))), (), {}, {}, datetime(2026, 1, 5, tzinfo=UTC), "UTC")
    assert list(AUTHORITY.check(given)) == ["host"]
    over = replace(given, values={**given.values, "authority_until": "2026-01-05"})
    assert "authority_until" in AUTHORITY.check(over)


@pytest.mark.parametrize(("language", "says"), [
    ("en", ("18 May 2026", "2 July 2026", "45 days")), ("fr", ("18/05/2026", "02/07/2026", "45 jours")),
])  # fmt: skip
def test_the_agreement_names_the_days_of_the_retest_window(language, says):
    found = section_for("engagement", language, [{"number": 1, "title": "Shop", "due": "2026-05-08"}])
    assert all(word in repr(found) for word in says)


@pytest.mark.parametrize(("language", "says"), [("en", ("60 days", "25 %")), ("fr", ("60 jours", "25 %"))])
def test_the_agreement_says_what_standing_by_is_worth(language, says):
    assert all(word in repr(section_for("incident_response", language, ())) for word in says)
    assert section_for("milestones", language, ()) is None


def test_every_kind_of_engagement_has_one_course():
    kinds = [kind for kind, _ in next(f for f in pack.register_fields({}) if f.name == "engagement").choices]
    made_for = [kind for course in (ENGAGEMENT, *COURSES) for kind in course.fits["engagement"]]
    assert sorted(made_for) == sorted(kinds)


def test_what_a_course_fits_is_kept_with_the_contract():
    assert from_json(to_json(RESPONSE)) == RESPONSE


@pytest.mark.parametrize(
    "kind", [d for d in pack.register_deliverables({}) if not d.follows], ids=lambda d: d.name
)
def test_the_example_of_a_deliverable_passes_its_own_check(kind):
    agreed, handed = example(kind)
    it = kind({}, None)
    assert it.check_agreed(agreed) == {}
    assert it.check(agreed, handed) == {}


def test_evidence_without_a_whole_hash_is_refused_at_its_line():
    _, handed = example(Containment)
    row = dict(handed.rows["evidence"][0])
    rows = {**handed.rows, "evidence": (row, row | {"fingerprint": "9f9f"}, row)}
    wrong = Containment({}, None).check({}, Handed(handed.values, rows))
    assert sorted(wrong) == ["evidence-1-fingerprint", "evidence-2-fingerprint"]


def test_the_report_accounts_for_every_piece_of_evidence():
    carried = IncidentReport({}, None).carried(example(Containment)[1])
    assert [row["item"] for row in carried["custody"]] == ["Image of the disk of FS01"]


def test_a_timeline_out_of_order_and_personal_data_without_facts_are_refused():
    _, handed = example(IncidentReport)
    rows = {**handed.rows, "timeline": tuple(reversed(handed.rows["timeline"]))}
    values = {name: value for name, value in handed.values.items() if name != "to_notify"}
    assert sorted(IncidentReport({}, None).check({}, Handed(values, rows))) == ["timeline-1-at", "to_notify"]


def test_a_call_out_names_a_moment():
    agreed, handed = example(CallOut)
    assert "noticed_at" in CallOut({}, None).check(agreed, Handed({**handed.values, "noticed_at": "this morning"}))


def test_no_log_is_cleared_before_those_concerned_know():
    values = dict(LOG_ACCESS.example(date(2026, 1, 5))) | {"persons_told": "no"}
    handed = HandedIn(values, (), {}, {}, datetime(2026, 1, 5, tzinfo=UTC), "Europe/Paris")
    assert list(LOG_ACCESS.check(handed)) == ["persons_told"]


def test_a_rule_that_misses_a_replayed_attack_sends_the_rules_back():
    agreed, handed = example(DetectionRules)
    row = handed.rows["rules"][0]
    judge = DetectionRules({}, None).judge
    assert judge(agreed, handed).met
    assert not judge(agreed, Handed(handed.values, {"rules": ({**row, "found": 3},)})).met


def test_a_rule_names_an_attack_technique_and_finds_no_more_than_was_played():
    agreed, handed = example(DetectionRules)
    row = {**handed.rows["rules"][0], "technique": "spraying", "found": 9}
    wrong = DetectionRules({}, None).check(agreed, Handed(handed.values, {"rules": (row,)}))
    assert sorted(wrong) == ["rules-0-found", "rules-0-technique"]


def test_tuning_is_accepted_by_the_false_positives_of_a_day_after_the_days_agreed():
    agreed, handed = example(Tuning)
    it, row = Tuning({}, None), handed.rows["tuned"][0]
    assert it.judge(agreed, handed).met
    assert not it.judge(agreed, Handed(handed.values, {"tuned": ({**row, "alerts": 90, "false": 31},)})).met
    assert "days_tuned" in it.check(agreed, Handed({"days_tuned": 2}, handed.rows))


def test_what_applies_and_is_missing_needs_a_measure_with_an_owner_and_a_day():
    rows = {"statement": ({"reference": "A.8.8", "standing": "missing", "applies": "yes", "because": "In use."},)}
    wrong = Applicability({}, None).check({}, Handed({}, rows))
    assert sorted(wrong) == ["statement-0-plan_day", "statement-0-plan_owner", "statement-0-planned"]


def test_the_management_decides_on_what_has_a_plan_and_explains_what_it_does_not_follow():
    assert Applicability({}, None).carried(example(GapAssessment)[1])["statement"][0]["reference"] == "A.8.8"
    planned = ({"reference": "A.8.8", "planned": "Scan"}, {"reference": "A.5.1"})
    assert SignOff({}, None).carried(Handed({}, {"statement": planned})) == {
        "decisions": [{"reference": "A.8.8", "planned": "Scan"}]
    }
    alone = Handed({}, {"decisions": ({"decision": "accept"},)})
    assert "decisions-0-decided_why" in SignOff({}, None).check({}, alone)
