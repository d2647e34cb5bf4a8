"""What the two sides of a contract said of each other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.triggers import declare_trigger


class Review(Base):
    """One side's word on the other, once a contract and side (C9). Seen by others from ``shows_at`` on.

    ``milestone_id`` is the released one that opened the review. ``counted`` says that the rating stands on the profile.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("contract_id", "by_side"),
        CheckConstraint("by_side IN ('client', 'freelancer')", name="by_side"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_reviews_freelancer", "freelancer_id", "by_side", "shows_at"),
        Index("ix_reviews_organisation", "organisation_id", "by_side", "shows_at"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    milestone_id: Mapped[str] = mapped_column(ForeignKey("milestones.id"))
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    freelancer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    by_side: Mapped[str] = mapped_column(String(10))
    by_account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    shows_at: Mapped[datetime]
    counted: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    hidden_reason: Mapped[str] = mapped_column(Text, default="")
    hidden_at: Mapped[datetime | None]


_PAID = (
    "EXISTS (SELECT 1 FROM holds WHERE holds.id = NEW.milestone_id AND holds.paid > 0) OR "
    "EXISTS (SELECT 1 FROM bills WHERE bills.milestone_id = NEW.milestone_id AND bills.state = 'paid')"
)
_LINKED = (
    "EXISTS (SELECT 1 FROM memberships WHERE memberships.organisation_id = NEW.organisation_id "
    "AND memberships.account_id = NEW.freelancer_id)"
)
_SAYS = "C9: a review stands on paid work, between people who are not linked"
declare_trigger(
    "reviews_of_paid_work", "reviews",
    sqlite=(
        f"CREATE TRIGGER reviews_of_paid_work BEFORE INSERT ON reviews WHEN NOT ({_PAID}) OR ({_LINKED}) "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION reviews_of_paid_work() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT ({_PAID}) OR ({_LINKED}) THEN RAISE EXCEPTION '{_SAYS}'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER reviews_of_paid_work BEFORE INSERT ON reviews FOR EACH ROW "
        "EXECUTE FUNCTION reviews_of_paid_work()"
    ),
)  # fmt: skip
