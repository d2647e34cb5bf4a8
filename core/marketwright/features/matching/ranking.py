"""Gates, then the weighted sum of what the criteria give; ties by a rule; contributions that sum to the score.

Pure: it knows nothing of databases and pages. A criterion that raises, or gives what is no score, is named and
switched off for this ranking; a gate that cannot be trusted refuses to rank.
"""

import logging
from collections.abc import Callable, Container, Sequence
from dataclasses import field
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from marketwright.features.matching.few import few_of
from marketwright.features.matching.given import Given, having
from marketwright.features.matching.ids import Ids
from marketwright.features.matching.points import points_of
from marketwright.features.matching.ties import tie_keys
from marketwright.hooks.manager import Entry
from marketwright.hooks.turns import ask_all
from marketwright.kernel.errors import MarketwrightError, PluginFailed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.matching import Array, Candidates, MatchingCriterion, Reason

log = logging.getLogger("marketwright.matching")
Criterion = Entry[MatchingCriterion]
FINE = 1_000_000  # scores are compared as whole millionths, so that a last bit decides nothing
_FINE = np.array(float(FINE))


class GateBroken(MarketwrightError):
    """A gate failed, so nobody can be ranked: ``criterion`` and ``plugin`` name it."""

    status = 503

    def __init__(self, criterion: str, plugin: str, why: str) -> None:
        self.criterion, self.plugin, self.why = criterion, plugin, why
        super().__init__(
            N_("Nobody can be ranked: the gate %(criterion)s of the plugin %(plugin)s failed."),
            criterion=criterion, plugin=plugin,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Broken:
    """A criterion that was switched off for this ranking, and why."""

    criterion: str
    plugin: str
    why: str


class Part(NamedTuple):
    """One criterion that ran: ``share`` of the whole weight, scores of every candidate, its gate.

    A tuple, as each ranking makes some: it is made in a third of the time.
    """

    entry: Criterion
    share: float
    scores: Array
    gate: Array


_part: Callable[[tuple[object, ...]], Part] = partial(tuple.__new__, Part)  # without the names, in half the time


@dataclass(slots=True)
class Ranking:
    """``order`` are the candidates that pass every gate, best first; ``near`` the others, fewest gates failed first.

    ``scores`` are millionths of the whole, for all candidates. ``parts`` sum to them. ``rows`` are their numbers in
    the index, where they come from one. ``beyond`` counts those that pass and were left out, as none of them is among
    the best.
    """

    candidates: Candidates
    ids: Sequence[str]
    parts: tuple[Part, ...]
    scores: Array
    broken: tuple[Broken, ...]
    subject: str
    present: Array | None = None
    rows: Array | None = None
    beyond: int = 0
    given: Array | None = None  # what each part brings, of 1: a row a part
    _passing: Array | None = field(default=None, compare=False, repr=False)
    _order: Array | None = field(default=None, compare=False, repr=False)
    _near: Array | None = field(default=None, compare=False, repr=False)
    _said: list[tuple[dict[int, int], dict[str, Sequence[Reason]]]] = field(default_factory=list, compare=False,
                                                                           repr=False)  # fmt: skip
    _late: set[str] = field(default_factory=set, compare=False, repr=False)

    @property
    def ranks(self) -> bool:
        """Whether anything says who is better: where the one criterion that weighs breaks, only gates are left."""
        return any(part.share > 0 for part in self.parts)

    @property
    def passing(self) -> Array:
        """The candidates that pass every gate, in no order."""
        if self._passing is None:
            gates = {id(part.gate): part.gate for part in self.parts}.values()
            masks = [gate for gate in gates if np.count_nonzero(gate) < len(gate)]
            if self.present is not None:
                masks.append(self.present)
            n = len(self.scores)
            self._passing = np.flatnonzero(np.logical_and.reduce(masks)) if masks else np.arange(n)
        return self._passing

    @property
    def total(self) -> int:
        """How many pass every gate."""
        return len(self.passing) + self.beyond

    def best(self, most: int) -> Array:
        """The first ``most`` of :attr:`order`, without ordering the others."""
        if self._order is not None:
            return self._order[:most]
        rows = self.passing
        keys = self.scores if len(rows) == len(self.scores) else self.scores.take(rows)
        if len(rows) > max(2 * most, 256):
            least = np.partition(keys, len(keys) - most)[len(keys) - most]
            rows = rows.take((keys >= least).nonzero()[0])
            keys = self.scores.take(rows)
        places = keys.argsort()[::-1][: most + 1]
        ordered = keys.take(places)
        if np.count_nonzero(ordered[1:] == ordered[:-1]):  # only then the rule of ties decides anything
            return self._sorted(rows)[:most]
        return rows.take(places[:most])

    def texts(self, rows: Array) -> list[str]:
        """The ids of ``rows``."""
        return self.ids.texts(rows) if isinstance(self.ids, Ids) else [self.ids[i] for i in rows.tolist()]

    def contributions(self, rows: Array) -> list[list[float]]:
        """For each of ``rows`` what each part brings to its score, of 1."""
        if self.given is None:
            return [[] for _ in rows]
        found: list[list[float]] = self.given.take(rows, axis=1).T.tolist()
        return found

    @property
    def order(self) -> Array:
        """All who pass every gate, best first."""
        if self._order is None:
            self._order = self._sorted(self.passing)
        return self._order

    def _sorted(self, rows: Array) -> Array:
        ties = tie_keys(self.subject, _raw(self.ids, rows))
        return rows[np.lexsort((ties, -self.scores[rows]))]

    @property
    def near(self) -> Array:
        """All who fail a gate, the fewest gates failed first, then the best."""
        if self._near is None:
            failed = sum((~part.gate for part in self.parts), np.zeros(len(self.ids), dtype=np.int64))
            rows = np.flatnonzero(failed if self.present is None else self.present & (failed > 0))
            ties = tie_keys(self.subject, _raw(self.ids, rows))
            self._near = rows[np.lexsort((ties, -self.scores[rows], failed[rows]))]
        return self._near

    def score(self, i: int) -> int:
        """0 to 100, of the candidate at row ``i``."""
        return round(int(self.scores[i]) / FINE * 100)

    def failed(self, i: int) -> list[Part]:
        """The gates that keep the candidate at row ``i`` out."""
        return [part for part in self.parts if not part.gate[i]]

    def points(self, i: int) -> list[tuple[int, int]]:
        """(points, of how many) for each part; the points sum to :meth:`score`, the others to 100.

        Who has all or nothing of a part reads all or nothing, and roundings fall to the other parts where they can.
        """
        return points_of([p.share for p in self.parts], [float(p.scores[i]) for p in self.parts], self.score(i))

    def reason(self, part: Part, i: int) -> Reason | None:
        """Why, in the criterion's own words; ``None`` where it fails at that too."""
        name = part.entry.it.name
        for places, said in self._said:
            if i in places and name in said:
                return _reason(said[name][places[i]])
        if name in self._late:
            return None
        try:
            return _reason(part.entry.ask("reason", lambda it: it.reason(self.candidates, i, float(part.scores[i]))))
        except MarketwrightError as error:
            self._note(name, error)
            return None

    def _note(self, name: str, error: object) -> None:
        """Ask a criterion for no reason more that did not answer in time: somebody waits for each."""
        if isinstance(error, PluginFailed) and error.late:
            self._late.add(name)

    def explain(self, rows: Sequence[int]) -> None:
        """Ask each criterion once for its reasons of all ``rows``; who fails at one is asked for each later."""
        if not rows or not self.parts:
            return
        at = np.array(rows, dtype=np.intp)
        c = few_of(self.candidates, at)
        scores = {id(part.entry.it): part.scores for part in self.parts}
        entries = tuple([part.entry for part in self.parts])
        answers = ask_all(entries, "reason", lambda it: _reasons(it, c, scores[id(it)][at].tolist()))
        for e, a in zip(entries, answers, strict=True):
            self._note(e.it.name, a)
        said = {e.it.name: a for e, a in zip(entries, answers, strict=True) if not isinstance(a, MarketwrightError)}
        self._said.append(({row: place for place, row in enumerate(rows)}, said))


def _reasons(it: MatchingCriterion, c: Candidates, scores: Sequence[float]) -> Sequence[Reason]:
    found = it.reasons(c, scores)
    if len(found) != len(scores):
        msg = f"gave {len(found)} reasons for {len(scores)} candidates"
        raise ValueError(msg)
    return found


def _reason(found: object) -> Reason | None:
    return found if isinstance(found, Reason) else None


def rank(criteria: Sequence[Criterion], candidates: Candidates, ids: Sequence[str], subject: str,
         among: Array | None = None, rows: Array | None = None, opened: Container[str] = ()) -> Ranking:  # fmt: skip
    """Rank ``ids`` for ``subject``; ``among`` (booleans) leaves rows out altogether.

    The gates of the criteria named in ``opened`` let everybody through and are not asked. Ties go by a digest of both
    ids: the same for the same pair, in no one's favour over all. Raises ``GateBroken``.
    """
    n = len(ids)
    given = Given(candidates, n)
    shut = shutting(criteria, opened)
    answers = given.answers(shut, criteria) if criteria else []
    gates = {id(c): _trusted(c, answer) for c, answer in zip(shut, answers, strict=False)}
    each = [gates.get(id(c), given.all) for c in criteria] if shut else [given.all] * len(criteria)
    parts, broken = _parts(criteria, each, answers[len(shut):], n, sound=given.table is not None)
    if not parts:
        return Ranking(candidates, ids, (), np.zeros(n, dtype=np.int64), tuple(broken), subject, among, rows)
    scored = given.table if given.table is not None else np.array([part.scores for part in parts])
    table = np.multiply(scored, _column(tuple([part.share for part in parts])), dtype=np.float64)
    total = np.add.reduce(table, axis=0)
    total *= _FINE
    scores = np.rint(total, out=total).astype(np.int64)
    all_pass = None if shut or among is not None else np.arange(n)
    return Ranking(candidates, ids, tuple(parts), scores, tuple(broken), subject, among, rows, given=table,
                   _passing=all_pass)  # fmt: skip


def count(criteria: Sequence[Criterion], candidates: Candidates, n: int, opened: Container[str] = ()) -> int:
    """How many of ``n`` candidates pass every gate, as in :func:`rank`, without a score. Raises ``GateBroken``."""
    shut = shutting(criteria, opened)
    if not shut or not n:
        return n
    answers = Given(candidates, n).gates(shut)
    gates = [_trusted(c, answer) for c, answer in zip(shut, answers, strict=True)]
    return int(np.count_nonzero(np.logical_and.reduce(gates)))


def shutting(criteria: Sequence[Criterion], opened: Container[str] = ()) -> list[Criterion]:
    """The criteria that have a gate which must be asked."""
    return [c for c in having(criteria, "gate") if c.it.name not in opened]


def _raw(ids: Sequence[str], rows: Array) -> Array:
    if isinstance(ids, Ids):
        return ids.at(rows)
    return np.array([ids[i].encode() for i in rows.tolist()] or [b""], dtype=bytes)[: len(rows)]


def _trusted(entry: Criterion, answer: Array | MarketwrightError) -> Array:
    if isinstance(answer, MarketwrightError):
        raise GateBroken(entry.it.name, entry.plugin, str(answer)) from answer
    return answer


def _parts(criteria: Sequence[Criterion], gates: Sequence[Array], answers: Sequence[Array | MarketwrightError], n: int,
           *, sound: bool) -> tuple[list[Part], list[Broken]]:  # fmt: skip
    """Each criterion's scores, its gate and its share; the broken ones apart, their share given to the others.

    Where all is ``sound`` none is looked at. A criterion that broke, or weighs nothing, keeps its gate: it stays among
    the parts when it shuts somebody out.
    """
    if sound:
        shares = _shares(tuple([entry.it.weight for entry in criteria]))
        return list(map(_part, zip(criteria, shares, answers, gates, strict=True))), []
    found: list[tuple[Criterion, float, Array, Array]] = []
    broken: list[Broken] = []
    for entry, gate, answer in zip(criteria, gates, answers, strict=True):
        if not isinstance(answer, MarketwrightError):
            found.append((entry, entry.it.weight, answer, gate))
            continue
        log.warning("the criterion %s of %s is off for this ranking: %s", entry.it.name, entry.plugin, answer)
        broken.append(Broken(entry.it.name, entry.plugin, str(answer)))
        if not gate.all():
            found.append((entry, 0.0, np.zeros(n, dtype=np.float32), gate))
    shares = _shares(tuple([weight for _, weight, _, _ in found]))
    return [Part(entry, share, scores, gate)
            for (entry, _, scores, gate), share in zip(found, shares, strict=True)], broken  # fmt: skip


@lru_cache(maxsize=64)
def _shares(given: tuple[float, ...]) -> tuple[float, ...]:
    """What each weight is of all; one below 0 is none."""
    weights = [float(weight) if weight > 0.0 else 0.0 for weight in given]
    whole = sum(weights) or 1.0
    return tuple(weight / whole for weight in weights)


@lru_cache(maxsize=64)
def _column(shares: tuple[float, ...]) -> Array:
    """A row for each."""
    return np.array(shares)[:, None]
