"""Beside the ranking: who was drawn stands there marked, and no score and no order changes."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from marketwright.features.entitlements.service import grant
from marketwright.features.matching import narrowing
from marketwright.features.matching.circle import Circle
from marketwright.features.matching.columns import day_number, wanted_of
from marketwright.features.matching.index import make_index
from marketwright.features.matching.placing import draw, place, seed_of
from marketwright.features.profiles import service as profiles
from marketwright.hooks.manager import Entry
from marketwright.plugin import Placement

from .factories import SEEN, mission, person
from .test_exactness import TREE, criteria

pytestmark = pytest.mark.either_engine

DAY = date(2026, 6, 1)


class Everybody(Placement):
    """All."""

    name, label, about, most = "everybody", "Anybody", "Anybody at all.", 3

    def eligible(self, c):
        return c.p["joined"] >= 0


class Broken(Everybody):
    """None."""

    name = "broken"

    def eligible(self, c):
        return c.p["joined"]


def placed(subject="mission", day=DAY, taken=()):
    return place((Entry("strange", Everybody({}, None)),), lambda _entry: range(30), str, subject, day, taken)


def test_a_draw_is_the_same_all_day_and_another_the_next():
    assert placed()[0].rows == placed()[0].rows
    assert placed()[0].rows != placed(day=DAY + timedelta(days=1))[0].rows


def test_a_draw_can_be_drawn_again_from_its_seed():
    found = placed()[0]
    assert found.seed == seed_of("everybody", "mission", DAY)
    assert tuple(draw(range(30), found.seed, 3)) == found.rows


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


@pytest.fixture(scope="module")
def circle():
    """Forty who fit one mission, every other one new."""
    came = [SEEN - timedelta(days=n % 2 * 900) for n in range(40)]
    who = [person(f"p{n:02}", (("leaf", n % 4 + 1, n % 9),), rate=40000 + 1000 * n, created_at=came[n])
           for n in range(40)]  # fmt: skip
    index = make_index(TREE, who, [mission("m", (("leaf", True, 2),))], "EUR")

    def made(kind, *, most=0, taken=(), own=()):
        plugins = SimpleNamespace(matching_criteria=criteria(1.0), placements=(Entry("strange", kind({}, None)),))
        wanted = wanted_of(index.missions.side, 0, day_number(DAY))
        found = Circle(SimpleNamespace(plugins=plugins), index, "m", wanted, DAY, own)
        ranking, placed = found.placed(found.best(most), taken, lambda _name: ["p03", "p05", "gone"])
        return ranking, [[ranking.ids[i] for i in p.rows] for p in placed]

    return made


class New(Everybody):
    """Half of them."""

    def eligible(self, c):
        return c.p["today"] - c.p["joined"] < 100


def test_of_those_who_fit_only_who_may_be_placed_is_drawn(circle):
    ranking, ((*drawn,),) = circle(New, taken=(0, 1))
    assert len(drawn) == 3
    assert all(int(one[1:]) % 2 == 0 for one in drawn)
    assert not {ranking.ids[i] for i in (0, 1)} & set(drawn)


def test_the_clients_own_members_are_neither_ranked_nor_placed(circle):
    ranking, ((*drawn,),) = circle(New, own=("p00", "p01"))
    assert ranking.total == 38
    assert not {"p00", "p01"} & {*drawn, *(ranking.ids[i] for i in ranking.order.tolist())}


def test_a_list_that_knows_its_best_alone_draws_the_same_people_and_counts_the_same(circle, monkeypatch):
    whole, drawn = circle(New)
    monkeypatch.setattr(narrowing, "MANY", 5)
    monkeypatch.setattr(narrowing, "SAMPLE", 5)
    monkeypatch.setattr(narrowing, "FIRST", 5)
    best, again = circle(New, most=5)
    assert again == drawn
    assert best.total == whole.total
    assert [best.ids[i] for i in best.best(5)] == [whole.ids[i] for i in whole.best(5)]
    assert len(best.ids) < len(whole.ids)


def test_a_paid_placement_draws_among_those_who_paid_alone(circle):
    class Paid(Everybody):
        entitlement = "front"

    assert set(*circle(Paid)[1]) == {"p03", "p05"}


def test_a_placement_that_answers_nonsense_is_named_and_places_nobody(circle, caplog):
    assert circle(Broken)[1] == []
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
