"""What arrived of a bill: one row a payment, a credit, or the taking back of either. Append only."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.triggers import append_only, declare_trigger

RECEIVED, AGREED, CREDITED, UNDONE = "received", "agreed", "credited", "undone"


class BillPayment(Base):
    """``amount`` minor units less to pay of a bill; below zero where ``undoes`` takes an earlier row back.

    ``kind`` is ``received`` (seen on an account, or said by the freelancer), ``agreed`` (the rest, by the step that
    counts the bill as paid) or ``credited`` (by a credit note). ``source`` says who reports it, ``key`` is theirs:
    the same one counts once.
    """

    __tablename__ = "bill_payments"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        UniqueConstraint("undoes"),
        CheckConstraint(f"kind IN ('{RECEIVED}', '{AGREED}', '{CREDITED}', '{UNDONE}')", name="kind"),
        CheckConstraint(f"(kind = '{UNDONE}') = (undoes IS NOT NULL)", name="undoes_a_row"),
        CheckConstraint(f"(kind = '{UNDONE}' AND amount < 0) OR (kind <> '{UNDONE}' AND amount > 0)", name="amount"),
    )

    id: Mapped[Id]
    bill_id: Mapped[str] = mapped_column(ForeignKey("bills.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    source: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(120))
    paid_on: Mapped[date]
    payer: Mapped[str] = mapped_column(String(140), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    undoes: Mapped[str | None] = mapped_column(ForeignKey("bill_payments.id"))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


append_only("bill_payments")
_SUM = "(SELECT coalesce(sum(amount), 0) FROM bill_payments WHERE bill_id = NEW.bill_id) + NEW.amount"
_WHOLE = "(SELECT work + work_tax FROM bills WHERE id = NEW.bill_id)"
_SAYS = "a bill takes no more than it asks for, and gives no more back than it took"
declare_trigger(
    "bill_payments_within", "bill_payments",
    sqlite=(
        "CREATE TRIGGER bill_payments_within BEFORE INSERT ON bill_payments "
        f"WHEN {_SUM} NOT BETWEEN 0 AND {_WHOLE} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ),
    postgresql=(
        "CREATE OR REPLACE FUNCTION bill_payments_within() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_SUM} NOT BETWEEN 0 AND {_WHOLE} THEN RAISE EXCEPTION '{_SAYS}'; END IF; RETURN NEW; END $$\n--;\n"
        "CREATE TRIGGER bill_payments_within BEFORE INSERT ON bill_payments "
        "FOR EACH ROW EXECUTE FUNCTION bill_payments_within()"
    ),
)  # fmt: skip
