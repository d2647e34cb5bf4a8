"""Reads: the newest answering of a mission, and all of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.questionnaires.concluding import from_json
from marketwright.features.questionnaires.tables import Answering
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.questionnaires import Conclusion


@dataclass(frozen=True, slots=True)
class AnsweringRow:
    """One answering: what was answered, what it came to, by whom and when."""

    questionnaire: str
    version: str
    answers: dict[str, Any]
    conclusion: Conclusion
    by_name: str
    at: datetime


def history(session: Session, mission: str, questionnaire: str, *, most: int = 20) -> list[AnsweringRow]:
    """Every answering, the newest first."""
    rows = session.scalars(
        select(Answering)
        .where(Answering.mission_id == mission, Answering.questionnaire == questionnaire)
        .order_by(Answering.at.desc(), Answering.id.desc())
        .limit(most)
    )
    return [
        AnsweringRow(r.questionnaire, r.version, dict(r.answers), from_json(r.conclusion), r.by_name, r.at)
        for r in rows
    ]


def latest(session: Session, mission: str, questionnaire: str) -> AnsweringRow | None:
    """The answering that counts; ``None`` where nobody has answered."""
    return next(iter(history(session, mission, questionnaire, most=1)), None)
