"""Rankings that were shown are kept whole, explained, and tried again with other weights."""

import json
import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from marketwright.features.matching import queries, service
from marketwright.features.matching.explaining import explain
from marketwright.features.matching.keeping import MOST, capture, packed, rescored, unpacked
from marketwright.features.matching.ranking import FINE, rank
from marketwright.features.matching.replaying import ByHand, Hire, replay
from marketwright.features.matching.tables import RankingContent, ShownRanking
from marketwright.features.matching.weighing import weigh
from marketwright.features.missions import service as missions
from marketwright.features.profiles import service as profiles
from marketwright.hooks.manager import Entry, Plugins, load_plugins
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import BadSetting
from marketwright.settings.ranking import RankingSettings
from marketwright.store.database import move_clock
from marketwright.strategies.fields import Field, FieldForm
from marketwright.strategies.matching import COLUMNS, PAIR_COLUMNS, banned_words
from marketwright.web.i18n import speaking

from .criteria import candidates, criterion, ids

DAY = date(2026, 5, 1)
AT = datetime(2026, 5, 2, tzinfo=UTC)
SCORES = st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32)), min_size=1, max_size=12)
WEIGHTS = st.tuples(st.floats(0.0, 9.0), st.floats(0.1, 9.0))


def two(pairs, weights=(0.6, 0.4)):
    """A ranking by two criteria."""
    n = len(pairs)
    parts = [
        criterion(lambda c, k=k: np.array([p[k] for p in pairs], dtype=np.float32), f"c{k}", weight=weights[k])
        for k in (0, 1)
    ]
    columns = {"day_rate": np.arange(n) * 1000.0 + 40000, "reviews": np.arange(n) % 2}
    return rank(parts, candidates(n, **columns), ids(n), "m")


def kept(pairs, weights=(0.6, 0.4), **more):
    ranking = two(pairs, weights)
    given_ = {"shown": {"exact": ranking.order.tolist()[:3]}, "placed": [], "skills": [("web", True, 3)]} | more
    return capture(ranking, kind="people", subject="m", day=DAY, read=len(pairs), versions={"strange": "1.0"}, **given_)


@given(SCORES, WEIGHTS)
def test_the_contributions_that_are_kept_sum_to_the_score(pairs, weights):
    found = kept(pairs, weights)
    for row in found.rows:
        summed = sum(c.share * part for c, part in zip(found.criteria, row.parts, strict=True))
        assert abs(summed * FINE - row.score) <= 3


@given(SCORES, WEIGHTS)
def test_the_weights_that_ran_give_the_order_that_was_shown(pairs, weights):
    found = kept(pairs, weights)
    as_kept = [(r.id, r.score) for r in found.first]
    assert rescored(found, {}) == as_kept
    assert rescored(found, {"c0": weights[0], "c1": weights[1]}) == as_kept
    assert rescored(found, {"c0": weights[0] * 3, "c1": weights[1] * 3}) == as_kept


def test_two_who_are_level_keep_their_places_under_the_weights_that_ran():
    found = kept([(2.4e-6, 4.4e-6), (4.7e-6, 1.8e-6)], (0.5, 0.5))
    assert [one for one, _ in rescored(found, {})] == [r.id for r in found.rows]


