"""Gates, then the weighted sum of what the criteria give; ties by a rule; contributions that sum to the score.

Pure: it knows nothing of databases and pages. A criterion that raises, or gives what is no score, is named and
switched off for this ranking; a gate that cannot be trusted refuses to rank.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b

import numpy as np

from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError
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


@dataclass(frozen=True, slots=True)
class Ranking:
    """``order`` are the candidates that pass every gate, best first; ``near`` the others, fewest gates failed first.

    ``scores`` are millionths of the whole, for all candidates. ``parts`` sum to them.
    """

    candidates: Candidates
    ids: Sequence[str]
    parts: tuple[Part, ...]
    scores: Array
    order: Array
    near: Array
    broken: tuple[Broken, ...]
    _said: dict[tuple[str, int], Reason | None] = field(default_factory=dict, compare=False, repr=False)

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
         among: Array | None = None) -> Ranking:  # fmt: skip
    """Rank ``ids`` for ``subject``; ``among`` (booleans) leaves rows out altogether.

    Ties go by a digest of both ids: the same for the same pair, in no one's favour over all. Raises ``GateBroken``.
    """
    n = len(ids)
    gates = [_gate(c, candidates, n) for c in criteria]
    parts, broken = _scores(criteria, gates, candidates, n)
    total = sum((p.share * p.scores.astype(np.float64) for p in parts), np.zeros(n))
    scores = np.rint(total * FINE).astype(np.int64)
    failed = sum((~g for g in gates), np.zeros(n, dtype=np.int64))
    present = np.ones(n, dtype=bool) if among is None else among
    keys = _tie_keys(scores, ids, subject)
    exact = np.flatnonzero(present & (failed == 0))
    near = np.flatnonzero(present & (failed > 0))
    return Ranking(
        candidates, ids, tuple(parts), scores, exact[np.lexsort((keys[exact], -scores[exact]))],
        near[np.lexsort((keys[near], -scores[near], failed[near]))], tuple(broken),
    )  # fmt: skip


def _tie_keys(scores: Array, ids: Sequence[str], subject: str) -> Array:
    """A digest where a score stands more than once, zero elsewhere."""
    keys = np.zeros(len(ids), dtype=np.uint64)
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    for i in np.flatnonzero(counts[places] > 1).tolist():
        digest = blake2b(f"{subject}:{ids[i]}".encode(), digest_size=8).digest()
        keys[i] = int.from_bytes(digest, "big")
    return keys


def _unknown(criterion: MatchingCriterion, c: Candidates, n: int) -> Array:
    """Where a column that the criterion reads was not given."""
    missing = np.zeros(n, dtype=bool)
    for name in criterion.reads:
        for side in (c.m, c.p, c.pair):
            if name in side:
                missing |= np.broadcast_to(~side.known(name), (n,))
    return missing


def _gate(entry: Criterion, c: Candidates, n: int) -> Array:
    def ask(it: MatchingCriterion) -> Array:
        with np.errstate(all="ignore"):
            found = it.gate(c)
        if found is None:
            return np.ones(n, dtype=bool)
        given = np.asarray(found)
        if given.dtype != np.bool_ or given.shape not in ((n,), (1,)):
            msg = f"gave {given.dtype} of shape {given.shape} instead of booleans of length {n}"
            raise ValueError(msg)
        return np.broadcast_to(given, (n,)) | _unknown(it, c, n)

    try:
        return entry.ask("gate", ask)
    except MarketwrightError as error:
        raise GateBroken(entry.it.name, entry.plugin, str(error)) from error


def _scores(criteria: Sequence[Criterion], gates: Sequence[Array], c: Candidates, n: int
            ) -> tuple[list[Part], list[Broken]]:  # fmt: skip
    """Each criterion's scores, its gate and its share; the broken ones apart, their share given to the others.

    A criterion that broke, or weighs nothing, keeps its gate: it stays among the parts when it shuts somebody out.
    """
    found: list[tuple[Criterion, float, Array, Array]] = []
    broken: list[Broken] = []
    for entry, gate in zip(criteria, gates, strict=True):
        try:
            scores = entry.ask("score", lambda it: _checked_score(it, c, n))
            found.append((entry, max(float(entry.it.weight), 0.0), scores, gate))
        except MarketwrightError as error:
            log.warning("the criterion %s of %s is off for this ranking: %s", entry.it.name, entry.plugin, error)
            broken.append(Broken(entry.it.name, entry.plugin, str(error)))
            if not gate.all():
                found.append((entry, 0.0, np.zeros(n, dtype=np.float32), gate))
    whole = sum(weight for _, weight, _, _ in found) or 1.0
    parts = [Part(entry, weight / whole, scores, gate) for entry, weight, scores, gate in found]
    return parts, broken


def _checked_score(it: MatchingCriterion, c: Candidates, n: int) -> Array:
    with np.errstate(all="ignore"):
        given = np.asarray(it.score(c))
    if given.shape not in ((n,), (1,)):
        msg = f"gave shape {given.shape} instead of length {n}"
        raise ValueError(msg)
    found = np.broadcast_to(given, (n,)).astype(np.float32)
    found[_unknown(it, c, n)] = it.unknown
    if not np.isfinite(found).all():
        raise ValueError("gave what is not a number")
    if n and (found.min() < -SLACK or found.max() > 1.0 + SLACK):
        msg = f"gave {found.min():.3f} to {found.max():.3f} instead of 0 to 1"
        raise ValueError(msg)
    return np.clip(found, 0.0, 1.0)


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
