"""What opening one condition of a mission would bring: each alone, everything else kept. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from marketwright.features.matching.columns import Taxonomy, Wanted
from marketwright.features.matching.further import people_further
from marketwright.features.matching.index import REMOTE, Index
from marketwright.features.matching.lists import Chosen
from marketwright.features.matching.narrowing import narrowed
from marketwright.features.matching.pairs import Makers, people_for
from marketwright.features.matching.ranking import Criterion, Ranking, count, rank
from marketwright.features.matching.selecting import bounds_for, people_chosen
from marketwright.strategies.matching import Array, Candidates, Columns

LATER_DAYS = 30
NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One condition opened: ``skill``, ``remote``, ``language``, ``start`` or ``area``; ``gain`` more matches."""

    kind: str
    name: str
    gain: int


def relax(
    index: Index, wanted: Wanted, criteria: Sequence[Criterion], today: int, without: Array = NOBODY
) -> list[Relaxed]:
    """Conditions that bring matches when they are opened, the greatest gain first; none of the rows ``without``."""
    now = _total(index, wanted, criteria, today, without)
    found = [
        Relaxed(kind, name, _total(index, changed, criteria, today, without) - now)
        for kind, name, changed in _changes(index.taxonomy, index.languages, wanted)
    ]
    found.append(Relaxed("area", "", _total(index, wanted, criteria, today, without, area=False) - now))
    return sorted((r for r in found if r.gain > 0), key=lambda r: (-r.gain, r.kind, r.name))


def _total(
    index: Index, wanted: Wanted, criteria: Sequence[Criterion], today: int, without: Array, *, area: bool = True
) -> int:
    """How many pass every gate; without ``area`` everybody is near enough."""
    chosen = people_chosen(index, wanted, bounds_for(criteria, wanted)).without(without)
    more = people_further(index, wanted.id, chosen.at, area=area, m=wanted.columns)
    candidates = people_for(wanted, index.people.side, index.taxonomy, chosen, today, more)
    return count(criteria, candidates, len(chosen.at), chosen.opened)


def matches_of(index: Index, wanted: Wanted, criteria: Sequence[Criterion], today: int, most: int = 0) -> Ranking:
    """The ranking of everybody in the lists who may pass every gate; only the best ``most`` where that is given."""
    chosen = people_chosen(index, wanted, bounds_for(criteria, wanted))
    return rank_best(index, wanted, criteria, chosen, today, most)


def rank_best(index: Index, wanted: Wanted, criteria: Sequence[Criterion], chosen: Chosen, today: int, most: int,
              further: Callable[[Array], Makers] | None = None) -> Ranking:  # fmt: skip
    """The ranking of some people for one mission; those who are surely not among the best ``most`` only counted.

    ``further`` makes further pair columns for some rows.
    """
    further = further or partial(people_further, index, wanted.id)

    def make(some: Chosen) -> Candidates:
        return people_for(wanted, index.people.side, index.taxonomy, some, today, further(some.at))

    kept, beyond = narrowed(criteria, chosen, make, most) if most else (chosen, 0)
    ranking = rank_chosen(index, wanted, criteria, kept, today, further(kept.at))
    ranking.beyond = beyond
    return ranking


def rank_chosen(index: Index, wanted: Wanted, criteria: Sequence[Criterion], chosen: Chosen, today: int,
                more: Makers | None = None) -> Ranking:  # fmt: skip
    """The ranking of some people for one mission; ``more`` makes further pair columns."""
    side = index.people.side
    more = more or people_further(index, wanted.id, chosen.at)
    candidates = people_for(wanted, side, index.taxonomy, chosen, today, more)
    return rank(criteria, candidates, side.ids.of(chosen.at), wanted.id, rows=chosen.at, opened=chosen.opened)


def rank_rows(index: Index, wanted: Wanted, criteria: Sequence[Criterion], rows: Array, today: int,
              more: Makers | None = None) -> Ranking:  # fmt: skip
    """The ranking of ``rows`` of people (ascending) for one mission."""
    return rank_chosen(index, wanted, criteria, Chosen.of(rows), today, more)


def _changes(taxonomy: Taxonomy, languages: Mapping[str, int], wanted: Wanted) -> Iterator[tuple[str, str, Wanted]]:
    asked, m = wanted.skills, wanted.columns
    for k in np.flatnonzero(asked.must).tolist():
        must = asked.must.copy()
        must[k] = False
        yield "skill", taxonomy.ids[int(asked.skill[k])], replace(wanted, skills=replace(asked, must=must))
    if m["remote"][0] != REMOTE["remote"]:
        remote = np.array([REMOTE["remote"]], dtype=np.int8)
        yield "remote", "", replace(wanted, columns=_but(m, "remote", remote))
    for code, bit in languages.items():
        if wanted.languages >> bit & 1:
            yield "language", code, replace(wanted, languages=wanted.languages & ~(1 << bit))
    if m.known("starts")[0]:
        yield "start", "", replace(wanted, columns=_but(m, "starts", m["starts"] + np.int32(LATER_DAYS)))


def _but(m: Columns, name: str, values: Array) -> Columns:
    return Columns({**{n: m[n] for n in m}, name: values}, {n: m.known(n) for n in m})
