"""Who did something last, as the audit log says it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass
from marketwright.store.tables import AuditRow


@dataclass(frozen=True, slots=True)
class Deed:
    """The label and the name of who did it, and when (business time)."""

    actor: str
    name: str
    at: datetime


def newest(session: Session, action: str, subject: str) -> int:
    """The number of the newest ``action`` on ``subject``; 0 where there is none."""
    a = AuditRow
    return session.scalar(select(func.max(a.seq)).where(a.subject == subject, a.action == action)) or 0


def last_deed(session: Session, action: str, subject: str, after: int) -> Deed | None:
    """The newest ``action`` on ``subject`` behind number ``after``; ``None`` where there is none."""
    a = AuditRow
    row = session.execute(
        select(a.actor, a.actor_name, a.at).where(a.subject == subject, a.action == action, a.seq > after)
        .order_by(a.seq.desc()).limit(1)
    ).first()  # fmt: skip
    return Deed(*row) if row else None
