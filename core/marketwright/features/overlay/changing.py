"""Changing the settings of a running site: tried out, saved, in force with the next request."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import has_app_context

from marketwright.features.overlay import queries, service
from marketwright.features.overlay.ports import Fits, InUse, LiveSite
from marketwright.features.overlay.service import AS_THE_FILE
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import BadSetting, InvalidInput, Overtaken
from marketwright.kernel.text import N_, say
from marketwright.settings.overlay import value_at, why_fixed
from marketwright.store.unit import UnitOfWork
from marketwright.web.house import House, db

__all__ = ["AS_THE_FILE", "save", "tried", "undo"]

FIXED_WORDS = {
    "locked": N_("This is locked in marketplace.toml."),
    "environment": N_("The environment says this: %(variable)s."),
    "fixed": N_("This is said in marketplace.toml alone."),
    "unknown": N_("There is no such setting."),
}


def save(
    house: House, actor: Actor, changes: Mapping[str, Any], *, note: str = "", starts: datetime | None = None,
    seen: int | None = None, also: Callable[[UnitOfWork], object] | None = None,
) -> int:  # fmt: skip
    """Change the settings of ``changes`` by dotted key (``AS_THE_FILE`` gives a key back to the file).

    The site is built with them first: ``InvalidInput`` names the keys that are wrong, and nothing is saved. ``starts``
    (business time) puts them off; ``seen`` is the newest version that the form showed: ``Overtaken`` names keys of
    ``changes`` that somebody changed after it. ``also`` is done in the same commit. Returns the number of the version
    in force; what changes nothing makes none. Call it with no unit of work open.
    """
    refuse(house, changes)
    now = house.clock.business()
    with house.database.reading() as session:
        state = queries.overlay(session, max(now, starts or now))
        later = [] if seen is None else overtaken(changes, queries.changed_since(session, seen))
    if later:
        raise Overtaken(later)
    wanted = {k: v for k, v in changes.items() if state.values.get(k, AS_THE_FILE) != v}
    if not wanted:
        return state.version
    values = {k: v for k, v in {**state.values, **wanted}.items() if v is not AS_THE_FILE}
    site, candidate = _try_out(house, values)
    if has_app_context():
        db.session.remove()
    with house.database.unit(actor) as uow:
        version = service.change(uow, changes=wanted, seen=state.version, note=note, starts=starts)
        if also is not None:
            also(uow)
        mark = queries.stamp(uow.session, uow.now)
        uow.commit()
    if starts is not None and starts > now:
        site.drop(candidate)
    else:
        site.adopt(candidate, mark)
    return version


def overtaken(changes: Iterable[str], later: Iterable[str]) -> list[str]:
    """The keys of ``changes`` that ``later`` has too, or something above or below them."""
    pairs = [f"{key}." for key in later]
    return [k for k in changes if any(f"{k}.".startswith(other) or other.startswith(f"{k}.") for other in pairs)]


@contextmanager
def tried(house: House, changes: Mapping[str, Any]) -> Iterator[House]:
    """The house as it would be with ``changes``: built as for :func:`save`, never served, nothing saved.

    ``InvalidInput`` names the keys that are wrong.
    """
    refuse(house, changes)
    with house.database.reading() as session:
        state = queries.overlay(session, house.clock.business())
    values = {k: v for k, v in {**state.values, **changes}.items() if v is not AS_THE_FILE}
    site, candidate = _try_out(house, values)
    try:
        yield candidate.house
    finally:
        site.drop(candidate)


def undo(house: House, actor: Actor, version: int, *, note: str = "", seen: int | None = None) -> int:
    """Undo ``version``; the site without it is built first. Returns the number of the undo.

    ``InvalidInput`` where answers that people gave since do not fit the fields as they were.
    """
    now = house.clock.business()
    with house.database.reading() as session:
        state = queries.overlay(session, now)
        after = queries.overlay(session, now, without=version)
    site, candidate = _try_out(house, after.values)
    with house.database.reading() as session:
        odd = house.ports.get(Fits)(session, house.marketplace.fields, candidate.house.marketplace.fields)
    if odd:
        site.drop(candidate)
        raise InvalidInput(odd)
    if has_app_context():
        db.session.remove()
    with house.database.unit(actor) as uow:
        new = service.undo(uow, version=version, seen=state.version if seen is None else seen, note=note)
        mark = queries.stamp(uow.session, uow.now)
        uow.commit()
    site.adopt(candidate, mark)
    return new


def refuse(house: House, changes: Mapping[str, Any]) -> None:
    """``InvalidInput`` for keys that cannot be changed here, with the reason."""
    marketplace = house.marketplace.source.base or house.marketplace
    enabled = changes.get("plugins", house.marketplace.plugins)
    errors = {}
    for key, value in changes.items():
        why = why_fixed(marketplace, key)
        if why:
            errors[key] = [say(FIXED_WORDS[why], variable=marketplace.source.environment.get(key, ""))]
        elif key.startswith("plugin.") and value is not AS_THE_FILE and key.split(".")[1] not in enabled:
            errors[key] = [say("The plugin %(name)s is not enabled.", name=key.split(".")[1])]
    if errors:
        raise InvalidInput(errors)


def _try_out(house: House, values: Mapping[str, Any]) -> tuple[LiveSite, Any]:
    site = house.ports.get(LiveSite)
    base = house.marketplace.source.base or house.marketplace
    gone = [n for n in house.marketplace.plugins if n not in values.get("plugins", base.plugins)]
    if gone:
        with house.database.reading() as session:
            errors = house.ports.get(InUse)(session, house.plugins, gone)
        if errors:
            raise InvalidInput(errors)
    try:
        return site, site.try_out(values)
    except BadSetting as error:
        raise InvalidInput(error.errors or {"": [str(error)]}) from error


def in_file(house: House, key: str) -> Any:
    """What the file says of ``key``; ``None`` when it says nothing."""
    base = house.marketplace.source.base or house.marketplace
    return value_at(base.source.data, key)[1]
