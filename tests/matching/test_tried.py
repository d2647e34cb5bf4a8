"""Weights tried in the console: the lists of real missions side by side."""

import re

import pytest

pytestmark = pytest.mark.plugins("core_matching")
SENT = {"weight-skills": "0.7", "on-skills": "1", "keep_days": "365", "unanswered_days": "5"}


@pytest.fixture
def tried(market, browse):
    def compared():
        page = browse(market.staff("admin")).post("/console/ranking/try", SENT).text
        return re.findall(r'<a href="/missions/\w+/matches">([^<]+)</a></h2>\s*(<p)?', page)

    market.person("Ada Lovelace", "web", languages=("en", "fr"))
    for title, must in (("First", "web"), ("Second", "web"), ("Third", "web")):
        market.mission(title, must=(must,), languages=("fr",))
    return market, compared


def test_missions_that_somebody_fits_are_compared_before_newer_ones_that_nobody_does(tried):
    market, compared = tried
    market.mission("Nobody", must=("forensics",), languages=("fr",))
    assert [title for title, _empty in compared()] == ["Third", "Second", "First"]


def test_where_too_few_have_a_list_one_that_nobody_fits_is_named(tried):
    market, compared = tried
    for _ in range(8):
        market.mission("Nobody", must=("forensics",), languages=("fr",))
    assert [(title, bool(empty)) for title, empty in compared()] == [("Third", False), *[("Nobody", True)] * 2]
