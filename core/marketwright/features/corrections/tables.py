"""Corrections of money, and what the database itself holds of them: nothing is corrected by one person in one hour."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Currency, Id, Minor
from marketwright.store.partial import partial_index
from marketwright.store.triggers import declare_trigger

_TWO = "(decided_by LIKE 'person:%' AND decided_by <> asked_by)"
_LATER = "(alone AND decided_at >= not_before)"
_OPEN = "state = 'asked'"


class Correction(Base):
    """One correction: an ``entry`` of the ledger (``body``: legs), or a ``refund`` after release (``body``: hold).

    It is ``asked`` by one of the staff and ``done`` by another. Where there is no other, it is ``alone``: done by the
    clock at ``not_before`` at the earliest, a day later, until when it can be ``withdrawn``.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("kind IN ('entry', 'refund')", name="kind"),
        CheckConstraint("state IN ('asked', 'done', 'withdrawn', 'refused')", name="state"),
        CheckConstraint("amount > 0 AND reason <> '' AND asked_by <> ''", name="complete"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(f"state <> 'done' OR {_TWO} OR {_LATER}", name="two_or_a_day"),
        CheckConstraint("NOT alone OR not_before IS NOT NULL", name="alone_waits"),
        partial_index("ix_corrections_open", "not_before", where=_OPEN),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(8))
    body: Mapped[dict[str, Any]]
    amount: Mapped[Minor]
    currency: Mapped[Currency]
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime]
    alone: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="asked")
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")  # why it was refused
    effect: Mapped[str] = mapped_column(String(16), default="")  # the transaction, or the command


_SAME = """
  (NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency
   OR NEW.reason <> OLD.reason OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at
   OR NEW.alone <> OLD.alone OR coalesce(NEW.not_before, NEW.asked_at) <> coalesce(OLD.not_before, OLD.asked_at)
   OR {body})
"""
_OVER = "(OLD.state <> 'asked' AND (NEW.state <> OLD.state OR NEW.decided_by <> OLD.decided_by))"
_ASKED = "NEW.state <> 'asked'"
_SOON_SQLITE = "(NEW.alone AND julianday(NEW.not_before) - julianday(NEW.asked_at) < 0.99999)"
_SOON_POSTGRESQL = "(NEW.alone AND NEW.not_before < NEW.asked_at + interval '24 hours')"
_SAYS_SAME, _SAYS_NEW = "E10: what two people decide on does not change", "E10: a correction begins by being asked for"
_SAYS_SOON = "E10: alone, a correction waits for a day"

declare_trigger(
    "corrections_ask",
    "corrections",
    sqlite=f"""
CREATE TRIGGER corrections_ask BEFORE INSERT ON corrections BEGIN
  SELECT RAISE(ABORT, '{_SAYS_NEW}') WHERE {_ASKED};
  SELECT RAISE(ABORT, '{_SAYS_SOON}') WHERE {_SOON_SQLITE};
END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION corrections_ask() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF {_ASKED} THEN RAISE EXCEPTION '{_SAYS_NEW}' USING ERRCODE = 'check_violation'; END IF;
  IF {_SOON_POSTGRESQL} THEN RAISE EXCEPTION '{_SAYS_SOON}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER corrections_ask BEFORE INSERT ON corrections FOR EACH ROW EXECUTE FUNCTION corrections_ask()""",
)
declare_trigger(
    "corrections_move",
    "corrections",
    sqlite=f"""
CREATE TRIGGER corrections_move BEFORE UPDATE ON corrections BEGIN
  SELECT RAISE(ABORT, '{_SAYS_SAME}') WHERE {_SAME.format(body="NEW.body <> OLD.body")} OR {_OVER};
END""",
    postgresql=f"""
CREATE OR REPLACE FUNCTION corrections_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF {_SAME.format(body="NEW.body::text <> OLD.body::text")} OR {_OVER} THEN
    RAISE EXCEPTION '{_SAYS_SAME}' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER corrections_move BEFORE UPDATE ON corrections FOR EACH ROW EXECUTE FUNCTION corrections_move()""",
)
declare_trigger(
    "corrections_keep",
    "corrections",
    sqlite="CREATE TRIGGER corrections_keep BEFORE DELETE ON corrections "
           "BEGIN SELECT RAISE(ABORT, 'E10: corrections are kept'); END",
    postgresql="""
CREATE OR REPLACE FUNCTION corrections_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'E10: corrections are kept' USING ERRCODE = 'check_violation'; END $$
--;
CREATE TRIGGER corrections_keep BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION corrections_keep()""",
)  # fmt: skip

# What is corrected stands on a decision: no entry, and no refund after release, without one that is done.
_BOOKED = """EXISTS (SELECT 1 FROM corrections AS c
               WHERE c.id = NEW.cause_id AND c.kind = 'entry' AND c.state = 'done')"""
_ORDERED = """EXISTS (SELECT 1 FROM corrections AS c WHERE 'decision:' || c.id = NEW.cause AND c.kind = 'refund'
                AND c.state = 'done' AND c.amount = NEW.amount AND c.currency = NEW.currency)"""
_SAYS_BOOKED = "E10: an entry by hand stands on a decision of two"
_SAYS_ORDERED = "E10: money that was released goes back by a decision of two"
for _name, _table, _when, _there, _says in (
    ("corrections_booked", "ledger_transactions", "NEW.cause_type = 'correction'", _BOOKED, _SAYS_BOOKED),
    ("corrections_ordered", "payment_commands", "NEW.after_release", _ORDERED, _SAYS_ORDERED),
):
    declare_trigger(
        _name,
        _table,
        sqlite=f"""
CREATE TRIGGER {_name} BEFORE INSERT ON {_table} WHEN {_when} BEGIN
  SELECT RAISE(ABORT, '{_says}') WHERE NOT {_there};
END""",
        postgresql=f"""
CREATE OR REPLACE FUNCTION {_name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF {_when} AND NOT {_there} THEN RAISE EXCEPTION '{_says}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$
--;
CREATE TRIGGER {_name} BEFORE INSERT ON {_table} FOR EACH ROW EXECUTE FUNCTION {_name}()""",
    )
