"""The list of freelancers by the verdicts of one check, as a visitor picks it."""

import re
from datetime import timedelta

import pytest

from marketwright.features.matching.checked import Checks
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.service import By
from marketwright.strategies.vetting import Result, Verdict

pytestmark = [pytest.mark.either_engine, pytest.mark.plugins("evidence")]
HELD = "/freelancers?check=documents"


def pass_check(market, person, check="documents", *, about="", days=None):
    ends = market.house.clock.business() + timedelta(days=days) if days else None
    verdict = Verdict(Result.PASSED, compared="a paper", source="its issuer", expires=ends)
    return market.write(vetting.record, check=check, kind="freelancer", owner=market.people[person], verdict=verdict,
                        by=By("staff", "Vera"), about=about)  # fmt: skip


def refuse(market, person):
    market.write(vetting.record, check="documents", kind="freelancer", owner=market.people[person],
                 verdict=Verdict(Result.REFUSED, compared="a paper", source="its issuer", reason="Unreadable."),
                 by=By("staff", "Vera"))  # fmt: skip


def seen(page):
    return {name for name in ("Ada", "Bo", "Cy") if f"{name} Person" in page}


@pytest.fixture
def three(market):
    for name in ("Ada", "Bo", "Cy"):
        market.person(f"{name} Person", "web")
    market.people = {name.split()[0]: account for name, account in market.people.items()}
    pass_check(market, "Ada")
    return market


def test_a_visitor_sees_whose_verdict_of_a_check_holds(three, browse):
    assert seen(browse().get(HELD).text) == {"Ada"}


@pytest.mark.both_engines
def test_the_filter_says_how_many_each_check_leaves_in_the_readers_language(three, browse):
    pass_check(three, "Bo")
    choice = re.search(r'name="check"[^>]*value="documents".*?</li>|name="check".*?</label>',
                       browse().get("/freelancers").text, re.DOTALL)  # fmt: skip
    assert choice
    assert "Documents read by our team" in choice[0]
    assert re.search(r">\s*2\s*<", choice[0])
    french = browse().get("/freelancers", headers={"Accept-Language": "fr"}).text
    assert "Vérifications valables" in french


def test_what_is_picked_is_named_above_the_list_and_can_be_taken_away(three, browse):
    page = browse().get(f"{HELD}&skill=web").text
    assert 'href="/freelancers?skill=web"' in page
    assert re.search(r'name="check"[^>]*value="documents"[^>]*checked', page)


@pytest.mark.both_engines
def test_a_verdict_given_or_superseded_shows_at_once(three, browse):
    visitor = browse()
    assert seen(visitor.get(HELD).text) == {"Ada"}
    pass_check(three, "Cy")
    assert seen(visitor.get(HELD).text) == {"Ada", "Cy"}
    refuse(three, "Ada")
    assert seen(visitor.get(HELD).text) == {"Cy"}


def test_a_verdict_whose_time_is_over_holds_no_more(three):
    pass_check(three, "Bo", days=3)
    now, checks, index = three.house.clock.business(), three.house.ports.get(Checks), three.index()
    with three.house.database.reading() as session:
        holding = [int(checks.held(session, index, now + timedelta(days=d))["documents"].sum()) for d in (0, 2, 4)]
    assert holding == [2, 2, 1]


def test_a_card_says_which_assessment_the_person_passed(three, browse):
    checks = three.house.ports.get(Checks)
    checks.assessed = {"documents": checks.labels["documents"]}
    marked = re.compile(r'<span class="verified">.*?</svg>Documents read by our team</span>', re.DOTALL)
    assert len(marked.findall(browse().get("/freelancers").text)) == 1
    pass_check(three, "Bo")
    assert len(marked.findall(browse().get("/freelancers").text)) == 2


def test_a_verdict_on_a_claim_that_was_deleted_says_nothing_more(three, browse):
    pass_check(three, "Bo", about="0123456789abcdef")
    assert seen(browse().get(HELD).text) == {"Ada"}


def test_admission_is_no_filter_and_a_check_that_is_not_there_finds_nobody(three, browse):
    pass_check(three, "Ada", "approval")
    assert 'value="approval"' not in browse().get("/freelancers").text
    assert seen(browse().get("/freelancers?check=other").text) == set()
