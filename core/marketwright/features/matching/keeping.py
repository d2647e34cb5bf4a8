"""What is kept of a ranking that was shown: inputs, criteria with versions and weights, scores, who stood where.

Pure. The same ranking shown twice is the same bytes, so it is stored once. Of a long list the first :data:`MOST` are
kept, and whoever was shown besides them.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from hashlib import blake2b
from typing import Any

import numpy as np

from marketwright.features.matching.ranking import FINE, Ranking
from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Columns

MOST = 200
FORM = 1  # of the stored bytes


@dataclass(frozen=True, slots=True)
class KeptCriterion:
    """A criterion as it ran: ``version`` of its plugin with a digest of its settings, raw ``weight`` and ``share``."""

    name: str
    label: str
    plugin: str
    version: str
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One candidate: score in millionths, what each criterion gave (0 to 1), failed gates, and what was read of it."""

    id: str
    score: int
    parts: tuple[float, ...]
    failed: tuple[str, ...] = ()
    columns: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """One ranking: ``kind`` is ``people`` for a mission or ``missions`` for a freelancer, ``subject`` its id.

    ``rows`` are in the order of the ranking, near ones after the exact ones. ``shown`` are ids by section (``hand``,
    ``exact``, ``near``), ``placed`` (placement, seed, ids). ``asked`` are the columns of the one side, ``skills`` what
    was asked for or held: (id, must, level). ``places`` are from 1, of the exact ones who were shown from beyond the
    first :data:`MOST`, where they are known.
    """

    kind: str
    subject: str
    day: date
    criteria: tuple[KeptCriterion, ...]
    off: tuple[str, ...]
    read: int
    exact: int
    asked: Mapping[str, float | None]
    skills: tuple[tuple[str, bool, int], ...]
    rows: tuple[KeptRow, ...]
    shown: Mapping[str, tuple[str, ...]]
    placed: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)

    @property
    def first(self) -> tuple[KeptRow, ...]:
        """The exact ones up to :data:`MOST`: of all of them there is a row."""
        return tuple(r for r in self.rows if not r.failed)[:MOST]

    def row(self, one: str) -> KeptRow | None:
        """The candidate ``one``, if it was kept."""
        return next((r for r in self.rows if r.id == one), None)

    def place(self, one: str) -> int | None:
        """From 1, among the exact ones; ``None`` for anybody else, and where it is not known."""
        first = [r.id for r in self.first]
        return first.index(one) + 1 if one in first else self.places.get(one)

    def beyond(self, one: str) -> bool:
        """Whether ``one`` fitted and stood further down than all who were kept for their place."""
        row = self.row(one)
        return row is not None and not row.failed and row not in self.first


def capture(
    ranking: Ranking, *, kind: str, subject: str, day: date, read: int, shown: Mapping[str, Sequence[int]],
    placed: Iterable[tuple[str, int, Sequence[int]]], skills: Iterable[tuple[str, bool, int]],
    versions: Mapping[str, str],
) -> Kept:  # fmt: skip
    """``ranking`` as it is kept; ``shown`` and ``placed`` hold rows, ``versions`` are by plugin."""
    placed = [(name, seed, tuple(rows)) for name, seed, rows in placed]
    seen = [i for rows in shown.values() for i in rows] + [i for _, _, rows in placed for i in rows]
    exact = ranking.order.tolist()
    first = exact[:MOST]
    rows = [*first, *(i for i in dict.fromkeys(seen) if i not in set(first))]
    # Of a list that knows its best alone no later place is known.
    late: set[int] = set() if ranking.beyond else set(rows[MOST:])
    c = ranking.candidates
    one, many = (c.m, c.p) if kind == "people" else (c.p, c.m)
    return Kept(
        kind, subject, day,
        tuple(
            KeptCriterion(e.it.name, e.it.label, e.plugin, versions.get(e.plugin, ""), float(e.it.weight), p.share)
            for p in ranking.parts for e in (p.entry,)
        ),
        tuple(b.criterion for b in ranking.broken), read, ranking.total,
        {name: one.at(name, 0) for name in sorted(one)}, tuple(skills), _rows(ranking, rows, (many, c.pair)),
        {name: tuple(ranking.ids[i] for i in rows) for name, rows in shown.items() if rows},
        tuple((name, seed, tuple(ranking.ids[i] for i in rows)) for name, seed, rows in placed),
        {ranking.ids[i]: place for place, i in enumerate(exact, 1) if i in late} if late else {},
    )  # fmt: skip


