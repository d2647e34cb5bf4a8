"""What is sealed, and who read it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id, Serial
from marketwright.store.triggers import append_only, declare_trigger


class Seal(Base):
    """One sealed thing of a contract or a mission; ``token`` goes when it is deleted, ``sha256`` (of what was sealed)
    stays.

    ``files`` are the ids of sealed files that go with it. Without ``delete_on`` it goes some time after its contract
    has ended; what is a mission's goes with its contracts.
    """

    __tablename__ = "seals"
    __table_args__ = (
        CheckConstraint("(token IS NULL) = (deleted_at IS NOT NULL)", name="deleted"),
        CheckConstraint("(contract_id = '') <> (mission_id = '')", name="belongs_to_one"),
        Index("ix_seals_due", "deleted_at", "delete_on"),
    )

    id: Mapped[Id]
    contract_id: Mapped[str] = mapped_column(String(16), index=True)
    mission_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    token: Mapped[bytes | None] = mapped_column(LargeBinary)
    files: Mapped[list[str]]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes of what was sealed
    created_at: Mapped[datetime]
    delete_on: Mapped[date | None]
    deleted_at: Mapped[datetime | None]


class SealReading(Base):
    """That somebody read something sealed: written before it is shown, never changed."""

    __tablename__ = "seal_readings"
    __table_args__ = (CheckConstraint("role IN ('client', 'freelancer', 'staff', 'outsider')", name="role"),)

    seq: Mapped[Serial]
    contract_id: Mapped[str] = mapped_column(String(16), index=True)
    mission_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    seal_id: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[str] = mapped_column(String(16), default="")  # the case that a member of the staff read it in
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]


append_only("seal_readings")
declare_trigger(
    "seals_keep_their_fingerprint", "seals",
    sqlite=(
        "CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals WHEN OLD.sha256 <> NEW.sha256 OR "
        "OLD.contract_id <> NEW.contract_id OR OLD.mission_id <> NEW.mission_id OR OLD.delete_on IS NOT NEW.delete_on "
        "OR OLD.deleted_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'what is sealed keeps its fingerprint and its date'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION seals_keep_their_fingerprint() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.sha256 <> NEW.sha256 OR OLD.contract_id <> NEW.contract_id OR OLD.mission_id <> NEW.mission_id OR "
        "OLD.delete_on IS DISTINCT FROM NEW.delete_on OR OLD.deleted_at IS NOT NULL THEN "
        "RAISE EXCEPTION 'what is sealed keeps its fingerprint and its date'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER seals_keep_their_fingerprint BEFORE UPDATE ON seals FOR EACH ROW "
        "EXECUTE FUNCTION seals_keep_their_fingerprint()"
    ),
)  # fmt: skip
