"""Facets: the public values of the niche's own fields, one row each, so that lists can be filtered by them."""

from sqlalchemy import CheckConstraint, Float, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Serial


class Facet(Base):
    """One value of one field of a profile or mission, ``text`` or ``number``; rewritten with the JSON, the truth."""

    __tablename__ = "facets"
    __table_args__ = (
        CheckConstraint("owner_kind IN ('profile', 'mission')", name="owner_kind"),
        CheckConstraint("(text IS NULL) <> (number IS NULL)", name="one_value"),
        Index("ix_facets_owner", "owner_kind", "owner_id"),
        Index("ix_facets_text", "owner_kind", "field", "text"),
        Index("ix_facets_number", "owner_kind", "field", "number"),
    )

    seq: Mapped[Serial]
    owner_kind: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[str] = mapped_column(String(16))
    field: Mapped[str] = mapped_column(String(60))
    text: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[float | None] = mapped_column(Float)  # a measure, a day's ordinal, or minor units to compare by
