"""Lists, filter words and bounds leave out nobody who would have passed: the same as a scan of everybody in float64."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.matching import bits, lists, scanning
from marketwright.features.matching import index as indexing
from marketwright.features.matching.building import without
from marketwright.features.matching.columns import Taxonomy, day_number, wanted_of
from marketwright.features.matching.index import index_of, make_index, renewed
from marketwright.features.matching.merging import merge
from marketwright.features.matching.parts import people_part
from marketwright.features.matching.ranking import FINE
from marketwright.features.matching.relaxing import matches_of, rank_rows
from marketwright.features.matching.texts import people_words
from marketwright.hooks.manager import Entry
from marketwright_core_matching import CRITERIA
from marketwright_core_matching.settings import MatchingSettings

from .criteria import criterion
from .factories import mission, person

TODAY = day_number(date(2026, 5, 4))
NAMES = ("root", "branch", "leaf", "other", "last")
GONE, UNKNOWN = "merged into leaf", "nobody knows"
TREE = Taxonomy(
    {name: n for n, name in enumerate(NAMES)} | {GONE: 2}, NAMES, {"en": NAMES}, ({}, {0: 1}, {1: 1, 0: 2}, {}, {}),
    tuple(frozenset((n,)) for n in NAMES),
)  # fmt: skip


class Desk:
    currency = "EUR"


ALL = 10**9
WAYS = {
    "by lists": ((scanning, "FEW", 0), (bits, "SHARE", 0), (lists, "DENSE", 0)),
    "by columns": ((scanning, "FEW", ALL),),
    "by bits early": ((scanning, "FEW", 0), (lists, "BYTES", 0), (lists, "SIEVE", 0), (lists, "DENSE", 0)),
    "by bits late": ((scanning, "FEW", 0), (lists, "BYTES", 0), (lists, "SIEVE", ALL)),
    "by bytes": ((scanning, "FEW", 0), (lists, "BYTES", ALL)),
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module", params=WAYS.values(), ids=WAYS)
def ways(request):
    with pytest.MonkeyPatch.context() as patched:
        for module, name, value in request.param:
            patched.setattr(module, name, value)
        yield


LEVELS, YEARS = st.one_of(st.none(), st.integers(1, 4)), st.one_of(st.none(), st.integers(0, 70))
SKILLS = st.lists(st.tuples(st.sampled_from(NAMES), LEVELS, YEARS), max_size=5, unique_by=lambda t: t[0])
ASKED = st.lists(st.tuples(st.sampled_from(NAMES), st.booleans(), LEVELS), max_size=5, unique_by=lambda t: t[0])
ANYHOW = st.lists(st.tuples(st.sampled_from((*NAMES, GONE, UNKNOWN)), st.booleans(), LEVELS), max_size=6)
SPOKEN = st.lists(st.sampled_from(["en", "fr", "de"]), max_size=3, unique=True)
WHERE = st.sampled_from(["remote", "hybrid", "onsite"])
DAYS = st.one_of(st.none(), st.integers(0, 300))
PEOPLE = st.lists(st.tuples(SKILLS, SPOKEN, WHERE, DAYS, st.booleans(), st.one_of(st.none(), st.integers(1, 200))),
                  min_size=1, max_size=12)  # fmt: skip


def free(days):
    return None if days is None else date(2026, 4, 1) + timedelta(days=days)


def someone(k, given):
    skills, spoken, where, days, listed, rate = given
    return person(f"p{k:02d}", skills, tuple(spoken), remote=where, available_from=free(days), listed=listed,
                  rate=rate and rate * 1000)  # fmt: skip


def criteria(coverage):
    settings = MatchingSettings().load({"must_coverage": coverage})
    return [Entry("core_matching", c(settings, Desk())) for c in CRITERIA]


def answers(index, wanted, entries):
    """By list and by scan: who passes, in order, with what score."""
    by_list = matches_of(index, wanted, entries, TODAY)
    scan = rank_rows(index, wanted, entries, np.flatnonzero(index.people.shown), TODAY)
    return [[(r.ids[i], int(r.scores[i])) for i in r.order.tolist()] for r in (by_list, scan)] + [scan]


@given(PEOPLE, ASKED, SPOKEN, WHERE, DAYS, st.sampled_from([1.0, 0.6, 0.0]))
def test_no_match_is_lost_and_none_is_added(people, asked, spoken, where, days, coverage):
    who = [someone(k, one) for k, one in enumerate(people)]
    entries = criteria(coverage)
    wants = mission("m", asked, spoken, remote=where, start_on=free(days))
    index = make_index(TREE, who, [wants], "EUR")
    by_list, by_scan, ranking = answers(index, wanted_of(index.missions.side, 0, TODAY), entries)
    assert by_list == by_scan
    exact = sum(p.share * p.scores.astype(np.float64) for p in ranking.parts)
    assert np.array_equal(ranking.scores, np.rint(exact * FINE).astype(np.int64))


def part_of(people):
    return people_part(TREE, people, people_words(TREE, people), "EUR")


def fit(people, wants):
    """Who fits, found one after the other."""
    musts = {TREE.number[s] for s, must, _ in wants.skills if must and s in TREE.number}
    last = None if wants.start_on is None else max(day_number(wants.start_on), TODAY) + 120

    def fits(p):
        held = {TREE.number[c[1]] for c in p.claims if c[0] == "skill"}
        spoken = {c[4] for c in p.claims if c[0] == "language"}
        late = last is not None and p.available_from is not None and day_number(p.available_from) > last
        there = wants.remote != "onsite" or p.remote != "remote"
        return (p.listed and musts <= held.union(*(TREE.above[s] for s in held)) and set(wants.languages) <= spoken
                and there and not late)  # fmt: skip

    return {p.id for p in people if fits(p)}


CHANGES = st.lists(st.tuples(st.dictionaries(st.integers(0, 20), PEOPLE.map(lambda some: some[0]), max_size=6),
                             st.sets(st.integers(0, 20), max_size=4), st.booleans()), max_size=4)  # fmt: skip


@given(PEOPLE, CHANGES, ANYHOW, SPOKEN, WHERE, DAYS)
def test_an_index_with_changes_answers_as_one_made_from_nothing(people, changes, asked, spoken, where, days):
    entries, wants = criteria(1.0), mission("m", asked, spoken, remote=where, start_on=free(days))
    now = {p.id: p for p in (someone(k, one) for k, one in enumerate(people))}
    index = first = make_index(TREE, list(now.values()), [wants, mission("n", (), ("en", "fr", "de"))], "EUR")
    row = index.missions.side.number["m"]
    touched = set()
    for changed, left, fails in changes:
        after = [someone(k, changed[k]) for k in sorted(changed)]
        gone = {f"p{k:02d}" for k in {*changed, *left}}
        people = renewed(index.people, gone, part_of(after))
        if fails:  # after the people were written, before anybody used them
            continue
        index, touched = indexing.replace(index, people=people), touched | gone
        now = {i: p for i, p in now.items() if i not in gone} | {p.id: p for p in after}
    came = part_of([now[i] for i in sorted(touched) if i in now])
    merged = merge([(first.people.base, without(first.people.base, touched)), (came, None)], first.people.languages)
    fresh = make_index(TREE, list(now.values()), [wants], "EUR")
    plain = answers(fresh, wanted_of(fresh.missions.side, 0, TODAY), entries)[1]
    assert {one for one, _ in plain} == fit(now.values(), wants)
    for moved in (index, index_of(TREE, merged, first.missions.base)):
        found = answers(moved, wanted_of(moved.missions.side, row, TODAY), entries)
        assert found[0] == found[1] == plain
        assert set(moved.people.side.number) == set(fresh.people.side.number)


@given(PEOPLE, CHANGES, ANYHOW)
def test_whoever_ranks_by_an_index_of_before_finds_everybody_where_they_were(people, changes, asked):
    entries = criteria(1.0)
    who = [someone(k, one) for k, one in enumerate(people)]
    index = make_index(TREE, who, [mission("m", asked), mission("n", (), ("en", "fr", "de"))], "EUR")
    wanted = wanted_of(index.missions.side, index.missions.side.number["m"], TODAY)
    before = answers(index, wanted, entries)[:2]
    strange, moved = dict(index.people.side.lists.strange), index.people
    for changed, left, _ in changes:
        after = [someone(k, changed[k]) for k in sorted(changed)]
        moved = renewed(moved, {f"p{k:02d}" for k in {*changed, *left}}, part_of(after))
    assert index.people.side.lists.strange == strange
    assert answers(index, wanted, entries)[:2] == before
    assert index.people.words.listed == sum(p.listed for p in who)


@pytest.mark.parametrize("starts", [date(2149, 6, 1), date(2160, 1, 1), date(2199, 12, 1)])
def test_days_beyond_those_that_lists_keep_lose_nobody(starts):
    who = [person(f"p{k}", [("leaf", 2, 3)], available_from=date(2200, 1, 1)) for k in range(3)]
    index = make_index(TREE, who, [mission("m", [("leaf", True, None)], start_on=starts)], "EUR")
    by_list, by_scan, _ = answers(index, wanted_of(index.missions.side, 0, TODAY), criteria(1.0))
    assert by_list == by_scan
    assert len(by_list) == 3


@pytest.mark.parametrize("given", [
    {"must_met": None}, {"must_met": ("1", None)}, {"must_met": 1.0}, {"must_met": {0.5, 1.0}}, "must_met",
    {"available_from": (None, float("nan"))}, {"remote": (None, "x")}, {"must_met": (float("inf"), None)},
])  # fmt: skip
def test_bounds_that_are_none_are_ignored_and_their_plugin_is_named(given, caplog):
    odd = criterion(lambda c: c.pair["must_met"] * 0 + 1, "odd")
    type(odd.it).bounds, type(odd.it).bounded = lambda self, m: given, True
    index = make_index(TREE, [person("p", [("leaf", 2, 3)])], [mission("m", [("leaf", True, None)])], "EUR")
    ranking = matches_of(index, wanted_of(index.missions.side, 0, TODAY), [*criteria(1.0), odd], TODAY)
    assert ranking.total == 1
    assert [r.args[0] for r in caplog.records if r.name != "marketwright.matching"] == ["strange"]


@pytest.mark.parametrize(("bounds", "who"), [
    ({"remote": (None, 0)}, "a"), ({"remote": (1, None)}, "bc"), ({"remote": (None, 1)}, "ab"),
    ({"must_met": (1.0, None), "remote": (1, 1)}, "b"), ({"must_met": (1.5, None)}, ""), ({"must_met": (1, 0.5)}, ""),
    ({"available_from": (TODAY + 20, None)}, "bc"), ({"available_from": (None, TODAY + 20)}, "ab"),
    ({"available_from": (None, TODAY - 5)}, ""),
])  # fmt: skip
def test_bounds_that_say_it_all_let_nobody_through_whom_the_gate_refuses(bounds, who):
    def gate(c):
        sides = {name: (c.pair if name in c.pair else c.p)[name] for name in bounds}
        kept = [((v >= (-np.inf if low is None else low)) & (v <= (np.inf if high is None else high)))
                for v, (low, high) in ((sides[name], pair) for name, pair in bounds.items())]  # fmt: skip
        return np.logical_and.reduce(kept)

    odd = criterion(lambda c: c.pair["must_met"] * 0 + 1, "odd", gate=gate)
    type(odd.it).bounds, type(odd.it).bounded = lambda self, m: bounds, True
    people = [person(name, [("leaf", 2, 3)], remote=where, available_from=day) for name, where, day in
              (("a", "onsite", free(0)), ("b", "hybrid", free(53)), ("c", "remote", free(60)))]  # fmt: skip
    index = make_index(TREE, people, [mission("m", [("leaf", True, None)])], "EUR")
    by_list, by_scan, _ = answers(index, wanted_of(index.missions.side, 0, TODAY), [*criteria(1.0)[:1], odd])
    assert by_list == by_scan
    assert sorted(name for name, _ in by_list) == sorted(who)


@pytest.mark.parametrize("count", [0, 1, 50])
def test_few_or_many_must_haves_answer(count):
    names = tuple(f"s{k:02d}" for k in range(50))
    flat = Taxonomy({n: k for k, n in enumerate(names)}, names, {"en": names}, ({},) * 50, (frozenset(),) * 50)
    index = make_index(flat, [person("p", [(n, 2, 3) for n in names])], [
        mission("m", [(n, True, 2) for n in names[:count]])], "EUR")  # fmt: skip
    assert matches_of(index, wanted_of(index.missions.side, 0, TODAY), criteria(1.0), TODAY).total == 1


def test_a_pair_column_is_told_of_one_candidate_before_anybody_read_it_whole():
    index = make_index(TREE, [someone(0, ([("leaf", 2, 3)], ["en"], "hybrid", 0, True, 60))], [mission("m")], "EUR")
    ranking = rank_rows(index, wanted_of(index.missions.side, 0, TODAY), [], np.arange(1), TODAY)
    assert ranking.candidates.pair.at("nice_held", 0) == 0
