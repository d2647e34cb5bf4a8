"""Bills and their series. A bill is written once; only whether it is paid changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.features.invoicing import bill_payments as _bill_payments  # noqa: F401  a table of this room
from marketwright.features.invoicing import invoice_tables as _invoices  # noqa: F401  so that the metadata is whole
from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.triggers import declare_trigger


class BillSeries(Base):
    """One series of numbers: a freelancer's bills of a year; ``last`` is the number given last."""

    __tablename__ = "bill_series"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


class Bill(Base):
    """What a client owes a freelancer for one accepted milestone, issued in the freelancer's name under a mandate."""

    __tablename__ = "bills"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        CheckConstraint("state IN ('open', 'paid', 'unpaid')", name="state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when_not_open"),
        CheckConstraint("number >= 1 AND work > 0 AND work_tax >= 0", name="amounts"),
        Index("ix_bills_contract", "contract_id"),
    )

    id: Mapped[Id]
    series: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    contract_id: Mapped[str] = mapped_column(String(16))
    milestone_id: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[str] = mapped_column(String(16), index=True)
    freelancer_id: Mapped[str] = mapped_column(String(16), index=True)
    title: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(24))  # of the contract
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    currency: Mapped[Currency]
    work: Mapped[Minor]
    work_tax: Mapped[Minor]
    client_fee: Mapped[Minor]
    client_fee_tax: Mapped[Minor]
    freelancer_fee: Mapped[Minor]
    freelancer_fee_tax: Mapped[Minor]
    parties: Mapped[dict[str, Any]]  # both legal identities as they were
    issued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="open")
    closed_at: Mapped[datetime | None]

    @property
    def shown_number(self) -> str:
        """The number as it stands on the bill."""
        return f"{self.series}-{self.number:04d}"


_KEPT = ("series", "number", "contract_id", "milestone_id", "title", "currency", "work", "work_tax", "client_fee",
         "client_fee_tax", "freelancer_fee", "freelancer_fee_tax", "parties", "issued_at", "due_at")  # fmt: skip
declare_trigger(
    "bills_without_gap", "bills",
    sqlite=(
        "CREATE TRIGGER bills_without_gap BEFORE INSERT ON bills WHEN NEW.number <> "
        "(SELECT coalesce(max(number), 0) + 1 FROM bills WHERE series = NEW.series) "
        "BEGIN SELECT RAISE(ABORT, 'a series of bills has no gap'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION bills_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM bills WHERE series = NEW.series) THEN "
        "RAISE EXCEPTION 'a series of bills has no gap'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER bills_without_gap BEFORE INSERT ON bills FOR EACH ROW EXECUTE FUNCTION bills_without_gap()"
    ),
)  # fmt: skip
declare_trigger(
    "bills_kept", "bills",
    sqlite=(
        "CREATE TRIGGER bills_kept BEFORE UPDATE ON bills WHEN "
        + " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in _KEPT)
        + " BEGIN SELECT RAISE(ABORT, 'an issued bill does not change'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION bills_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'an issued bill does not change'; END $$\n--;\n"
        "CREATE TRIGGER bills_kept BEFORE UPDATE ON bills FOR EACH ROW WHEN ("
        + " OR ".join(f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" for c in _KEPT)
        + ") EXECUTE FUNCTION bills_kept()"
    ),
)  # fmt: skip
declare_trigger(
    "bills_stay", "bills",
    sqlite="CREATE TRIGGER bills_stay BEFORE DELETE ON bills BEGIN SELECT RAISE(ABORT, 'an issued bill stays'); END",
    postgresql=(
        "CREATE OR REPLACE FUNCTION bills_stay() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'an issued bill stays'; END $$\n--;\n"
        "CREATE TRIGGER bills_stay BEFORE DELETE ON bills FOR EACH ROW EXECUTE FUNCTION bills_stay()"
    ),
)  # fmt: skip
