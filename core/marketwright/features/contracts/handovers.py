"""Reads of what was handed over in the form of a deliverable."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.features.contracts.tables import Delivery, Handover, Milestone
from marketwright.features.files.tables import StoredFile
from marketwright.kernel.frozen import dataclass


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
    """What a handover says: its body, what the measure said, its files by fingerprint as (id, name, media type)."""

    body: Mapping[str, Any]
    judgement: Mapping[str, Any]
    files: Mapping[str, tuple[str, str, str]]


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


def said(session: Session, delivery: str) -> Said:
    """What an open handover says."""
    h, f = Handover, StoredFile
    row = session.execute(select(h.body, h.judgement).where(h.delivery_id == delivery)).one()
    files = session.execute(
        select(f.sha256, f.id, f.name, f.media_type)
        .where(f.owner_kind == "delivery", f.owner_id == delivery, f.removed_at.is_(None))
    )  # fmt: skip
    return Said(row.body or {}, row.judgement or {}, {r.sha256: (r.id, r.name, r.media_type) for r in files})


def latest_of(session: Session, milestone: str, deliverables: Iterable[str]) -> HandoverRow | None:
    """The newest handover of one of ``deliverables`` in ``milestone``."""
    d = Delivery
    wanted = _rows().where(d.milestone_id == milestone, Handover.deliverable.in_(list(deliverables)))
    row = session.execute(wanted.order_by(d.number.desc()).limit(1)).first()
    return HandoverRow(*row) if row else None


def canonical(body: Mapping[str, Any]) -> bytes:
    """``body`` as the bytes that its fingerprint is of, the same for the same values."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(body: Mapping[str, Any]) -> str:
    """SHA-256 of :func:`canonical`, in hex."""
    return sha256(canonical(body)).hexdigest()
