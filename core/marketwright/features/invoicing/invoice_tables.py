"""Invoices and credit notes, their series, what is still to be issued, and mandates. What is issued never changes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.triggers import append_only, declare_trigger

_KINDS = "'sale', 'client_fee', 'freelancer_fee', 'service'"


class InvoiceSeries(Base):
    """One series of numbers: a seller's documents of a year; ``last`` is the number given last."""

    __tablename__ = "invoice_series"
    __table_args__ = (UniqueConstraint("seller", "year"),)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seller: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Invoice(Base):
    """One document as issued: parties, lines, taxes and legal mentions frozen; amounts are never negative.

    ``kind`` is what is invoiced: the freelancer's work to the client, the marketplace's fee to either, or a service of
    its own. A credit note takes back what ``credits`` names. Net, tax and gross are those that the ledger has booked
    for the same cause (L14).
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        UniqueConstraint("cause_type", "cause_id", "kind"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("net >= 0 AND tax >= 0 AND gross = net + tax", name="l14_totals"),
        CheckConstraint("paid >= 0 AND paid <= gross", name="paid"),
        CheckConstraint("credit OR credits = ''", name="credits"),
        Index("ix_invoices_milestone", "milestone_id", "kind"),
    )

    id: Mapped[Id]
    series: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    credit: Mapped[bool] = mapped_column(default=False)
    credits: Mapped[str] = mapped_column(String(16), default="")  # the invoice that a credit note takes back
    cause_type: Mapped[str] = mapped_column(String(40))
    cause_id: Mapped[str] = mapped_column(String(80))
    contract_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    milestone_id: Mapped[str] = mapped_column(String(16), default="")
    bill_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    organisation_id: Mapped[str] = mapped_column(String(16), default="", index=True)  # '' where it does not concern one
    freelancer_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    currency: Mapped[Currency]
    net: Mapped[Minor]
    tax: Mapped[Minor]
    gross: Mapped[Minor]
    paid: Mapped[Minor] = mapped_column(default=0)  # when it was issued
    language: Mapped[str] = mapped_column(String(5))
    reference: Mapped[str] = mapped_column(String(24), default="")  # of the contract
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    issued_on: Mapped[date]
    supplied_on: Mapped[date]
    due_on: Mapped[date | None]
    country: Mapped[str] = mapped_column(String(2))  # whose pack drew it up
    body: Mapped[dict[str, Any]]  # seller, buyer, issuer, lines, taxes, mentions
    at: Mapped[datetime]

    @property
    def shown_number(self) -> str:
        """The number as it stands on the document."""
        return f"{self.series}-{self.number:04d}"


class InvoiceDue(Base):
    """A document that money has made due, written in the commit that moved the money; issued once, by a job.

    ``facts`` are frozen with it. ``reason`` is an English sentence that says what it waits for, ``params`` fill it.
    """

    __tablename__ = "invoice_dues"
    __table_args__ = (
        UniqueConstraint("cause_type", "cause_id", "kind"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        Index("ix_invoice_dues_open", "invoice_id", "created_at"),
    )

    id: Mapped[Id]
    cause_type: Mapped[str] = mapped_column(String(40))
    cause_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    credit: Mapped[bool] = mapped_column(default=False)
    contract_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    organisation_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    freelancer_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    facts: Mapped[dict[str, Any]]
    invoice_id: Mapped[str] = mapped_column(String(16), default="")
    blocker: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class SentInvoice(Base):
    """A document for work that its seller made and sent, handed in for what is due; the last one handed in holds.

    ``number`` and ``issued_on`` are those on it, ``file_id`` is its file, '' where the number alone was given.
    """

    __tablename__ = "sent_invoices"

    id: Mapped[Id]
    due_id: Mapped[str] = mapped_column(String(16), index=True)
    contract_id: Mapped[str] = mapped_column(String(16), default="", index=True)
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    file_id: Mapped[str] = mapped_column(String(16), default="")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class MandateStep(Base):
    """A freelancer accepted or withdrew the mandate to invoice in their name; the last step holds."""

    __tablename__ = "mandate_steps"
    __table_args__ = (CheckConstraint("step IN ('accepted', 'withdrawn')", name="step"),)

    id: Mapped[Id]
    freelancer_id: Mapped[str] = mapped_column(String(16), index=True)
    step: Mapped[str] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]


_NEXT = "(SELECT coalesce(max(number), 0) + 1 FROM invoices WHERE series = NEW.series)"
_EARLIER = "(SELECT 1 FROM invoices WHERE series = NEW.series AND issued_on > NEW.issued_on)"
declare_trigger(
    "invoices_without_gap", "invoices",
    sqlite=(
        "CREATE TRIGGER invoices_without_gap BEFORE INSERT ON invoices BEGIN "
        f"SELECT RAISE(ABORT, 'a series of invoices has no gap') WHERE NEW.number <> {_NEXT}; "
        f"SELECT RAISE(ABORT, 'the numbers of a series follow its dates') WHERE EXISTS {_EARLIER}; END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION invoices_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.number <> {_NEXT} THEN RAISE EXCEPTION 'a series of invoices has no gap'; END IF; "
        f"IF EXISTS {_EARLIER} THEN RAISE EXCEPTION 'the numbers of a series follow its dates'; END IF; "
        "RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER invoices_without_gap BEFORE INSERT ON invoices FOR EACH ROW "
        "EXECUTE FUNCTION invoices_without_gap()"
    ),
)  # fmt: skip
append_only("invoices")
append_only("mandate_steps")
append_only("sent_invoices")
