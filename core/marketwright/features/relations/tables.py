"""What an organisation and a freelancer are to each other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id, Minor


class Relation(Base):
    """One pair. ``cumulated`` is the work agreed so far, before tax, minor units of the marketplace's currency.

    ``own_network``: they met outside, so no commission is due. ``linked``: the same people stand behind both sides.
    """

    __tablename__ = "relations"
    __table_args__ = (
        UniqueConstraint("organisation_id", "freelancer_id"),
        CheckConstraint("cumulated >= 0", name="cumulated_not_negative"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    own_network: Mapped[bool] = mapped_column(default=False)
    linked: Mapped[bool] = mapped_column(default=False)
    first_contract_at: Mapped[datetime | None]
    cumulated: Mapped[Minor] = mapped_column(default=0)
    created_at: Mapped[datetime]
