"""What messaging answers to lower rooms: who talks with whom, how often and how fast people answer."""

from collections.abc import Sequence
from statistics import median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketwright.features.messaging import queries
from marketwright.features.messaging.tables import Thread

DAY, HOUR = 86_400, 3_600  # seconds


class Conversations:
    """Answers ``missions.Talks`` and ``profiles.Acquaintance``."""

    def has(self, session: Session, mission: str, account: str) -> bool:
        """Whether the freelancer talks with the client about the mission."""
        return bool(self.thread(session, mission, account))

    def thread(self, session: Session, mission: str, account: str) -> str:
        """The id of that conversation, or ''."""
        found = select(Thread.id).where(Thread.mission_id == mission, Thread.freelancer_id == account)
        return session.scalar(found) or ""

    def counts(self, session: Session, missions: Sequence[str]) -> dict[str, int]:
        """How many freelancers applied to each mission; those without any are left out."""
        rows = session.execute(
            select(Thread.mission_id, func.count())
            .where(Thread.mission_id.in_(missions), Thread.applied_at.is_not(None))
            .group_by(Thread.mission_id)
        )
        return {row[0]: row[1] for row in rows}

    def knows(self, session: Session, organisations: Sequence[str], freelancer: str) -> bool:
        """Whether one of ``organisations`` has a conversation with ``freelancer``."""
        return queries.knows(session, organisations, freelancer)


def client_answers(session: Session, organisation: str) -> tuple[float | None, float | None]:
    """Share (0 to 1) of applications and questions that the client answered, and the median days it took.

    ``None`` where nobody wrote yet. What freelancers began counts; invitations are the client's own word.
    """
    waits = _waits(session, Thread.organisation_id == organisation, Thread.opened_by == Thread.freelancer_id)
    answered = [wait for wait in waits if wait is not None]
    share = len(answered) / len(waits) if waits else None
    return share, round(median(answered) / DAY, 1) if answered else None


def freelancer_answer_hours(session: Session, freelancer: str) -> float | None:
    """Median hours until a freelancer answered invitations; ``None`` where there were none."""
    waits = _waits(session, Thread.freelancer_id == freelancer, Thread.opened_by != Thread.freelancer_id)
    answered = [wait for wait in waits if wait is not None]
    return round(median(answered) / HOUR, 1) if answered else None


def _waits(session: Session, *where: ColumnElement[bool]) -> list[float | None]:
    """Seconds from the first message to the other side's first, for each thread; ``None`` where there is none yet."""
    rows = session.execute(select(Thread.opened_at, Thread.first_answer_at).where(*where))
    return [(r.first_answer_at - r.opened_at).total_seconds() if r.first_answer_at else None for r in rows]
