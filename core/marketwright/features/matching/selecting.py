"""Which rows a ranking looks at: from the list of the rarest must-have, what gates surely refuse left out unseen. Pure.

A row that is left out would have failed a gate: criteria say by ``bounds`` what theirs never lets through. Without
bounds everybody in the lists is looked at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from math import isfinite

import numpy as np

from marketwright.features.matching.columns import Person, Taxonomy, Wanted
from marketwright.features.matching.filtering import LANGUAGES_IN_WORD, Filter
from marketwright.features.matching.given import having
from marketwright.features.matching.index import Index, Missions
from marketwright.features.matching.lists import Chosen, SkillLists
from marketwright.features.matching.pairs import worth
from marketwright.features.matching.scanning import scanned
from marketwright.features.matching.stored import Rows
from marketwright.hooks.manager import Entry
from marketwright.hooks.turns import ask_all
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Columns, MatchingCriterion

ALL = 1.0 - 1e-3  # from this share on every must-have has to be met in full
Limit = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest value that gates let through, by column; by criterion the columns that say it all."""

    limits: Mapping[str, Limit]
    told: Mapping[str, Iterable[str]] = field(default_factory=dict)
    whole: bool = True  # whether every criterion answered

    def low(self, name: str) -> float:
        """The least value; 0 for none."""
        return self.limits.get(name, (None, None))[0] or 0.0

    def high(self, name: str) -> float | None:
        """The greatest value."""
        return self.limits.get(name, (None, None))[1]

    def opened(self, sure: frozenset[str]) -> frozenset[str]:
        """The criteria that let everybody through who is within the limits of the columns ``sure``."""
        return frozenset([name for name, columns in self.told.items() if sure.issuperset(columns)])


def bounds_of(criteria: Sequence[Entry[MatchingCriterion]], m: Columns | None) -> Bounds:
    """The narrowest bounds of all criteria for one mission, or for all (``None``).

    A criterion whose bounds are none is named in the log, and its gate is asked about everybody.
    """
    some = having(criteria, "bounds")
    found: dict[str, Limit] = {}
    told: dict[str, Iterable[str]] = {}
    answers = ask_all(some, "bounds", lambda it: _sound(it.bounds(m)))
    whole = True
    for entry, given in zip(some, answers, strict=True):
        whole = whole and not isinstance(given, MarketwrightError)
        if type(given) is not dict and not isinstance(given, Mapping):
            continue
        if entry.it.bounded and m is not None:
            told[entry.it.name] = given
        for name, pair in given.items():
            found[name] = pair if name not in found else _narrower(pair, found[name])
    return Bounds(found, told, whole)


def bounds_for(criteria: Sequence[Entry[MatchingCriterion]], wanted: Wanted) -> Bounds:
    """As :func:`bounds_of`, for one mission, which keeps them while the criteria are the same."""
    of, kept = wanted.made.get("bounds", (None, None))
    if of is criteria:
        return kept  # type: ignore[no-any-return]
    found = bounds_of(criteria, wanted.columns)
    if found.whole and type(criteria) is tuple:  # anything else may change
        wanted.made["bounds"] = criteria, found
    return found


def _sound(given: Mapping[str, Limit] | None) -> Mapping[str, Limit] | None:
    """``given``, where each is a pair of finite numbers or ``None``; raises for anything else."""
    if given:
        for pair in given.values():
            low, high = pair
            if type(pair) is not tuple or not ((low is None or isfinite(low)) and (high is None or isfinite(high))):
                msg = f"gave {pair!r} instead of the least and the greatest value"
                raise ValueError(msg)
    return given


def _narrower(one: Limit, other: Limit) -> Limit:
    lows = [float(v) for v in (one[0], other[0]) if v is not None]
    highs = [float(v) for v in (one[1], other[1]) if v is not None]
    return max(lows, default=None), min(highs, default=None)


