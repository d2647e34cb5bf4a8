"""Reads of what was handed over in the form of a deliverable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.features.contracts.tables import Delivery, Handover, Milestone


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One handover without what it says: ``seal`` is '' for what lies open."""

    delivery: str
    contract: str
    milestone: str
    milestone_title: str
    number: int
    deliverable: str
    seal: str
    sha256: str
    met: bool | None
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a handover says: its body, and what the measure said of it."""

    body: Mapping[str, Any]
    judgement: Mapping[str, Any]


def _rows() -> Select[Any]:
    h, d, m = Handover, Delivery, Milestone
    columns: tuple[Any, ...] = (d.id, m.contract_id, m.id, m.title, d.number, h.deliverable, h.seal, h.sha256, h.met,
                                d.by, Account.name, d.at)  # fmt: skip
    return (
        select(*columns).join(d, d.id == h.delivery_id).join(m, m.id == d.milestone_id)
        .join(Account, Account.id == d.by)
    )  # fmt: skip


def handover(session: Session, delivery: str) -> HandoverRow | None:
    """The handover of ``delivery``."""
    row = session.execute(_rows().where(Handover.delivery_id == delivery)).first()
    return HandoverRow(*row) if row else None


def handovers_of(session: Session, contract: str) -> dict[str, HandoverRow]:
    """The handovers of a contract by delivery."""
    rows = session.execute(_rows().where(Milestone.contract_id == contract))
    return {row[0]: HandoverRow(*row) for row in rows}


def said(session: Session, delivery: str) -> Said | None:
    """What an open handover says; ``None`` where it is sealed."""
    h = Handover
    row = session.execute(select(h.body, h.judgement).where(h.delivery_id == delivery, h.seal == "")).first()
    return Said(row.body or {}, row.judgement or {}) if row else None


def latest_of(session: Session, milestone: str, deliverables: Iterable[str]) -> Mapping[str, Any] | None:
    """The body of the newest handover of one of ``deliverables`` in ``milestone``."""
    h, d = Handover, Delivery
    newest = session.scalar(
        select(h.delivery_id).join(d, d.id == h.delivery_id)
        .where(d.milestone_id == milestone, h.deliverable.in_(list(deliverables)))
        .order_by(d.number.desc()).limit(1)
    )  # fmt: skip
    found = said(session, newest) if newest else None
    return found.body if found else None