def test_a_criterion_that_failed_then_counts_for_nothing_in_a_replay():
    broken = criterion(lambda c: 1 / 0, "broken", weight=3.0, gate=lambda c: c.p["x"] > 0.4)
    ranking = rank([criterion(lambda c: c.p["x"]), broken], candidates(3), ids(3), "m")
    found = capture(ranking, kind="people", subject="m", day=DAY, read=3, shown={}, placed=[], skills=[], versions={})
    assert rescored(found, {}) == [("person-002", FINE), ("person-001", FINE // 2)]


@given(SCORES, WEIGHTS, WEIGHTS)
def test_other_weights_give_what_ranking_with_them_would_have_given(pairs, weights, others):
    again = dict(rescored(kept(pairs, weights), {"c0": others[0], "c1": others[1]}))
    ranking = two(pairs, others)
    assert all(abs(again[one] - int(ranking.scores[i])) <= 3 for i, one in enumerate(ranking.ids))


@given(SCORES)
def test_what_is_unpacked_is_what_was_packed(pairs):
    found = kept(pairs)
    digest, body = packed(found)
    assert unpacked(body) == found
    assert packed(kept(pairs)) == (digest, body)


def test_of_a_long_list_the_best_are_kept_and_whoever_was_shown():
    pairs = [(1 - i / 500, 0.5) for i in range(300)]
    found = kept(pairs, shown={"exact": [0, 1], "hand": [299]})
    assert len(found.rows) == MOST + 1
    assert found.exact == 300
    assert found.row(ids(300)[299]) is not None


LONG = [(1 - i / 500, i / 500) for i in range(300)]


def test_who_was_shown_from_far_down_keeps_their_real_place():
    found = kept(LONG, placed=[("newcomers", 1, [249])])
    assert unpacked(packed(found)[1]) == found
    assert [found.place(ids(300)[i]) for i in (0, 199, 249, 250)] == [1, 200, 250, None]


def test_of_a_list_that_knows_its_best_alone_no_place_further_down_is_known():
    ranking = two(LONG)
    ranking.beyond = 9000
    found = capture(ranking, kind="people", subject="m", day=DAY, read=9300, shown={"exact": [0]}, skills=[],
                    placed=[("newcomers", 1, [249])], versions={})  # fmt: skip
    assert found.place(ids(300)[249]) is None


def test_a_ranking_kept_before_places_were_says_none_beyond_the_first():
    _, body = packed(kept(LONG, placed=[("newcomers", 1, [249])]))
    before = json.loads(zlib.decompress(body))
    del before["places"]
    found = unpacked(zlib.compress(json.dumps(before).encode()))
    assert [found.place(ids(300)[i]) for i in (199, 249)] == [200, None]
    assert found.beyond(ids(300)[249])


def test_a_replay_leaves_who_was_hired_from_far_down_out_of_the_medians():
    far, near = kept(LONG, placed=[("newcomers", 1, [249])]), replace(kept(LONG), subject="n")
    hires = hire(ids(300)[249]) | {"n": replace(hire(ids(300)[4])["m"], mission="n")}
    found = replay([far, near], hires, [], {"c0": 0.0})
    assert [(c.before, c.after, c.beyond) for c in found.cases] == [(250, None, True), (5, 196, False)]
    assert (found.before.rank, found.after.rank) == (5.0, 196.0)


def test_what_nobody_gave_is_kept_as_nothing():
    ranking = rank([criterion(lambda c: c.p["x"])], candidates(2, known={"day_rate": [True, False]}, day_rate=[5, 0]),
                   ids(2), "m")  # fmt: skip
    found = capture(ranking, kind="people", subject="m", day=DAY, read=2, shown={}, placed=[], skills=[], versions={})
    assert {r.id: r.columns["day_rate"] for r in found.rows} == {"person-000": 5.0, "person-001": None}


def hire(freelancer="person-002"):
    return {"m": Hire("m", "A test", freelancer, "Cy", AT)}


def test_a_replay_says_where_the_hired_person_would_have_stood():
    found = replay([kept([(0.9, 0.1), (0.8, 0.2), (0.1, 1.0)])], hire(), [], {"c0": 0.1})
    (case,) = found.cases
    assert (case.before, case.after, case.of) == (3, 1, 3)
    assert (found.before.rank, found.after.rank) == (3.0, 1.0)


def test_a_replay_says_what_kept_a_near_match_out_who_was_hired():
    gated = criterion(lambda c: c.p["x"], "place", gate=lambda c: c.p["x"] > 0.6)
    near = capture(rank([gated], candidates(3), ids(3), "m"), kind="people", subject="m", day=DAY, read=3,
                   shown={"near": [0]}, placed=[], skills=[], versions={})  # fmt: skip
    assert [(c.before, c.lacks) for c in replay([near], hire("person-000"), [], {}).cases] == [(None, ("Place",))]


def test_a_replay_counts_newcomers_and_rates_among_the_first_ten():
    pairs = [(1 - i / 20, i / 20) for i in range(20)]
    found = replay([kept(pairs)], {}, [], {"c0": 0.0})
    assert found.before.newcomers == 0.5
    assert found.before.rates == (41000, 44000, 48000)
    assert found.after.rates == (51000, 54000, 58000)


def test_a_person_put_there_by_hand_is_replayed_beside_the_engine():
    hand = ByHand("A web test", "person-001", "Ada", "Maud", AT, kept([(0.9, 0.1), (0.1, 0.9)]))
    (case,) = replay([], hire("person-001"), [hand], {"c0": 0.0}).by_hand
    assert (case.by, case.before, case.after, case.hired) == ("Maud", 2, 1, True)


def test_of_a_person_put_there_by_hand_a_replay_says_what_they_lacked():
    gated = criterion(lambda c: c.p["x"], "place", gate=lambda c: c.p["x"] > 0.6)
    near = capture(rank([gated], candidates(3), ids(3), "m"), kind="people", subject="m", day=DAY, read=3,
                   shown={"hand": [0]}, placed=[], skills=[], versions={})  # fmt: skip
    (case,) = replay([], {}, [ByHand("A web test", "person-000", "Ada", "Maud", AT, near)], {}).by_hand
    assert (case.title, case.name, case.before, case.lacks) == ("A web test", "Ada", None, ("Place",))


@pytest.fixture
def scene(market):
    market.ada = market.person("Ada Lovelace", ("web", 4, 6), "cloud", languages=("en", "fr"))
    market.bo = market.person("Bo Lind", ("web", 2, 1), day_rate=99000, languages=("en", "fr"))
    market.cy = market.person("Cy Roux", "pentest", languages=("en", "fr"))
    market.one = market.mission("A web test", must=(("web", 3),), nice=("cloud",), languages=("fr",))
    return market


def look(browse, scene):
    assert browse(scene.owner).get(f"/missions/{scene.one}/matches").status_code == 200


def rows(house, subject=""):
    with house.database.reading() as session:
        found = queries.shown_rankings(session, subject=subject)
        return [(r, queries.contents(session, [r.content])[r.content]) for r in found]


@pytest.mark.plugins("core_matching")
def test_every_list_that_is_shown_is_kept_and_equal_ones_once(scene, browse, house):
    look(browse, scene)
    look(browse, scene)
    found = rows(house, scene.one)
    assert [(r.kind, r.viewer) for r, _ in found] == [("people", scene.owner)] * 2
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RankingContent)) == 1
    one = found[0][1]
    assert one.shown["exact"] == (scene.ada, scene.bo)
    assert one.shown["near"] == (scene.cy,)
    assert one.row(scene.cy).failed == ("skills",)
    assert one.skills == (("web", True, 3), ("cloud", False, 0))
    assert one.asked["day_budget"] == 80000
    assert [c.plugin for c in one.criteria] == ["core_matching"] * 8
    assert all(c.version.startswith("0.1.0+") for c in one.criteria)


