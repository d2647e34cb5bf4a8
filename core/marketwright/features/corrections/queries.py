"""Reads of corrections."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.tables import Account
from marketwright.features.corrections.tables import Correction
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money

CORRECT = "money.correct"  # the permission


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: ``amount`` above zero is a debit."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction. ``asked_by`` and ``decided_by`` are labels of actors, ``asked_name`` and ``decided_name`` names.

    ``legs`` are those of an entry, ``hold`` that of a refund; ``reverses`` the transaction that an entry takes back.
    """

    id: str
    kind: str
    amount: Money
    reason: str
    asked_by: str
    asked_name: str
    asked_at: datetime
    alone: bool
    not_before: datetime | None
    state: str
    decided_by: str
    decided_name: str
    decided_at: datetime | None
    answer: str
    effect: str
    legs: tuple[Leg, ...]
    hold: str
    contract: str
    reverses: str


def corrections(session: Session, *, state: str = "", limit: int = 50) -> list[CorrectionRow]:
    """Corrections, the newest first; only those in ``state`` where one is given."""
    query = select(Correction).order_by(Correction.asked_at.desc(), Correction.id).limit(limit)
    rows = session.scalars(query.where(Correction.state == state) if state else query).all()
    names = _names(session, {label for row in rows for label in (row.asked_by, row.decided_by)})
    return [_row(row, names) for row in rows]


def correction(session: Session, correction: str) -> CorrectionRow | None:
    """One correction by its id."""
    row = session.get(Correction, correction)
    return _row(row, _names(session, {row.asked_by, row.decided_by})) if row else None


def waiting(session: Session) -> int:
    """How many corrections wait for somebody's word."""
    return int(session.scalar(select(func.count()).where(Correction.state == "asked")) or 0)


def others(session: Session, asker: str) -> list[str]:
    """The accounts of the staff, besides ``asker``, who may decide on a correction."""
    people = [row.account for row in accounts.staff(session) if CORRECT in permissions_of(frozenset(row.roles))]
    known = accounts.accounts_by_id(session, people)
    return [p for p in people if p != asker and p in known and known[p].suspended_at is None]


def _row(row: Correction, names: dict[str, str]) -> CorrectionRow:
    body: dict[str, Any] = row.body
    legs = tuple(Leg(account, Money(amount, row.currency)) for account, amount in body.get("legs", []))
    return CorrectionRow(
        row.id, row.kind, Money(row.amount, row.currency), row.reason, row.asked_by, names.get(row.asked_by, ""),
        row.asked_at, row.alone, row.not_before, row.state, row.decided_by, names.get(row.decided_by, ""),
        row.decided_at, row.answer, row.effect, legs, body.get("hold", ""), body.get("contract", ""),
        body.get("reverses", ""),
    )  # fmt: skip


def _names(session: Session, labels: set[str]) -> dict[str, str]:
    ids = {label.partition(":")[2]: label for label in labels if label.startswith("person:")}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {ids[id_]: name for id_, name in rows}
