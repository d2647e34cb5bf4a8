"""What people reported, what was decided, and what was told to whose content was restricted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only, declare_trigger

_KIND = "kind IN ('profile', 'mission', 'service', 'client', 'review', 'message')"
_CATEGORY = "category IN ('illegal', 'fake', 'payment', 'hate', 'personal', 'other')"


class ContentNotice(Base):
    """One notice about one thing, by an account or by a visitor with an address, and its one decision.

    ``about`` is whose content it is. ``seen`` keeps what it said when it was reported; messages and reviews are kept as
    written anyway.
    """

    __tablename__ = "content_notices"
    __table_args__ = (
        CheckConstraint(_KIND, name="kind"),
        CheckConstraint(_CATEGORY, name="category"),
        CheckConstraint("account_id IS NOT NULL OR email <> ''", name="by_somebody"),
        CheckConstraint("explanation <> ''", name="explained"),
        CheckConstraint("decision IN ('', 'kept', 'restricted')", name="decision"),
        CheckConstraint(
            "(decision = '') = (decided_at IS NULL) AND (decision = '') = (decided_by IS NULL) "
            "AND (decision = '') = (reason = '')",
            name="decided_by_whom_when_why",
        ),
        partial_index("uq_content_notices_open_account", "kind", "thing", "account_id", unique=True,
                      where="decided_at IS NULL AND account_id IS NOT NULL"),
        partial_index("uq_content_notices_open_email", "kind", "thing", "email", unique=True,
                      where="decided_at IS NULL AND email <> ''"),
        Index("ix_content_notices_open", "decided_at", "at"),
        Index("ix_content_notices_thing", "kind", "thing"),
    )  # fmt: skip

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    thing: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")  # a visitor's, as the address
    email: Mapped[str] = mapped_column(String(254), default="")
    locale: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(20))
    explanation: Mapped[str] = mapped_column(Text)
    seen: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


class ContentStatement(Base):
    """The statement of reasons to whose content was restricted: what, why, on what ground, by whom, when."""

    __tablename__ = "content_statements"
    __table_args__ = (
        CheckConstraint(_KIND, name="kind"),
        CheckConstraint(_CATEGORY, name="category"),
        CheckConstraint("ground IN ('law', 'terms')", name="ground"),
        CheckConstraint("reason <> ''", name="with_a_reason"),
    )

    id: Mapped[Id]
    notice_id: Mapped[str] = mapped_column(ForeignKey("content_notices.id"), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)  # whose content it is
    kind: Mapped[str] = mapped_column(String(10))
    thing: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


append_only("content_statements", "statements of reasons")

_SAYS = "a notice is decided once"
_AGAIN = (
    "OLD.decided_at IS NOT NULL AND (NEW.decided_at IS {0} OLD.decided_at OR NEW.decision <> OLD.decision OR "
    "NEW.reason <> OLD.reason OR NEW.decided_by IS {0} OLD.decided_by)"
)
declare_trigger(
    "content_notices_decided_once", "content_notices",
    sqlite=(
        f"CREATE TRIGGER content_notices_decided_once BEFORE UPDATE ON content_notices WHEN {_AGAIN.format('NOT')} "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION content_notices_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_AGAIN.format('DISTINCT FROM')} THEN RAISE EXCEPTION '{_SAYS}'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER content_notices_decided_once BEFORE UPDATE ON content_notices FOR EACH ROW "
        "EXECUTE FUNCTION content_notices_decided_once()"
    ),
)  # fmt: skip
