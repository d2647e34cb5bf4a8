"""Other weights on rankings that were shown: where whoever was hired would have stood, who would have been seen. Pure.

Only who passed every gate then is ranked again, and of a long list the best (``keeping.MOST``): a gate that is opened
later brings nobody who was not kept, and where other weights put somebody who stood further down nobody can say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from statistics import median

from marketwright.features.matching.keeping import Kept, rescored
from marketwright.kernel.frozen import dataclass

TOP = 10  # positions that count as seen


@dataclass(frozen=True, slots=True)
class Hire:
    """Who was hired on a mission, and when."""

    mission: str
    title: str
    freelancer: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One mission with a hire: places from 1 of ``of``, ``None`` where the hired person was no match.

    ``beyond`` says that they stood further down than those ranked again: then ``after`` is ``None``, and ``before`` is
    where it is not known. ``lacks`` are the labels of the gates that kept them out, where they stood there as a near
    match.
    """

    hire: Hire
    before: int | None
    after: int | None
    of: int
    lacks: tuple[str, ...] = ()
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class HandCase:
    """A person whom a named human put on the list, beside what the engine says of them; the rest as in a case."""

    mission: str
    title: str
    freelancer: str
    name: str
    by: str
    at: datetime
    before: int | None
    after: int | None
    hired: bool
    lacks: tuple[str, ...] = ()
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """One configuration over all missions.

    ``rank`` is the median place of whoever was hired and is ranked again, and ``in_top`` how many of them stood among
    the first :data:`TOP`; ``newcomers`` the share of those positions held by people without a review; ``rates`` the
    10th, 50th and 90th percentile of the day rates there, minor units.
    """

    rank: float | None
    in_top: int
    newcomers: float | None
    rates: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Replay:
    """Two configurations on the same missions: ``weights`` are what was tried, by criterion."""

    missions: int
    hires: int
    before: Measures
    after: Measures
    cases: tuple[Case, ...]
    by_hand: tuple[HandCase, ...]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ByHand:
    """A person put on the list of a mission by a named human, with what the engine said at that moment."""

    title: str
    freelancer: str
    name: str
    by: str
    at: datetime
    kept: Kept


def replay(
    lists: Sequence[Kept], hires: Mapping[str, Hire], by_hand: Iterable[ByHand], weights: Mapping[str, float]
) -> Replay:
    """``lists`` is one ranking a mission, the one that counts; ``hires`` are by mission."""
    lists = [k for k in lists if k.kind == "people"]
    before = {k.subject: [one for one, _ in rescored(k, {})] for k in lists}
    after = {k.subject: [one for one, _ in rescored(k, weights)] for k in lists}
    cases = [
        Case(hire, *_places(k, hire.freelancer, before[k.subject], after[k.subject]), k.exact,
             _lacks(k, hire.freelancer), k.beyond(hire.freelancer))
        for k in lists
        if (hire := hires.get(k.subject))
    ]  # fmt: skip
    hands = [
        HandCase(
            h.kept.subject, h.title, h.freelancer, h.name, h.by, h.at,
            *_places(h.kept, h.freelancer, *([i for i, _ in rescored(h.kept, by)] for by in ({}, weights))),
            h.kept.subject in hires and hires[h.kept.subject].freelancer == h.freelancer,
            _lacks(h.kept, h.freelancer), h.kept.beyond(h.freelancer),
        )
        for h in by_hand
    ]  # fmt: skip
    return Replay(
        len(lists), len(cases), _measured(lists, before, [c.before for c in cases if not c.beyond]),
        _measured(lists, after, [c.after for c in cases]), tuple(cases), tuple(hands), dict(weights),
    )  # fmt: skip


def _lacks(kept: Kept, one: str) -> tuple[str, ...]:
    row = kept.row(one)
    return tuple(c.label for c in kept.criteria if row is not None and c.name in row.failed)


def _places(kept: Kept, one: str, before: Sequence[str], after: Sequence[str]) -> tuple[int | None, int | None]:
    """With the weights that ran, and with others."""
    if one not in before:
        return kept.place(one), None
    return before.index(one) + 1, after.index(one) + 1


def _measured(lists: Sequence[Kept], orders: Mapping[str, Sequence[str]], places: Sequence[int | None]) -> Measures:
    seen = [row for k in lists for one in orders[k.subject][:TOP] if (row := k.row(one)) is not None]
    known = [p for p in places if p is not None]
    reviews = [r.columns.get("reviews") for r in seen]
    new = sum(1 for n in reviews if n == 0)
    rates = sorted(round(rate) for r in seen if (rate := r.columns.get("day_rate")) is not None)
    return Measures(
        float(median(known)) if known else None, sum(1 for p in known if p <= TOP),
        new / len(seen) if seen else None, _percentiles(rates),
    )  # fmt: skip


def _percentiles(rates: Sequence[int]) -> tuple[int, int, int] | None:
    if not rates:
        return None
    last = len(rates) - 1
    low, middle, high = (rates[round(last * q)] for q in (0.1, 0.5, 0.9))
    return low, middle, high