@pytest.mark.plugins("core_matching")
def test_the_list_of_a_freelancer_is_kept_too(scene, browse, house):
    assert browse(scene.ada).get("/me/matches").status_code == 200
    ((row, one),) = rows(house, scene.ada)
    assert (row.kind, one.kind, one.shown["exact"]) == ("missions", "missions", (scene.one,))


@pytest.mark.plugins("core_matching")
def test_a_person_put_there_by_hand_is_a_ranking_by_a_named_human(scene, browse, house):
    staff = scene.staff("moderator")
    client = browse(staff)
    sent = {"person": "Cy Roux", "reason": "Knows this trade."}
    assert client.post(f"/missions/{scene.one}/matches/place", data=sent).status_code == 303
    ((row, one),) = rows(house, scene.one)
    assert (row.kind, row.picked, row.by) == ("hand", scene.cy, "Staff moderator")
    assert one.place(scene.cy) is None
    assert one.row(scene.cy).failed == ("skills",)


@pytest.mark.plugins("core_matching")
def test_within_its_period_no_kept_ranking_is_changed_or_deleted(scene, browse, house):
    look(browse, scene)
    for statement in (update(ShownRanking).values(viewer="x"), delete(ShownRanking)):
        with house.database.unit(Actor(kind="system", id="tests")) as uow, pytest.raises(DatabaseError):
            uow.session.execute(statement)


@pytest.mark.plugins("core_matching")
def test_what_is_past_its_period_is_forgotten_and_the_rest_stays(scene, browse, house):
    look(browse, scene)
    ((_, one),) = rows(house)
    scene.write(lambda uow: service.keep_ranking(uow, kept=one, days=-1))
    with house.database.unit(Actor(kind="system", id="tests")) as uow:
        assert service.prune_rankings(uow) == 1
        uow.commit()
    assert len(rows(house)) == 1


@pytest.mark.plugins("core_matching")
def test_a_match_is_explained_in_points_that_sum_to_the_score_with_when_it_was_shown(scene, browse, house):
    look(browse, scene)
    with house.database.reading() as session, speaking("en"):
        found = explain(house, session, scene.one, scene.bo, "en")
        none = explain(house, session, scene.one, scene.cy, "en")
    assert sum(r.points for r in found.reasons) == found.score
    assert abs(sum(share * part for _, share, part in found.parts) * 100 - found.exact) < 1e-3
    assert (found.place, found.of, found.missing) == (2, 2, ["Cloud security"])
    assert "Full points at €800 a day." in found.advice
    assert [(s.section, s.place, s.score) for s in found.shown] == [("exact", 2, found.score)]
    assert none.place is None
    assert none.blocked == [("Skills:", "Web application pentest missing")]


@pytest.mark.plugins("core_matching")
def test_who_is_not_in_the_lists_has_no_place(scene, house):
    scene.write(profiles.hide, profile=scene.bo)
    with house.database.reading() as session, speaking("en"):
        found = explain(house, session, scene.one, scene.bo, "en")
    assert (found.place, found.of, found.listed) == (None, 1, False)


