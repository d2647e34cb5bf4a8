"""Writing versions of the settings. What is saved here was built before: see ``changing``."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import func, select

from marketwright.features.accounts.rights import need
from marketwright.features.overlay import queries
from marketwright.features.overlay.tables import OverlayChange, OverlayVersion
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.store.unit import UnitOfWork


class _As(Enum):
    FILE = "file"


AS_THE_FILE: Final = _As.FILE
"""The value of a key that goes back to what the file says."""

PERMISSION = "settings.change"


def change(
    uow: UnitOfWork, *, changes: Mapping[str, Any], seen: int, note: str = "", starts: datetime | None = None
) -> int:
    """Save ``changes`` by key as one version, from ``starts`` (business time, now by default); returns its number.

    ``seen`` is the newest version that they were built on: ``Conflict`` when there is a newer one.
    """
    need(uow.actor, PERMISSION)
    _refuse_older(uow, seen)
    begins = max(starts or uow.now, uow.now)
    before = queries.overlay(uow.session, begins).values
    version = _add_version(uow, note=note, starts=begins)
    for key, value in changes.items():
        after = None if value is AS_THE_FILE else {"value": value}
        _add_change(uow, version, key, {"value": before[key]} if key in before else None, after)
    uow.audit("settings.changed", str(version), keys=sorted(changes), note=note, starts=begins.isoformat())
    return version


def undo(uow: UnitOfWork, *, version: int, seen: int, note: str = "") -> int:
    """Make ``version`` void, as a version of its own; returns its number. An undo may be undone.

    ``Conflict`` when it is void already, or when a key of it has been changed since.
    """
    need(uow.actor, PERMISSION)
    _refuse_older(uow, seen)
    row = uow.session.get(OverlayVersion, version)
    if row is None:
        raise NotFound("There is no such change of the settings.")
    known = queries.what_each_undoes(uow.session)
    if version in queries.undone(known):
        raise Conflict("This change was undone already.", state="undone")
    now = queries.overlay(uow.session, uow.now)
    rows = uow.session.scalars(select(OverlayChange).where(OverlayChange.version == version)).all()
    if row.undoes is None and row.starts_at <= uow.now:
        _refuse_changed_since(version, [r.key for r in rows if r.after is not None], now)
    then = queries.overlay(uow.session, uow.now, without=version).values
    new = _add_version(uow, note=note, starts=uow.now, undoes=version)
    for key in sorted(r.key for r in rows):
        is_now, will_be = now.values, then
        _add_change(uow, new, key, {"value": is_now[key]} if key in is_now else None,
                    {"value": will_be[key]} if key in will_be else None)  # fmt: skip
    uow.audit("settings.undone", str(new), undoes=version, keys=sorted(r.key for r in rows), note=note)
    return new


def _refuse_changed_since(version: int, keys: list[str], now: queries.Overlay) -> None:
    for key in keys:
        holder = now.saved.get(key)
        if holder is None or holder.version != version:
            raise Conflict(
                "%(key)s has been changed since: undo the later change first, or set it anew.", key=key,
                state="changed",
            )  # fmt: skip


def _refuse_older(uow: UnitOfWork, seen: int) -> None:
    newest = uow.session.scalar(select(func.max(OverlayVersion.version))) or 0
    if newest != seen:
        raise Conflict("The settings have just been changed by somebody else. Look at them again, then save.",
                       state=str(newest))  # fmt: skip


def _add_version(uow: UnitOfWork, *, note: str, starts: datetime, undoes: int | None = None) -> int:
    newest = uow.session.scalar(select(func.max(OverlayVersion.version))) or 0
    uow.session.add(
        OverlayVersion(
            version=newest + 1, at=uow.now, starts_at=starts, actor=uow.actor.label, actor_name=uow.actor.name,
            note=note.strip()[:2000], undoes=undoes,
        )
    )  # fmt: skip
    uow.flush()
    return newest + 1


def _add_change(
    uow: UnitOfWork, version: int, key: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    uow.session.add(OverlayChange(version=version, key=key, before=before, after=after))