# By column whether words of lists decide all that a least and a greatest value say, on a day; else the gate is asked.
_SURE: Mapping[str, Callable[[float | None, float | None, float], bool]] = {
    "must_met": lambda low, high, _: (low or 0) <= 1 and (high is None or high >= 1),
    "language_met": lambda low, high, _: (low or 0) <= 1 and (high is None or high >= 1),
    "remote": lambda low, high, _: (low or 0) <= 0 and (high is None or high >= 1),
    "available_from": lambda low, high, today: low is None and (high is None or high >= today),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How the people for one mission are found: by its must-haves, the rarest first, and what words of lists say."""

    musts: Sequence[int]
    asked: Filter
    opened: frozenset[str]
    speak: bool

    @staticmethod
    def of(lists: SkillLists, wanted: Wanted, bounds: Bounds) -> "Plan":
        """The plan for ``wanted``, which keeps it."""
        of, kept = wanted.made.get("plan", (None, None))
        if of is bounds:
            return kept  # type: ignore[no-any-return]
        speak = not wanted.languages >> LANGUAGES_IN_WORD and bounds.low("language_met") >= ALL
        today = wanted.columns.at("today", 0) or 0.0
        known = {name for name, sure in _SURE.items() if sure(*bounds.limits.get(name, (None, None)), today)}
        if not speak:
            known.discard("language_met")
        musts = sorted(dict.fromkeys(wanted.skills.skill[wanted.skills.must].tolist()), key=lists.count)
        found = Plan(musts, _filter(wanted, bounds), bounds.opened(frozenset(known)), speak)
        wanted.made["plan"] = bounds, found
        return found


def people_chosen(index: Index, wanted: Wanted, bounds: Bounds) -> Chosen:
    """The people in the lists who may pass every gate."""
    people = index.people
    lists, least = people.side.lists, bounds.low("must_met")
    plan = Plan.of(lists, wanted, bounds)
    musts = plan.musts
    if not musts or least <= 0:
        return Chosen.of(np.flatnonzero(people.shown))
    if least < ALL:
        rows = _any_of(index.taxonomy, lists, musts, people.size)
        return Chosen.of(rows[people.all_shown[rows]])
    found = scanned(people, musts, plan.asked)
    if found is not None:
        rows, at = found
        return Chosen(rows, at, {skill: lists.codes(skill, rows, at) for skill in musts}, plan.opened, plan.speak)
    rows, at, known = lists.all_of(musts, plan.asked)
    chosen = Chosen(rows, at, known, plan.opened, plan.speak)
    listed = people.all_shown.take(at)
    return chosen if np.count_nonzero(listed) == len(at) else chosen.some(listed.nonzero()[0])


def _any_of(taxonomy: Taxonomy, lists: SkillLists, skills: Sequence[int], size: int) -> Array:
    """Who has any of ``skills``, in a broader form too."""
    some = np.zeros(size, dtype=bool)
    for skill in skills:
        for one in (skill, *taxonomy.above[skill]):
            some[lists.members(one)] = True
    return np.flatnonzero(some).astype(np.uint32)


def _filter(wanted: Wanted, bounds: Bounds) -> Filter:
    speaks = wanted.languages & ((1 << LANGUAGES_IN_WORD) - 1) if bounds.low("language_met") >= ALL else 0
    high, free_by = bounds.high("remote"), bounds.high("available_from")
    return Filter(speaks, high is not None and high < 2, None if free_by is None else int(free_by))


def mission_rows(index: Index, person: Person, bounds: Bounds, among: Array) -> Array:
    """The missions of ``among`` (a mask) that ``person`` may pass every gate of, ascending.

    Each mission is filed under one must-have: who has none of those that it is filed under cannot pass.
    """
    missions, least = index.missions, bounds.low("must_met")
    if least < ALL:
        return np.flatnonzero(among).astype(np.uint32)
    credit, _, _ = worth(index.taxonomy, person.skills)
    nothing = len(index.taxonomy.ids)
    keys = (*np.flatnonzero(credit >= 1.0).tolist(), nothing)
    filed = [part for key in keys for part in missions.filed_under(key)]
    rows = np.sort(np.concatenate(filed)).astype(np.uint32) if filed else np.empty(0, dtype=np.uint32)
    rows = rows[among[rows]]
    return rows[_all_met(missions, credit, rows)]


def _all_met(missions: Missions, credit: Array, rows: Array) -> Array:
    owner, asked = missions.side.skills.many(rows)
    lacking = asked.must & (credit[asked.skill] < 1.0)
    met = np.ones(len(rows), dtype=bool)
    met[owner[lacking]] = False
    return met


def near_rows(index: Index, wanted: Wanted, most: int) -> Rows:
    """Who may be nearest to a mission that few or none fit: those with most of the must-haves, about ``most``.

    Ties in the number of must-haves that is still taken are all kept, so that nobody is left out for their place; where
    nobody has any of them that is everybody.
    """
    people = index.people
    shown = np.flatnonzero(people.shown).astype(np.uint32)
    if len(shown) <= most:
        return shown
    musts = [int(s) for s in wanted.skills.skill[wanted.skills.must]]
    met = np.zeros(people.size, dtype=np.uint8)
    for skill in musts:
        met[people.side.lists.members(skill)] += 1
    met[~people.shown] = 0
    counts = np.bincount(met, minlength=len(musts) + 1)
    least = len(musts)
    while least > 1 and counts[least:].sum() < most:
        least -= 1
    some = np.flatnonzero(met >= max(least, 1)).astype(np.uint32)
    return some if len(some) else shown
