"""Gates, then the weighted sum of what the criteria give; ties by a rule; contributions that sum to the score.

Pure: it knows nothing of databases and pages. A criterion that raises, or gives what is no score, is named and
switched off for this ranking; a gate that cannot be trusted refuses to rank.
"""

import logging
from collections.abc import Sequence
from dataclasses import field
from functools import partial
from hashlib import blake2b

import numpy as np

from marketwright.features.matching.columns import Ids
from marketwright.hooks.manager import Entry
from marketwright.hooks.turns import ask_in_turn
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.matching import Array, Candidates, MatchingCriterion, Reason

log = logging.getLogger("marketwright.matching")
Criterion = Entry[MatchingCriterion]
FINE = 1_000_000  # scores are compared as whole millionths, so that a last bit decides nothing
SLACK = 1e-4


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


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion that ran: ``share`` of the whole weight, scores of every candidate, its gate."""

    entry: Criterion
    share: float
    scores: Array
    gate: Array


@dataclass(slots=True)
class Ranking:
    """``order`` are the candidates that pass every gate, best first; ``near`` the others, fewest gates failed first.

    ``scores`` are millionths of the whole, for all candidates. ``parts`` sum to them. ``rows`` are their numbers in
    the index, where they come from one.
    """

    candidates: Candidates
    ids: Sequence[str]
    parts: tuple[Part, ...]
    scores: Array
    broken: tuple[Broken, ...]
    subject: str
    present: Array | None = None
    rows: Array | None = None
    _passing: Array | None = field(default=None, compare=False, repr=False)
    _order: Array | None = field(default=None, compare=False, repr=False)
    _near: Array | None = field(default=None, compare=False, repr=False)
    _said: dict[tuple[str, int], Reason | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def passing(self) -> Array:
        """The candidates that pass every gate, in no order."""
        if self._passing is None:
            gates = [part.gate for part in self.parts]
            if self.present is not None:
                gates.append(self.present)
            open_ = np.logical_and.reduce(gates) if gates else np.ones(len(self.ids), dtype=bool)
            self._passing = np.flatnonzero(open_)
        return self._passing

    @property
    def total(self) -> int:
        """How many pass every gate."""
        return len(self.passing)

    def best(self, most: int) -> Array:
        """The first ``most`` of :attr:`order`, without ordering the others."""
        if self._order is not None or self.total <= max(2 * most, 64):
            return self.order[:most]
        keys = self.scores[self.passing]
        least = np.partition(keys, len(keys) - most)[len(keys) - most]
        return self._sorted(self.passing[keys >= least])[:most]

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
        """(points, of how many) for each part; the points sum to :meth:`score`, the others to 100."""
        most = spread([p.share * 100 for p in self.parts], 100 if any(p.share for p in self.parts) else 0)
        return list(zip(spread(self._exact(i), self.score(i), most), most, strict=True))

    def _exact(self, i: int) -> list[float]:
        return [p.share * float(p.scores[i]) * 100 for p in self.parts]

    def reason(self, part: Part, i: int) -> Reason | None:
        """Why, in the criterion's own words; ``None`` where it fails at that too."""
        if (part.entry.it.name, i) in self._said:
            return self._said[part.entry.it.name, i]
        try:
            found = part.entry.ask("reason", lambda it: it.reason(self.candidates, i, float(part.scores[i])))
        except MarketwrightError:
            return None
        return found if isinstance(found, Reason) else None

    def explain(self, rows: Sequence[int]) -> None:
        """Ask each criterion once for its reasons of all ``rows``; who fails at one is asked for each later."""
        for part in self.parts:
            try:
                found = part.entry.ask("reason", partial(_reasons, self.candidates, part.scores, rows))
            except MarketwrightError:
                continue
            name = part.entry.it.name
            for i, reason in zip(rows, found, strict=True):
                self._said[name, i] = reason if isinstance(reason, Reason) else None


def _reasons(c: Candidates, scores: Array, rows: Sequence[int], it: MatchingCriterion) -> list[Reason]:
    return [it.reason(c, i, float(scores[i])) for i in rows]


def rank(criteria: Sequence[Criterion], candidates: Candidates, ids: Sequence[str], subject: str,
         among: Array | None = None, rows: Array | None = None) -> Ranking:  # fmt: skip
    """Rank ``ids`` for ``subject``; ``among`` (booleans) leaves rows out altogether.

    Ties go by a digest of both ids: the same for the same pair, in no one's favour over all. Raises ``GateBroken``.
    """
    n = len(ids)
    shut = [c for c in criteria if type(c.it).gate is not MatchingCriterion.gate]
    unknown = [_unknown(c.it, candidates, n) for c in criteria]
    gate_of = dict(zip(map(id, criteria), unknown, strict=True))
    asked = [(c, "gate", partial(_gate, c=candidates, n=n, unknown=gate_of[id(c)])) for c in shut]
    asked += [(c, "score", partial(_score, c=candidates, n=n, unknown=gate_of[id(c)])) for c in criteria]
    answers = ask_in_turn(asked) if asked else []
    given = {id(c): _trusted(c, answer) for c, answer in zip(shut, answers, strict=False)}
    gates = [given[id(c)] if id(c) in given else np.ones(n, dtype=bool) for c in criteria]
    parts, broken = _parts(criteria, gates, answers[len(shut):], n)
    total = np.zeros(n)
    for part in parts:
        total += part.share * part.scores.astype(np.float64)
    scores = np.rint(total * FINE).astype(np.int64)
    return Ranking(candidates, ids, tuple(parts), scores, tuple(broken), subject, among, rows)


