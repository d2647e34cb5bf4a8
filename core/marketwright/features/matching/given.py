"""What criteria answer about some candidates, checked: whom each gate lets through, what each gives. Pure."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from marketwright.features.matching.alone import alone_of, reckon
from marketwright.features.matching.stored import Taken, lock
from marketwright.hooks.manager import Entry
from marketwright.hooks.turns import ask_all
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.kept import kept_for_last
from marketwright.strategies.matching import PAIR_COLUMNS, Array, Candidates, MatchingCriterion

Asked = Entry[MatchingCriterion]
SLACK = 1e-4
FLOAT = np.dtype(np.float32)
_SCORES = {np.ndarray}  # where no criterion failed
ONE = int(np.float32(1.0).view(np.uint32))  # as bits, below which are all floats from 0 to 1 and no others


def _true(n: int) -> Array:
    found = np.ones(n, dtype=bool)
    lock(found)
    return found


_TRUE = _true(4096)


@kept_for_last
def having(criteria: Sequence[Asked], method: str) -> tuple[Asked, ...]:
    """Those of ``criteria`` that bring a ``method`` of their own."""
    return tuple(c for c in criteria if getattr(type(c.it), method) is not getattr(MatchingCriterion, method))


class Given:
    """What criteria answer about ``n`` candidates, checked: gates and scores of length n, gaps filled."""

    def __init__(self, candidates: Candidates, n: int) -> None:
        self.c, self.n, self._shape = candidates, n, (n,)
        self.all = _TRUE[:n] if n <= len(_TRUE) else _true(n)
        self.table: Array | None = None  # the scores as rows, where all are sound
        self._missing: dict[str, Array | None] = {}
        self._open: dict[int, tuple[Array, Array]] = {}  # by criterion where it knows nothing, and what it gives there

    def answers(self, shut: Sequence[Asked], criteria: Sequence[Asked]) -> list[Array | MarketwrightError]:
        """The gates of ``shut``, then the scores of ``criteria``; which of these is no score is looked at if any is.

        About nobody nothing is asked.
        """
        if not self.n:
            self.table = np.empty((len(criteria), 0), dtype=FLOAT)
            return [self.all] * len(shut) + list(self.table)
        with np.errstate(all="ignore"):  # a plugin's thread has it from its caller
            self._reckon(criteria)
            gates = ask_all(shut, "gate", self.gate)
            found = ask_all(criteria, "score", self.unchecked)
        if set(map(type, found)) == _SCORES:
            table: Array = np.concatenate(found).reshape(len(found), self.n)  # type: ignore[arg-type]
            places = [id(c.it) for c in criteria] if self._open else []
            for one, gap in self._open.items():
                place = places.index(one)
                found[place] = table[place]
                np.putmask(table[place], *gap)
            if np.maximum.reduce(table.view(np.uint32), axis=None) <= ONE:
                self.table = table
                return gates + found
        whole = [c for c, a in zip(criteria, found, strict=True) if not isinstance(a, MarketwrightError)]
        again = iter(self.scores(whole))
        return gates + [a if isinstance(a, MarketwrightError) else next(again) for a in found]

    def gates(self, shut: Sequence[Asked]) -> list[Array | MarketwrightError]:
        """Whom each gate lets through."""
        with np.errstate(all="ignore"):
            return ask_all(shut, "gate", self.gate)

    def scores(self, criteria: Sequence[Asked]) -> list[Array | MarketwrightError]:
        """The scores of each, float32 from 0 to 1."""
        with np.errstate(all="ignore"):
            self._reckon(criteria)
            return ask_all(criteria, "score", self.score)

    def _reckon(self, criteria: Sequence[Asked]) -> None:
        if isinstance(self.c.p, Taken) and len(self.c.p.rows) == self.n:
            reckon(criteria, self.c.p, _asked_of)

    def gate(self, it: MatchingCriterion) -> Array:
        """Whom the gate lets through."""
        found = it.gate(self.c)
        if found is None:
            return self.all
        given = np.asarray(found)
        if given.dtype != np.bool_ or given.shape not in ((self.n,), (1,)):
            msg = f"gave {given.dtype} of shape {given.shape} instead of booleans of length {self.n}"
            raise ValueError(msg)
        unknown = self._unknown(it)
        return _wide(given if unknown is None else given | unknown, self.n)

    def score(self, it: MatchingCriterion) -> Array:
        """The scores, float32 from 0 to 1."""
        return self._sound(self._filled(it, self.unchecked(it)))

    def _sound(self, found: Array) -> Array:
        if self.n:
            least, most = float(np.minimum.reduce(found)), float(np.maximum.reduce(found))
            if not (least >= 0.0 and most <= 1.0):
                if not (least >= -SLACK and most <= 1.0 + SLACK):
                    if not np.isfinite(found).all():
                        raise ValueError("gave what is not a number")
                    msg = f"gave {least:.3f} to {most:.3f} instead of 0 to 1"
                    raise ValueError(msg)
                found = np.clip(found, 0.0, 1.0)
        return found

    def unchecked(self, it: MatchingCriterion) -> Array:
        """The scores, float32, whatever they are, gaps not filled; those of the profile alone are looked up."""
        if it.alone and isinstance(self.c.p, Taken) and len(self.c.p.rows) == self.n:
            known = alone_of(it, self.c.p, _asked_of)
            if known is not None:
                return known
        return self._asked(it)

    def asked(self, it: MatchingCriterion) -> Array:
        """As :meth:`score`, from the criterion itself."""
        return self._sound(self._filled(it, self._asked(it)))

    def _asked(self, it: MatchingCriterion) -> Array:
        found = it.score(self.c)
        if type(found) is not np.ndarray or found.dtype is not FLOAT or found.shape != self._shape:
            found = self._fitting(np.asarray(found, dtype=FLOAT))
        if it.reads:
            unknown = self._unknown(it)
            if unknown is not None:
                self._open[id(it)] = unknown, _number(it.unknown)
        return found

    def _fitting(self, found: Array) -> Array:
        if found.shape == (1,):
            return np.full(self.n, found[0])
        if found.shape != self._shape:
            msg = f"gave shape {found.shape} instead of length {self.n}"
            raise ValueError(msg)
        return found

    def _filled(self, it: MatchingCriterion, found: Array) -> Array:
        gap = self._open.get(id(it))
        return found if gap is None else np.where(*gap, found)

    def _unknown(self, it: MatchingCriterion) -> Array | None:
        """Where a column that the criterion reads was not given; ``None`` where all was."""
        found: Array | None = None
        for name in it.reads:
            missing = self._missing[name] if name in self._missing else self._gaps(name)
            if missing is not None:
                found = missing if found is None else found | missing
        return found

    def _gaps(self, name: str) -> Array | None:
        found: Array | None = None
        for side in (self.c.pair,) if name in PAIR_COLUMNS else (self.c.m, self.c.p):
            if name in side:
                missing = side.missing(name)
                if missing is not None:
                    wide = _wide(missing, self.n)
                    found = wide if found is None else found | wide
        self._missing[name] = found
        return found


def _asked_of(it: MatchingCriterion, c: Candidates, n: int) -> Array:
    return Given(c, n).asked(it)


@lru_cache(maxsize=64)
def _number(value: float) -> Array:
    return np.array(value, dtype=FLOAT)


def _wide(column: Array, n: int) -> Array:
    return column if column.shape == (n,) else np.broadcast_to(column, (n,))