def versions_of(plugins: Plugins) -> dict[str, str]:
    """Of each plugin its version, and a digest of the settings that its criteria ran with."""
    found = {}
    for plugin in plugins.enabled:
        said = json.dumps(plugin.settings, sort_keys=True, default=str)
        found[plugin.name] = f"{plugin.manifest.version}+{blake2b(said.encode(), digest_size=4).hexdigest()}"
    return found


def _rows(ranking: Ranking, rows: Sequence[int], sides: Sequence[Columns]) -> tuple[KeptRow, ...]:
    at = np.array(rows, dtype=np.intp)
    parts = [np.asarray(p.scores)[at].astype(np.float64).round(6).tolist() for p in ranking.parts]
    columns = {name: _column(side, name, at) for side in sides for name in sorted(side) if name != "today"}
    return tuple(
        KeptRow(
            ranking.ids[i], int(ranking.scores[i]), tuple(p[k] for p in parts),
            tuple(p.entry.it.name for p in ranking.failed(i)), {name: column[k] for name, column in columns.items()},
        )
        for k, i in enumerate(rows)
    )  # fmt: skip


def _column(side: Columns, name: str, at: Any) -> list[float | None]:
    def cut(column: Any) -> list[Any]:
        wide = np.broadcast_to(column, (len(at),)) if len(column) == 1 else column[at]
        values: list[Any] = np.asarray(wide).tolist()
        return values

    known = cut(side.known(name))
    return [round(float(v), 6) if k else None for v, k in zip(cut(side[name]), known, strict=True)]


def packed(kept: Kept) -> tuple[str, bytes]:
    """(digest, bytes): the same for the same ranking."""
    names = sorted({name for row in kept.rows for name in row.columns})
    body = {
        "form": FORM, "kind": kept.kind, "subject": kept.subject, "day": kept.day.isoformat(),
        "criteria": [[c.name, c.label, c.plugin, c.version, c.weight, c.share] for c in kept.criteria],
        "off": kept.off, "read": kept.read, "exact": kept.exact, "asked": dict(kept.asked), "skills": kept.skills,
        "columns": names,
        "rows": [[r.id, r.score, r.parts, r.failed, [r.columns.get(n) for n in names]] for r in kept.rows],
        "shown": dict(kept.shown), "placed": kept.placed,
        "places": dict(kept.places),
    }  # fmt: skip
    plain = json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    return blake2b(plain, digest_size=16).hexdigest(), zlib.compress(plain, 6)


def unpacked(data: bytes) -> Kept:
    """What :func:`packed` packed."""
    body = json.loads(zlib.decompress(data))
    return Kept(
        body["kind"], body["subject"], date.fromisoformat(body["day"]),
        tuple(KeptCriterion(*c) for c in body["criteria"]), tuple(body["off"]), body["read"], body["exact"],
        body["asked"], tuple((s, must, level) for s, must, level in body["skills"]),
        tuple(
            KeptRow(one, score, tuple(parts), tuple(failed), dict(zip(body["columns"], columns, strict=True)))
            for one, score, parts, failed, columns in body["rows"]
        ),
        {name: tuple(ids) for name, ids in body["shown"].items()},
        tuple((name, seed, tuple(ids)) for name, seed, ids in body["placed"]),
        body.get("places", {}),
    )  # fmt: skip


def rescored(kept: Kept, weights: Mapping[str, float]) -> list[tuple[str, int]]:
    """(id, score in millionths) of :attr:`Kept.first` under other ``weights`` by criterion, best first.

    A criterion that ``weights`` does not name keeps the weight it ran with; ties keep their order. One that
    failed then counts for nothing. What other shares change is added to the score that was kept: a sum of parts, which
    are kept in millionths, may be one off, and two who are level would change places under the very weights that ran.
    """
    raw = [0.0 if c.name in kept.off else max(weights.get(c.name, c.weight), 0.0) for c in kept.criteria]
    whole = sum(raw) or 1.0
    more = [weight / whole - c.share for weight, c in zip(raw, kept.criteria, strict=True)]
    found = [(r.id, r.score + round(sum(m * p for m, p in zip(more, r.parts, strict=True)) * FINE)) for r in kept.first]
    return sorted(found, key=lambda pair: -pair[1])
