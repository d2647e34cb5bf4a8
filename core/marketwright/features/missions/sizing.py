"""What a brief implies in days: asked of the estimators, kept with what it was computed from, read again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from marketwright.features.missions.brief import Brief
from marketwright.features.missions.tables import MissionEstimate
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import PluginFailed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.estimators import Effort, Estimate, Sizing
from marketwright.strategies.fields import Field

EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Sized:
    """One estimator's answer, and what it was computed from; ``at`` is when it was kept, ``None`` before."""

    estimator: str
    label: str
    low: int
    likely: int
    high: int
    parts: tuple[Effort, ...]
    source: Mapping[str, Any]
    at: datetime | None = None


def sizing_of(brief: Brief, fields: Iterable[Field]) -> Sizing:
    """What estimators read of ``brief``: nothing private, and not its own days."""
    open_ones = {f.name for f in fields if not f.private}
    told = {name: value for name, value in brief.fields.items() if name in open_ones and value not in EMPTY}
    must = sum(s.must for s in brief.skills)
    return Sizing(told, must=must, nice=len(brief.skills) - must, remote=brief.remote)


def ask(plugins: Plugins, brief: Brief, fields: Iterable[Field]) -> list[Sized]:
    """The estimate of every enabled estimator that can say one. An estimator that fails says none.

    Never inside a unit of work: a plugin is asked.
    """
    told = sizing_of(brief, fields)
    source = {"fields": dict(told.fields), "must": told.must, "nice": told.nice, "remote": told.remote}
    found = []
    for entry in plugins.estimators.values():
        try:
            made = entry.ask("estimate", lambda e: e.estimate(told))
        except PluginFailed:
            continue  # logged under its name; a brief is written without it
        if made is not None and 0 < made.low <= made.likely <= made.high:
            found.append(_sized(entry.it.name, entry.it.label, made, source))
    return found


def _sized(name: str, label: str, made: Estimate, source: Mapping[str, Any]) -> Sized:
    return Sized(name, label, made.low, made.likely, made.high, made.parts, source)


def keep(uow: UnitOfWork, *, mission: str, sized: Iterable[Sized]) -> None:
    """Keep the estimates of a mission's brief in the place of the earlier ones."""
    uow.session.execute(delete(MissionEstimate).where(MissionEstimate.mission_id == mission))
    rows = [
        {"mission_id": mission, "estimator": s.estimator, "label": s.label, "low": s.low, "likely": s.likely,
         "high": s.high, "parts": [_to_json(p) for p in s.parts], "source": dict(s.source), "at": uow.now}
        for s in sized
    ]  # fmt: skip
    if rows:
        uow.session.execute(insert(MissionEstimate), rows)


def kept(session: Session, plugins: Plugins, mission: str) -> list[Sized]:
    """The estimates kept with a mission, of the estimators that are enabled."""
    table = MissionEstimate
    rows = session.execute(
        select(table.estimator, table.label, table.low, table.likely, table.high, table.parts, table.source, table.at)
        .where(table.mission_id == mission)
    )  # fmt: skip
    by_name = {r.estimator: r for r in rows}
    return [
        Sized(r.estimator, r.label, r.low, r.likely, r.high, tuple(map(_from_json, r.parts)), r.source, r.at)
        for name in plugins.estimators
        if (r := by_name.get(name)) is not None
    ]


def _to_json(part: Effort) -> list[Any]:
    return [_say_json(part.label), part.days, _say_json(part.why)]


def _from_json(kept: list[Any]) -> Effort:
    label, days, why = kept
    return Effort(say(label[0], **label[1]), days, say(why[0], **why[1]))


def _say_json(text: str) -> list[Any]:
    return [text.template, text.params] if isinstance(text, Text) else [str(text), {}]