@pytest.mark.plugins("core_matching")
def test_of_a_mission_that_has_ended_it_is_told_who_was_shown(scene, browse, house):
    look(browse, scene)
    scene.write(missions.close, mission=scene.one, reason="No budget.")
    with house.database.reading() as session, speaking("en"):
        found = explain(house, session, scene.one, scene.bo, "en")
    assert found.open is False
    assert [(s.section, s.place) for s in found.shown] == [("exact", 2)]


@pytest.mark.plugins("core_matching")
@pytest.mark.settings(ranking=RankingSettings(weights={"skills": 0.7}, off=("proof",)))
def test_the_operators_weights_run_and_stand_on_the_public_page(market, browse, house):
    page = browse().get("/how-we-rank").text
    assert "Proof" not in page
    assert "53.8%" in page
    assert {e.it.name: e.it.weight for e in house.plugins.matching_criteria}["skills"] == 0.7


@pytest.mark.parametrize(
    ("said", "key"),
    [({"weights": {"skill": 1.0}}, "ranking.weights.skill"), ({"off": ("nobody",)}, "ranking.off")],
)
def test_a_criterion_that_nobody_brings_is_named(build_with, said, key):
    with pytest.raises(BadSetting) as refused:
        build_with(RankingSettings(**said))
    assert list(refused.value.errors) == [key]


def test_weights_that_are_all_zero_are_refused(build_with):
    names = ("skills", "day_rate", "availability", "experience", "place", "language", "rating", "proof")
    with pytest.raises(BadSetting, match="Every weight is 0"):
        build_with(RankingSettings(weights=dict.fromkeys(names, 0.0)))


@pytest.fixture
def build_with(house):
    def build(ranking):
        plugins = load_plugins(("core_matching",), {}, lambda manifest, settings: None)
        return weigh(plugins, replace(house.marketplace, ranking=ranking))

    return build


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), float("-inf")])
def test_a_weight_of_which_no_share_can_be_made_is_refused(house, weight):
    plugins = Plugins(matching_criteria=(criterion(lambda c: c.p["x"], weight=weight),))
    with pytest.raises(BadSetting, match=r"weighs (nan|-?inf), of which no share can be made"):
        weigh(plugins, house.marketplace)


def test_no_column_is_one_that_nobody_is_ranked_by():
    assert [name for name in (*COLUMNS, *PAIR_COLUMNS) if banned_words(name)] == []


def plugins_with(*reads, field=""):
    made = Plugins(matching_criteria=(criterion(lambda c: c.p["x"], reads=reads),))
    if field:
        made.fields = (Entry("niche", Field("profile", field, FieldForm.NUMBER, {"en": "A field"}, column=True)),)
    return made


def test_a_criterion_that_reads_what_is_no_column_is_refused(house):
    with pytest.raises(BadSetting, match="reads 'messages', which is no column"):
        weigh(plugins_with("messages"), house.marketplace)


def test_a_field_by_which_nobody_is_ranked_is_no_column(house):
    with pytest.raises(BadSetting, match="nobody is ranked by gender"):
        weigh(plugins_with("x_gender", field="gender"), house.marketplace)


def test_a_field_of_the_niche_may_be_read(house):
    assert weigh(plugins_with("x_weight", field="weight"), house.marketplace).own == {"plain": 1.0}


@pytest.mark.plugins("core_matching")
@pytest.mark.settings(ranking=RankingSettings(unanswered_days=3))
def test_a_mission_that_nobody_answered_is_a_task_for_staff(scene, browse, house):
    said = "1 mission has no answer yet"
    admin = browse(scene.staff("moderator"))
    assert said not in admin.get("/console").text
    scene.write(move_clock, by=timedelta(days=4))
    house.clock.forget()
    page = admin.get("/console").text
    assert said in page
    assert "A web test" in page
    assert f"/missions/{scene.one}/matches/place" in page


@pytest.mark.plugins("core_matching")
@pytest.mark.settings(ranking=RankingSettings(unanswered_days=3))
def test_the_task_says_who_is_invited_alone_and_how_many_staff_put_on_the_list(scene, browse, house):
    shut = scene.mission("Behind closed doors", visibility="invited")
    moderator = browse(scene.staff("moderator"))
    moderator.post(f"/missions/{scene.one}/matches/place", {"person": scene.bo, "reason": "Built it."})
    scene.write(move_clock, by=timedelta(days=4))
    house.clock.forget()
    page = moderator.get("/console").text
    noted = dict(re.findall(r'/missions/(\w+)/matches/place">[^<]*</a> <span class="small muted">([^<]*)</span>', page))
    assert "1 put on its list already" in noted[scene.one]
    assert "by invitation of the client" in noted[shut]
