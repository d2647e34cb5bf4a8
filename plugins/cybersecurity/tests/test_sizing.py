"""What a security brief implies in days, from its kinds of assets and how many there are."""

import pytest

from marketwright.plugin import Sizing
from marketwright_cybersecurity.sizing import SecurityDays


def days(*assets, engagement="pentest", **fields):
    rows = [{"asset_kind": kind, "asset_count": count} for kind, count in assets]
    return SecurityDays({}, None).estimate(Sizing({"engagement": engagement, "assets": rows, **fields}))


def test_it_is_silent_until_the_brief_says_what_is_to_be_tested():
    assert days() is None
    assert days(("web_application", 1), engagement="governance") is None


@pytest.mark.parametrize(("kind", "asset", "after"), [
    ("incident_response", "examined_host", "Lessons"), ("detection", "rule", "Replay and tuning"),
    ("governance", "framework", "Decisions of the management"),
])  # fmt: skip
def test_work_that_tests_nothing_is_sized_by_what_it_covers(kind, asset, after):
    found = days((asset, 4), ("web_application", 9), engagement=kind)
    assert len(found.parts) == 3
    assert found.parts[-1].label == after or found.parts[-2].label == after


def test_one_web_application_takes_about_a_week_with_report_and_retest():
    found = days(("web_application", 1))
    assert (found.low, found.likely, found.high) == (5, 6, 8)
    assert [p.days for p in found.parts] == [4.0, 1.0, 0.5]


def test_further_assets_of_a_kind_cost_less_than_the_first():
    assert days(("api", 3)).parts[0].days == 5.5
    assert days(("external_host", 41)).parts[0].days == 7.0


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"environment": "production"}, "In production"), ({"engagement": "red_team"}, "Staying unseen")],
)
def test_what_makes_it_longer_is_said(more, reason):
    found = days(("web_application", 2), **more)
    assert reason in [p.label for p in found.parts]
    assert found.likely > days(("web_application", 2)).likely


def test_two_rows_of_one_kind_count_together():
    assert days(("api", 1), ("api", 2)) == days(("api", 3))
