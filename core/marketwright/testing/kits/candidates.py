"""Candidates drawn from a seed, as criteria and placements are asked about them, and the same in other shapes."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from marketwright.strategies.matching import Array, Candidates, Columns

N = 40
GAPS_M = ("day_budget", "starts", "days_a_week", "latitude", "longitude", "country")
GAPS_P = ("day_rate", "available_from", "days_a_week", "years", "latitude", "longitude", "country", "proved",
          "answer_hours")
GAPS_PAIR = ("nice_met", "must_years", "language_met", "distance", "text_met", "semantic_met", "reach_met")


class Watched(Columns):
    """Columns that remember which were read and of which was asked whether they are known."""

    __slots__ = ("asked", "read")

    def __init__(self, values: Mapping[str, Array], known: Mapping[str, Array] | None = None) -> None:
        super().__init__(values, known)
        self.read: set[str] = set()
        self.asked: set[str] = set()

    def _look_for(self, name: str) -> None:
        if name not in self._values:
            raise KeyError(
                f"There is no column {name!r} here. A field of this plugin is one with column=True, as x_<name>; one "
                "of another plugin stands in the kit's extra_people or extra_mission."
            )

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> Array:
        self._look_for(name)
        self.read.add(name)
        return super().__getitem__(name)

    def known(self, name: str) -> Array:
        """As :class:`Columns`, and remembered."""
        self._look_for(name)
        self.asked.add(name)
        return super().known(name)

    def missing(self, name: str) -> Array | None:
        """As :class:`Columns`, and remembered."""
        self._look_for(name)
        self.asked.add(name)
        return super().missing(name)

    def at(self, name: str, i: int) -> float | None:
        """As :class:`Columns`, and remembered: it says what is not known."""
        self._look_for(name)
        self.asked.add(name)
        return super().at(name, i)


def some_candidates(n: int = N, *, seed: int = 7, known: float = 0.8) -> Candidates:
    """``n`` people for one mission, drawn from ``seed``; ``known`` is the share of what was given (0, 1 or between)."""
    draw = np.random.default_rng(seed)
    mission: dict[str, Any] = {
        "today": 20600, "day_budget": 80000, "starts": 20630, "days_a_week": 4, "latitude": 48.85, "longitude": 2.35,
        "remote": 1, "country": 3,
    }  # fmt: skip
    people: dict[str, Any] = {
        "today": np.full(n, 20600), "day_rate": draw.integers(20000, 200000, n),
        "available_from": draw.integers(20600, 20900, n), "days_a_week": draw.integers(1, 6, n),
        "years": draw.integers(0, 45, n), "latitude": draw.uniform(41, 51, n), "longitude": draw.uniform(-4, 9, n),
        "remote": draw.integers(0, 3, n), "country": draw.integers(1, 6, n), "rating": draw.uniform(1, 5, n),
        "reviews": draw.integers(0, 60, n), "proved": draw.uniform(0, 1, n), **_answers(n, seed),
    }  # fmt: skip
    asked, nice = draw.integers(0, 5, n), draw.integers(0, 4, n)
    held = np.minimum(draw.integers(0, 5, n), asked)
    pair: dict[str, Any] = {
        "must_asked": asked, "must_held": held, "must_met": held / np.maximum(asked, 1), "nice_asked": nice,
        "nice_held": np.minimum(1, nice), "nice_met": draw.uniform(0, 1, n), "level_gap": draw.uniform(0, 3, n),
        "must_years": draw.uniform(0, 30, n), "language_met": draw.choice([0.0, 0.5, 1.0], n),
        "distance": draw.uniform(0, 2000, n), "text_met": np.random.default_rng(seed + 2).uniform(0, 1, n),
        "semantic_met": np.random.default_rng(seed + 3).uniform(0, 1, n),
        "reach_met": np.random.default_rng(seed + 4).integers(0, 2, n),
    }  # fmt: skip
    m = _columns(mission, GAPS_M, 1, lambda _n: np.full(1, known > 0.5))
    p = _columns(people, GAPS_P, n, lambda n: draw.uniform(0, 1, n) < known)
    return Candidates(m, p, _columns(pair, GAPS_PAIR, n, lambda n: draw.uniform(0, 1, n) < known))


def _answers(n: int, seed: int) -> dict[str, Any]:
    draw = np.random.default_rng(seed + 1)
    asked = draw.integers(0, 30, n)
    return {"joined": draw.integers(18000, 20600, n), "asked": asked, "answer_hours": draw.integers(1, 300, n),
            "answered": np.minimum(draw.integers(0, 30, n), asked)}  # fmt: skip


def _columns(values: Mapping[str, Any], gaps: tuple[str, ...], n: int, mask: Callable[[int], Array]) -> Watched:
    """Float columns of length ``n``; what is not known is 0, as core keeps it."""
    masks = {name: mask(n) for name in gaps}
    wide = {k: np.broadcast_to(np.asarray(v, dtype=np.float32), (n,)).copy() for k, v in values.items()}
    for name, given in masks.items():
        wide[name][~given] = 0
    return Watched(wide, masks)


def one_of(c: Candidates, i: int) -> Candidates:
    """The pair of the mission and candidate ``i`` alone."""
    at = slice(i, i + 1)
    return Candidates(c.m, cut(c.p, lambda column: column[at]), cut(c.pair, lambda column: column[at]))


def as_pairs(c: Candidates) -> Candidates:
    """The same candidates with the mission repeated beside each: pairs."""
    n = len(c.pair["must_met"])
    return Candidates(cut(c.m, lambda column: np.repeat(column, n)), c.p, c.pair)


def elsewhere(c: Candidates, remote: int = 0) -> Candidates:
    """The same people for another mission: on site in another town, later, for less and on fewer days a week."""
    other = {"day_budget": 45000, "starts": 20700, "days_a_week": 2, "latitude": 43.3, "longitude": 5.37,
             "remote": remote, "country": 1}  # fmt: skip
    known = {k: c.m.known(k) for k in c.m}
    m = {k: np.where(known[k], np.float32(other[k]), np.float32(0)) if k in other else c.m[k] for k in c.m}
    return Candidates(Watched(m, known), c.p, c.pair)


def missions_of_all_sorts(c: Candidates) -> list[Candidates]:
    """The same people for a mission that is done partly on site, for one on site, and for a remote one."""
    return [c, elsewhere(c), elsewhere(c, remote=2)]


def joined(c: Candidates, d: Candidates) -> Candidates:
    """Both as pairs, the ones of ``c`` first."""
    ones, others = as_pairs(c), as_pairs(d)
    return Candidates(_behind(ones.m, others.m), _behind(ones.p, others.p), _behind(ones.pair, others.pair))


def two_for(c: Candidates, d: Candidates, i: int) -> Candidates:
    """The missions of ``c`` and ``d``, for candidate ``i``."""
    one, other = one_of(c, i), one_of(d, i)
    return Candidates(_behind(one.m, other.m), one.p, _behind(one.pair, other.pair))


def _behind(columns: Columns, others: Columns) -> Watched:
    return Watched({k: np.concatenate((columns[k], others[k])) for k in columns},
                   {k: np.concatenate((columns.known(k), others.known(k))) for k in columns})  # fmt: skip


def turned(c: Candidates, i: int) -> Candidates:
    """Candidate ``i`` as the one side, and the mission repeated as the many: missions for a profile."""
    n, at = len(c.pair["must_met"]), slice(i, i + 1)
    pair = cut(c.pair, lambda column: np.repeat(column[at], n))
    return Candidates(cut(c.m, lambda column: np.repeat(column, n)), cut(c.p, lambda column: column[at]), pair)


def cut(columns: Columns, how: Callable[[Array], Array]) -> Watched:
    """``columns`` with ``how`` done to each, and to where it is known."""
    return Watched({k: how(columns[k]) for k in columns}, {k: how(columns.known(k)) for k in columns})


def rows_of(c: Candidates, rows: Array) -> Candidates:
    """Some of the candidates, in the order of ``rows``."""
    return Candidates(c.m, cut(c.p, lambda column: column[rows]), cut(c.pair, lambda column: column[rows]))
