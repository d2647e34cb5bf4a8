from datetime import UTC, date, datetime, timedelta

import pytest

from marketwright.features.profiles.ports import Proof
from marketwright.features.profiles.queries import ClaimRow
from marketwright.features.profiles.showing import claim_view, claim_views, declared_skills, stations, weeks

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def claim(kind="skill", **kw):
    values = {
        "id": "c1", "profile_id": "p", "skill_id": "web" if kind == "skill" else None, "level": 3, "years": 6,
        "title": "Web pentest", "organisation": "", "from_month": "", "to_month": "", "issuer": "", "number": "",
        "issued": "", "expires": "", "summary": "", "declared_at": NOW - timedelta(days=10),
    }  # fmt: skip
    return ClaimRow(kind=kind, **(values | kw))


def proof(**kw):
    values = {"result": "passed", "compared": "Number OS-1", "source": "OffSec", "by": "Maud V.", "at": NOW}
    return Proof(**(values | kw))


def test_a_claim_without_a_proof_is_declared_with_its_day():  # S56
    view = claim_view(claim(), None, NOW)
    assert (view.how, view.on) == ("declared", date(2026, 4, 24))


def test_a_proof_says_what_was_compared_with_what_by_whom_and_when():
    view = claim_view(claim(), proof(), NOW)
    assert view.how == "checked"
    assert view.note == "Number OS-1, compared with OffSec by Maud V. on 4 May 2026."


@pytest.mark.parametrize(
    ("until", "how"),
    [(timedelta(days=400), "checked"), (timedelta(days=12), "expiring"), (-timedelta(days=1), "expired")],
)
def test_a_proof_ends_when_its_time_is_over(until, how):
    assert claim_view(claim(), proof(until=NOW + until), NOW).how == how


def test_a_document_that_was_only_seen_is_not_called_checked():  # S56
    assert claim_view(claim(), proof(document=True), NOW).how == "document"


def test_a_refused_check_is_told_as_such():
    assert claim_view(claim(), proof(result="refused"), NOW).how == "refused"


def test_a_declared_certificate_past_its_own_date_is_not_shown_as_good():
    assert claim_view(claim("certificate", expires="2025-12"), None, NOW).how == "expired"


def test_what_is_proved_stands_first():
    rows = [claim(id="a"), claim("certificate", id="b", title="OSCP"), claim(id="c")]
    views = claim_views(rows, {"c": proof()}, NOW)
    assert [v.id for v in views] == ["c", "b"]


def test_skills_on_their_word_alone_are_grouped_with_the_newest_day():
    chips, newest = declared_skills([claim(id="a", level=1, title="A"), claim(id="b", level=4, title="B")], {})
    assert [c.label for c in chips] == ["B, 6 years", "A, 6 years"]
    assert newest == date(2026, 4, 24)


def test_the_way_so_far_is_told_newest_first():
    jobs = [
        claim("experience", id="old", title="Clerk", from_month="2010-01", to_month="2012-05"),
        claim("experience", id="now", title="Pentester", from_month="2012-06"),
    ]
    views = stations(jobs, {}, NOW)
    assert [(v.title, v.when) for v in views] == [("Pentester", "since June 2012"), ("Clerk", "2010 to 2012")]


def test_thirteen_weeks_show_from_when_somebody_is_free():
    found = weeks(date(2026, 5, 20), 4, date(2026, 5, 6))
    assert [days for _, days in found[:4]] == [0, 0, 3, 4]
    assert len(found) == 13


def test_nobody_is_free_who_did_not_say_so():
    assert weeks(None, 5, date(2026, 5, 6)) == []
