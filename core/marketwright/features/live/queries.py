"""Reads of approvals, test mails and rehearsed restores."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.backups.tables import Restoration
from marketwright.features.live.tables import Approval, MailTrial
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """Who approved one text."""

    subject: str
    language: str
    version: str
    digest: str
    name: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One test mail."""

    id: str
    address: str
    asked_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RestorationRow:
    """One backup that was brought back, or tried."""

    at: datetime
    by: str
    kind: str
    file: str
    made_at: datetime
    sealed: int
    findings: int


def approvals(session: Session, subject: str, language: str) -> list[ApprovalRow]:
    """Every approval of one text, the newest first."""
    a = Approval
    rows = session.execute(
        select(a.subject, a.language, a.version, a.digest, a.name, a.note, a.at)
        .where(a.subject == subject, a.language == language)
        .order_by(a.at.desc(), a.id)
    )
    return [ApprovalRow(*row) for row in rows]


def newest_trial(session: Session, *, sender: str, server: str, confirmed: bool = False) -> TrialRow | None:
    """The newest test mail by this sender and server."""
    m = MailTrial
    query = select(m.id, m.address, m.asked_at, m.confirmed_at).where(m.sender == sender, m.server == server)
    if confirmed:
        query = query.where(m.confirmed_at.is_not(None))
    row = session.execute(query.order_by(m.asked_at.desc())).first()
    return TrialRow(*row) if row else None


def trial(session: Session, id: str) -> TrialRow | None:  # noqa: A002  the word of the domain
    """The test mail ``id``."""
    m = MailTrial
    row = session.execute(select(m.id, m.address, m.asked_at, m.confirmed_at).where(m.id == id)).first()
    return TrialRow(*row) if row else None


def newest_restoration(session: Session) -> RestorationRow | None:
    """The last backup that was restored or rehearsed."""
    r = Restoration
    row = session.execute(
        select(r.at, r.by, r.kind, r.file, r.made_at, r.sealed, r.findings).order_by(r.at.desc()).limit(1)
    ).first()
    return RestorationRow(*row) if row else None
