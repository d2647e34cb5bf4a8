"""Reads of alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.alerts.tables import Alert
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert."""

    id: str
    account_id: str
    kind: str
    target: str
    name: str
    frequency: str
    paused: bool
    told: int
    told_at: datetime | None
    created_at: datetime


_ALERT: tuple[Any, ...] = tuple(getattr(Alert, name) for name in AlertRow.__dataclass_fields__)


def alert(session: Session, id: str) -> AlertRow | None:  # noqa: A002  the word of the domain
    """The alert ``id``, whosever it is."""
    row = session.execute(select(*_ALERT).where(Alert.id == id)).first()
    return AlertRow(*row) if row else None


def alerts_of(session: Session, account: str) -> list[AlertRow]:
    """The alerts of ``account``, the newest first."""
    query = select(*_ALERT).where(Alert.account_id == account).order_by(Alert.created_at.desc(), Alert.id)
    return [AlertRow(*row) for row in session.execute(query)]


def of_target(session: Session, account: str, kind: str, target: str) -> AlertRow | None:
    """The alert of ``account`` for just that, if there is one."""
    query = select(*_ALERT).where(Alert.account_id == account, Alert.kind == kind, Alert.target == target)
    row = session.execute(query).first()
    return AlertRow(*row) if row else None


def targets(session: Session) -> list[str]:
    """What all saved searches ask, as their addresses say it."""
    return list(session.scalars(select(Alert.target).where(Alert.kind.in_(("people", "missions")))))


def due(session: Session, now: datetime) -> list[str]:
    """The alerts whose time has come at ``now`` (business time)."""
    return list(session.scalars(select(Alert.id).where(~Alert.paused, Alert.due_at <= now).order_by(Alert.due_at)))


def of_freelancers(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of ``ids`` that are new matches of a freelancer's own."""
    return set(session.scalars(select(Alert.id).where(Alert.id.in_(ids), Alert.kind == "my_matches")))


def at_once(session: Session, kinds: Sequence[str]) -> list[str]:
    """The alerts of ``kinds`` that are told as soon as something happens."""
    query = select(Alert.id).where(~Alert.paused, Alert.frequency == "at_once", Alert.kind.in_(kinds))
    return list(session.scalars(query.order_by(Alert.id)))
