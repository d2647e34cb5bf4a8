"""Reading versions: what is in force, what will be, and who changed what."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from marketwright.features.overlay.tables import OverlayChange, OverlayVersion
from marketwright.kernel.frozen import dataclass
from marketwright.store.deeds import Deed

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Saved:
    """One key as the console says it: by which version, whose, since when."""

    value: Any
    version: int
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the console says in all: ``saved`` by key, the newest version, and a stamp that changes with it."""

    saved: Mapping[str, Saved] = field(default_factory=dict)
    version: int = 0
    stamp: Stamp = (0, 0)

    @property
    def values(self) -> dict[str, Any]:
        """The values alone."""
        return {key: saved.value for key, saved in self.saved.items()}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One key of a version; ``before`` and ``after`` are ``{"value": ...}``, or nothing where the file speaks."""

    version: int
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    at: datetime
    starts_at: datetime
    actor: str
    actor_name: str
    note: str
    undoes: int | None
    undone_by: int | None


def stamp(session: Session, now: datetime) -> Stamp:
    """What changes with every version and whenever one comes into force; one statement."""
    newest, begun = session.execute(
        select(
            func.max(OverlayVersion.version),
            func.count(OverlayVersion.version).filter(OverlayVersion.starts_at <= now),
        )
    ).one()
    return (newest or 0, begun)


def exists(session: Session) -> bool:
    """Whether the schema knows versions yet (a database before its first migration does not)."""
    return inspect(session.connection()).has_table(OverlayVersion.__tablename__)


def what_each_undoes(session: Session) -> dict[int, int | None]:
    """Every version, with the one that it undoes."""
    query = select(OverlayVersion.version, OverlayVersion.undoes)
    return {row.version: row.undoes for row in session.execute(query)}


def undone(versions: Mapping[int, int | None]) -> dict[int, int]:
    """Void versions, with the version that made each void; ``versions`` maps each to what it undoes."""
    void: dict[int, int] = {}
    for version in sorted(versions, reverse=True):
        target = versions[version]
        if target is not None and version not in void:
            void[target] = version
    return void


def overlay(session: Session, now: datetime, *, without: int | None = None) -> Overlay:
    """What the console says at ``now``; ``without`` leaves one version out, as an undo of it would."""
    mark = stamp(session, now)
    if not mark[0]:
        return Overlay()
    rows = {v.version: v for v in session.execute(select(*OverlayVersion.__table__.columns)).all()}
    found = {n: v.undoes for n, v in rows.items()}
    if without is not None:
        found[max(found) + 1] = without
    void = undone(found)
    heads = session.execute(select(OverlayChange.seq, OverlayChange.version, OverlayChange.key)).all()
    winners: dict[str, tuple[datetime, int, int]] = {}
    for seq, version, key in heads:
        row = rows[version]
        if row.undoes is None and version not in void and row.starts_at <= now:
            winners[key] = max(winners.get(key, (row.starts_at, 0, 0)), (row.starts_at, version, seq))
    chosen = [seq for _, _, seq in winners.values()]
    query = select(OverlayChange.seq, OverlayChange.after).where(OverlayChange.seq.in_(chosen))
    values: dict[int, dict[str, Any] | None] = {row.seq: row.after for row in session.execute(query)}
    saved = {
        key: Saved(after["value"], version, rows[version].actor_name or rows[version].actor, starts)
        for key, (starts, version, seq) in sorted(winners.items())
        if (after := values[seq]) is not None
    }
    return Overlay(saved, mark[0], mark)


def changed_since(session: Session, version: int) -> dict[str, Deed]:
    """The keys that versions after ``version`` changed, with who did last."""
    c, v = OverlayChange, OverlayVersion
    rows = session.execute(
        select(c.key, v.actor, v.actor_name, v.at).join(v, v.version == c.version).where(c.version > version)
        .order_by(c.version)
    )  # fmt: skip
    return {key: Deed(actor, name, at) for key, actor, name, at in rows}


def history(session: Session, *, key: str = "", limit: int = 200) -> list[ChangeRow]:
    """The changes, newest first; of ``key`` and what lies under it alone where one is given."""
    versions = what_each_undoes(session)
    void = undone(versions)
    query = (
        select(OverlayChange, OverlayVersion)
        .join(OverlayVersion, OverlayVersion.version == OverlayChange.version)
        .order_by(OverlayChange.version.desc(), OverlayChange.key)
        .limit(limit)
    )
    if key:
        query = query.where((OverlayChange.key == key) | OverlayChange.key.startswith(f"{key}.", autoescape=True))
    return [
        ChangeRow(
            c.version, c.key, c.before, c.after, v.at, v.starts_at, v.actor, v.actor_name, v.note, v.undoes,
            void.get(c.version),
        )
        for c, v in session.execute(query)
    ]  # fmt: skip
