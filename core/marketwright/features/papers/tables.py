"""What was handed in for a condition, who is asked to sign its paper, and their signatures."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id
from marketwright.store.partial import partial_index
from marketwright.store.triggers import append_only, declare_trigger


class Handing(Base):
    """What one side handed in for a condition; one at a time waits for signatures. ``values`` by its fields.

    ``confidential`` ones are read by the two sides alone; sealed ones lie under ``seal``, and ``values`` is empty.
    ``sign_by`` is business time, and so are ``spans`` ([from, to], ISO): when what is signed allows something.
    """

    __tablename__ = "paper_handings"
    __table_args__ = (
        UniqueConstraint("contract_id", "name", "number"),
        CheckConstraint("state IN ('waiting', 'met', 'refused', 'withdrawn', 'lapsed')", name="state"),
        CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name="closed"),
        partial_index("ix_paper_handings_waiting", "contract_id", "name", unique=True, where="state = 'waiting'"),
        Index("ix_paper_handings_sign_by", "state", "sign_by"),
    )  # fmt: skip

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    values: Mapped[dict[str, Any]]
    document_id: Mapped[str] = mapped_column(String(16), default="", index=True)  # '' where no paper is drawn
    parties: Mapped[list[Any]] = mapped_column(default=list)  # sides that sign it: client, freelancer
    confidential: Mapped[bool] = mapped_column(default=False)
    sign_by: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    by: Mapped[str] = mapped_column(String(80))
    by_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str] = mapped_column(Text, default="")
    seal: Mapped[str] = mapped_column(String(16), default="")
    spans: Mapped[list[Any] | None]


class EarlyAnswer(Base):
    """What a freelancer answered to an early condition of a mission, before any contract; what it says is sealed."""

    __tablename__ = "early_answers"
    __table_args__ = (UniqueConstraint("mission_id", "account_id", "name"),)

    id: Mapped[Id]
    mission_id: Mapped[str] = mapped_column(ForeignKey("missions.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    seal: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class OutsideSigner(Base):
    """Somebody without an account who is asked to sign. ``link`` counts the links sent: only the newest opens.

    ``code_number`` counts the codes asked for with it; ``code_until`` is machine time.
    """

    __tablename__ = "outside_signers"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'signed', 'refused')", name="state"),
        Index("ix_outside_signers_remind", "state", "remind_at"),
    )

    id: Mapped[Id]
    handing_id: Mapped[str] = mapped_column(ForeignKey("paper_handings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    company: Mapped[str] = mapped_column(String(160), default="")
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    link: Mapped[int] = mapped_column(default=1)
    code_number: Mapped[int] = mapped_column(default=0)
    code_until: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class OutsideSignature(Base):
    """That an outsider signed: who they said they are, the words they agreed to, the hash of what they read, how."""

    __tablename__ = "outside_signatures"

    id: Mapped[Id]
    signer_id: Mapped[str] = mapped_column(ForeignKey("outside_signers.id"), unique=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120))
    company: Mapped[str] = mapped_column(String(160), default="")
    email: Mapped[str] = mapped_column(String(254))
    sha256: Mapped[str] = mapped_column(String(64))
    consent: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(String(20), default="link and code")
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    code_at: Mapped[datetime]  # when the mailed code was given, machine time
    at: Mapped[datetime]


append_only("outside_signatures", "C4")
declare_trigger(
    "outside_signatures_of_the_text", "outside_signatures",
    sqlite=(
        "CREATE TRIGGER outside_signatures_of_the_text BEFORE INSERT ON outside_signatures WHEN NOT EXISTS "
        "(SELECT 1 FROM documents WHERE id = NEW.document_id AND sha256 = NEW.sha256) "
        "BEGIN SELECT RAISE(ABORT, 'C4: what is signed is not the text that is kept'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION outside_signatures_of_the_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NOT EXISTS (SELECT 1 FROM documents WHERE id = NEW.document_id AND sha256 = NEW.sha256) THEN "
        "RAISE EXCEPTION 'C4: what is signed is not the text that is kept'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER outside_signatures_of_the_text BEFORE INSERT ON outside_signatures FOR EACH ROW "
        "EXECUTE FUNCTION outside_signatures_of_the_text()"
    ),
)  # fmt: skip
