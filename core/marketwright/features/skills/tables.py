"""Skills, their names in each language, and what is broader than what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Serial


class Skill(Base):
    """One skill of one taxonomy. The key is the taxonomy's own; a missing French label leaves the English one."""

    __tablename__ = "skills"
    __table_args__ = (CheckConstraint("id <> '' AND label_en <> ''", name="named"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    taxonomy: Mapped[str] = mapped_column(String(60), index=True)
    label_en: Mapped[str] = mapped_column(String(200))
    label_fr: Mapped[str] = mapped_column(String(200), default="")


class SkillLabel(Base):
    """One name of a skill; ``key`` is the name without accents, plurals and little words."""

    __tablename__ = "skill_labels"
    __table_args__ = (
        CheckConstraint("language IN ('en', 'fr')", name="language"),
        Index("ix_skill_labels_key", "key"),
    )

    seq: Mapped[Serial]
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), index=True)
    language: Mapped[str] = mapped_column(String(5))
    label: Mapped[str] = mapped_column(String(300))
    key: Mapped[str] = mapped_column(String(300))
    preferred: Mapped[bool]


class MergedSkill(Base):
    """A skill that was merged into ``into_id``: its key goes on meaning that one. Files that bring it are read past."""

    __tablename__ = "merged_skills"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    into_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), index=True)
    taxonomy: Mapped[str] = mapped_column(String(60))
    merged_at: Mapped[datetime]


class SkillParent(Base):
    """``parent_id`` is broader than ``skill_id``."""

    __tablename__ = "skill_parents"
    __table_args__ = (CheckConstraint("skill_id <> parent_id", name="not_itself"),)

    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    parent_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)
