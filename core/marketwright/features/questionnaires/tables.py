"""What was answered, each time, and what it came to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id


class Answering(Base):
    """One answering of a questionnaire about a mission; never changed, the newest counts.

    ``answers`` are plain values by question; ``conclusion`` holds ``value``, ``headline``, ``reasons`` and ``duties``
    (text, since, source) as messages; ``version`` is the questionnaire's.
    """

    __tablename__ = "questionnaire_answers"
    __table_args__ = (Index("ix_questionnaire_answers_mission", "mission_id", "questionnaire", "at"),)

    id: Mapped[Id]
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"))
    questionnaire: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    conclusion: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(60))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