def tie_keys(subject: str, ids: Array) -> Array:
    """A digest of ``subject`` and each of ``ids`` (bytes of one width): who has the smaller one comes first."""
    wide = -(-max(ids.dtype.itemsize, 1) // 8) * 8
    words = ids.astype(f"S{wide}").view(np.uint64).reshape(len(ids), wide // 8)
    keys = np.full(len(ids), int.from_bytes(blake2b(subject.encode(), digest_size=8).digest(), "big"), dtype=np.uint64)
    for k in range(words.shape[1]):
        word = words[:, k]
        mixed = keys ^ word
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        keys = np.where(word > 0, mixed, keys) if k else mixed  # the width of the array says nothing about an id
    return keys


def _raw(ids: Sequence[str], rows: Array) -> Array:
    if isinstance(ids, Ids):
        return ids.at(rows)
    return np.array([ids[i].encode() for i in rows.tolist()] or [b""], dtype=bytes)[: len(rows)]


def _unknown(criterion: MatchingCriterion, c: Candidates, n: int) -> Array | None:
    """Where a column that the criterion reads was not given; ``None`` where all was."""
    missing = None
    for name in criterion.reads:
        for side in (c.m, c.p, c.pair):
            if name in side:
                given = side.known(name)
                if not given.all():
                    missing = ~given if missing is None else missing | ~given
    return None if missing is None else _wide(missing, n)


def _gate(it: MatchingCriterion, *, c: Candidates, n: int, unknown: Array | None) -> Array:
    with np.errstate(all="ignore"):
        found = it.gate(c)
    if found is None:
        return np.ones(n, dtype=bool)
    given = np.asarray(found)
    if given.dtype != np.bool_ or given.shape not in ((n,), (1,)):
        msg = f"gave {given.dtype} of shape {given.shape} instead of booleans of length {n}"
        raise ValueError(msg)
    return _wide(given if unknown is None else given | unknown, n)


def _wide(column: Array, n: int) -> Array:
    return column if column.shape == (n,) else np.broadcast_to(column, (n,))


def _score(it: MatchingCriterion, *, c: Candidates, n: int, unknown: Array | None) -> Array:
    with np.errstate(all="ignore"):
        given = np.asarray(it.score(c))
    if given.shape not in ((n,), (1,)):
        msg = f"gave shape {given.shape} instead of length {n}"
        raise ValueError(msg)
    found = _wide(given, n).astype(np.float32)
    if unknown is not None:
        found[unknown] = it.unknown
    if not n:
        return found
    least, most = float(found.min()), float(found.max())
    if not (least >= -SLACK and most <= 1.0 + SLACK):
        if not np.isfinite(found).all():
            raise ValueError("gave what is not a number")
        msg = f"gave {least:.3f} to {most:.3f} instead of 0 to 1"
        raise ValueError(msg)
    return np.clip(found, 0.0, 1.0) if least < 0.0 or most > 1.0 else found


def _trusted(entry: Criterion, answer: Array | MarketwrightError) -> Array:
    if isinstance(answer, MarketwrightError):
        raise GateBroken(entry.it.name, entry.plugin, str(answer)) from answer
    return answer


def _parts(criteria: Sequence[Criterion], gates: Sequence[Array], answers: Sequence[Array | MarketwrightError], n: int
           ) -> tuple[list[Part], list[Broken]]:  # fmt: skip
    """Each criterion's scores, its gate and its share; the broken ones apart, their share given to the others.

    A criterion that broke, or weighs nothing, keeps its gate: it stays among the parts when it shuts somebody out.
    """
    found: list[tuple[Criterion, float, Array, Array]] = []
    broken: list[Broken] = []
    for entry, gate, answer in zip(criteria, gates, answers, strict=True):
        if not isinstance(answer, MarketwrightError):
            found.append((entry, max(float(entry.it.weight), 0.0), answer, gate))
            continue
        log.warning("the criterion %s of %s is off for this ranking: %s", entry.it.name, entry.plugin, answer)
        broken.append(Broken(entry.it.name, entry.plugin, str(answer)))
        if not gate.all():
            found.append((entry, 0.0, np.zeros(n, dtype=np.float32), gate))
    whole = sum(weight for _, weight, _, _ in found) or 1.0
    return [Part(entry, weight / whole, scores, gate) for entry, weight, scores, gate in found], broken


def spread(exact: Sequence[float], total: int, most: Sequence[int] | None = None) -> list[int]:
    """``exact`` as whole numbers that sum to ``total``: the largest remainders are rounded up, none beyond ``most``."""
    whole = [int(value + 1e-9) for value in exact]
    left = total - sum(whole)
    by_rest = sorted(range(len(whole)), key=lambda i: (whole[i] - exact[i], i))
    while left > 0:
        before = left
        for i in by_rest:
            if left and (most is None or whole[i] < most[i]):
                whole[i] += 1
                left -= 1
        if left == before:
            break
    for i in reversed(by_rest):
        while left < 0 and whole[i] > 0:
            whole[i] -= 1
            left += 1
    return whole
