"""Reads of alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Membership as MembershipTable
from marketwright.features.accounts.tables import Organisation
from marketwright.features.alerts.tables import Alert
from marketwright.kernel.frozen import dataclass
from marketwright.web.viewer import Membership, Viewer


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


def due(session: Session, now: datetime) -> list[str]:
    """The alerts whose time has come at ``now`` (business time)."""
    return list(session.scalars(select(Alert.id).where(~Alert.paused, Alert.due_at <= now).order_by(Alert.due_at)))


def at_once(session: Session, kinds: Sequence[str]) -> list[str]:
    """The alerts of ``kinds`` that are told as soon as something happens."""
    query = select(Alert.id).where(~Alert.paused, Alert.frequency == "at_once", Alert.kind.in_(kinds))
    return list(session.scalars(query.order_by(Alert.id)))


def reader(session: Session, account: str) -> Viewer | None:
    """Who is told, with no right of staff; ``None`` for nobody, the suspended and those without a confirmed address."""
    found = accounts.account(session, account)
    if found is None or found.suspended_at is not None or found.confirmed_at is None:
        return None
    rows = session.execute(
        select(MembershipTable.organisation_id, Organisation.name, MembershipTable.roles)
        .join(Organisation, Organisation.id == MembershipTable.organisation_id)
        .where(MembershipTable.account_id == account, MembershipTable.document == "")
        .order_by(MembershipTable.joined_at, MembershipTable.organisation_id)
    )
    mine = tuple(Membership(id_, name, frozenset(roles)) for id_, name, roles in rows)
    return Viewer(
        account=account, session="", name=found.name, email=found.email, locale=found.locale,
        time_zone=found.time_zone, confirmed=True, is_freelancer=found.is_freelancer, organisations=mine,
    )  # fmt: skip
