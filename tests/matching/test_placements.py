"""Beside the ranking: who was drawn stands there marked, and no score and no order changes."""

import re
from datetime import date, timedelta

import pytest

from marketwright.features.entitlements.service import grant
from marketwright.features.matching.placing import draw, place, seed_of
from marketwright.features.matching.ranking import rank
from marketwright.features.profiles import service as profiles
from marketwright.hooks.manager import Entry
from marketwright.plugin import Placement

from .criteria import candidates, criterion, ids

pytestmark = pytest.mark.either_engine

DAY = date(2026, 6, 1)


class Everybody(Placement):
    """All."""

    name, label, about, most = "everybody", "Anybody", "Anybody at all.", 3

    def eligible(self, c):
        return c.p["x"] >= 0


class Broken(Everybody):
    """None."""

    name = "broken"

    def eligible(self, c):
        return c.p["x"]


def ranking(n=30):
    return rank((criterion(lambda c: c.p["x"]),), candidates(n), ids(n), "mission")


def placed(kind=Everybody, subject="mission", day=DAY, taken=()):
    return place((Entry("strange", kind({}, None)),), ranking(), subject, day, taken)


def test_a_draw_is_the_same_all_day_and_another_the_next():
    assert placed()[0].rows == placed()[0].rows
    assert placed()[0].rows != placed(day=DAY + timedelta(days=1))[0].rows


def test_a_draw_can_be_drawn_again_from_its_seed():
    found = placed()[0]
    assert found.seed == seed_of("everybody", "mission", DAY)
    assert tuple(draw(ranking().order.tolist(), found.seed, 3)) == found.rows


def test_nobody_on_show_is_drawn():
    taken = range(5, 30)
    assert set(placed(taken=taken)[0].rows) <= set(range(5))


def test_over_many_days_everybody_is_drawn():
    drawn = {row for n in range(120) for row in placed(day=DAY + timedelta(days=n))[0].rows}
    assert drawn == set(range(30))


def test_the_seed_of_a_draw_is_logged(caplog):
    with caplog.at_level("INFO", "marketwright.matching"):
        found = placed()[0]
    assert f"seed {found.seed}" in caplog.text


def test_a_placement_that_answers_nonsense_is_named_and_places_nobody(caplog):
    assert placed(Broken) == []
    assert "the placement broken of strange places nobody" in caplog.text


@pytest.fixture
def scene(market):
    for n in range(16):
        market.person(f"Person {n:02}", ("web", 4, 6), languages=("en", "fr"), day_rate=60000 + n)
    market.one = market.mission("A web test", must=(("web", 3),), nice=("cloud",), languages=("fr",))
    return market


def page(browse, scene):
    return browse(scene.owner).get(f"/missions/{scene.one}/matches").text


def order(text):
    return re.findall(r"Person \d\d</a>", text[: text.index("Show more")])


@pytest.fixture
def proved(scene):
    for account in scene.people.values():
        scene.write(profiles.set_proved, profile=account, proved=1)


@pytest.mark.plugins("core_matching", "newcomers")
@pytest.mark.usefixtures("proved")
def test_newcomers_stand_beside_the_list_with_their_label_and_the_way_to_read_why(scene, browse):
    text = page(browse, scene)
    beside = text[text.index("New here</h2>"):]
    assert len(re.findall(r'<li class="card', beside)) == 2
    assert 'href="/how-we-rank#beside"' in beside
    assert "New here" in browse().get("/how-we-rank").text


@pytest.mark.plugins("core_matching")
def test_without_newcomers_nobody_stands_beside_the_list(scene, browse):
    assert "New here" not in page(browse, scene)
    assert "Beside the ranking" not in browse().get("/how-we-rank").text


@pytest.mark.plugins("core_matching", "newcomers")
def test_who_proved_nothing_is_no_newcomer_unless_the_settings_say_so(scene, browse):
    assert "New here</h2>" not in page(browse, scene)


@pytest.fixture
def paying(scene):
    """One whose score alone would put them last, with a plan that has visibility."""
    paid = scene.person("Paid Person", ("web", 4, 6), languages=("en", "fr"), day_rate=99000)

    def grant_it(uow):
        grant(uow, owner_kind="freelancer", owner=paid, name="visibility", quota=None,
              starts=uow.now - timedelta(days=1), ends=uow.now + timedelta(days=30), source="a-plan")  # fmt: skip

    return lambda: scene.write(grant_it)


@pytest.mark.plugins("core_matching", "promoted")
def test_whose_plan_pays_for_it_stands_beside_the_list_labelled_and_no_rank_changes(scene, browse, paying):
    before = page(browse, scene)
    assert "Sponsored" not in before
    paying()
    after = page(browse, scene)
    beside = after[after.index("Sponsored</h2>"):]
    assert re.findall(r'freelancers/[^"]+">([^<]+)</a>', beside)[0] == "Paid Person"
    assert len(re.findall(r'<li class="card', beside)) == 1
    assert order(after) == order(before)
    assert "changes nobody&#39;s score" in browse().get("/how-we-rank").text


@pytest.mark.plugins("core_matching")
def test_without_promoted_a_plan_with_visibility_buys_nothing(scene, browse, paying):
    paying()
    assert "Sponsored" not in page(browse, scene)


def test_a_paid_placement_draws_among_those_who_paid_alone():
    class Paid(Everybody):
        entitlement = "front"

    def holders(name):
        return {"front": frozenset(ids(30)[3:5])}[name]

    found = place((Entry("strange", Paid({}, None)),), ranking(), "mission", DAY, (), holders)
    assert set(found[0].rows) == {3, 4}
