"""Who did something last, as the audit log says it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass
from marketwright.store.tables import AuditRow


@dataclass(frozen=True, slots=True)
class Deed:
    """The label and the name of who did it, and when (business time)."""

    actor: str
    name: str
    at: datetime


def last_deed(session: Session, *, action: str, subject: str, since: datetime) -> Deed | None:
    """The newest ``action`` on ``subject`` at or after ``since``; ``None`` where the log has none."""
    a = AuditRow
    row = session.execute(
        select(a.actor, a.actor_name, a.at).where(a.subject == subject, a.action == action, a.at >= since)
        .order_by(a.seq.desc()).limit(1)
    ).first()  # fmt: skip
    return Deed(*row) if row else None
