"""``ledger verify``: reads everything that is booked and names each row that breaks a rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.ledger.chain import link
from marketwright.features.ledger.kinds import BOOK, FLOORED, KINDS
from marketwright.features.ledger.queries import head
from marketwright.features.ledger.sealer import Anchor, legs_of, unsealed
from marketwright.features.ledger.tables import LedgerLeg, LedgerSeal, LedgerTransaction
from marketwright.kernel.money import MAX_MINOR
from marketwright.store.triggers import missing_triggers

PATIENCE_SECONDS = 2.0
PAGE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: its id, the row (``table id``) and what is wrong. ``grave`` is false for what only waits."""

    rule: str
    row: str
    says: str
    grave: bool = True


def verify(session: Session, *, folder: Path | None = None, now: datetime | None = None) -> list[Finding]:
    """Every finding in the ledger, in the order of its rows; ``folder`` holds the anchor, ``now`` is machine time."""
    return [
        *_structure(session), *_sums(session), *_floors(session), *_reversals(session), *_chain(session),
        *_anchor(session, folder), *_waiting(session, now),
    ]  # fmt: skip


def _structure(session: Session) -> Iterator[Finding]:
    for name in missing_triggers(session.connection()):
        if name.startswith(("ledger_", "idempotency_")):
            yield Finding("L4", f"trigger {name}", "is not in the database: what it guards is unguarded")
    orphans = session.scalars(
        select(LedgerLeg.transaction_id)
        .outerjoin(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .where(LedgerTransaction.id.is_(None))
        .distinct()
    )
    for transaction in orphans:
        yield Finding("L1", f"ledger_legs {transaction}", "has legs without a transaction")
    doubled = session.execute(
        select(LedgerTransaction.cause_type, LedgerTransaction.cause_id, LedgerTransaction.effect)
        .group_by(LedgerTransaction.cause_type, LedgerTransaction.cause_id, LedgerTransaction.effect)
        .having(func.count() > 1)
    )
    for cause in doubled:
        yield Finding("L8", f"ledger_transactions {'/'.join(cause)}", "is booked more than once")


def _sums(session: Session) -> Iterator[Finding]:
    sums = (
        select(
            LedgerLeg.transaction_id, func.sum(LedgerLeg.amount).label("sum"), func.count().label("count"),
            func.count(LedgerLeg.currency.distinct()).label("currencies"), func.min(LedgerLeg.currency).label("one"),
        )
        .group_by(LedgerLeg.transaction_id)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            LedgerTransaction.id, LedgerTransaction.legs, LedgerTransaction.currency, sums.c.sum, sums.c.count,
            sums.c.currencies, sums.c.one,
        )
        .outerjoin(sums, sums.c.transaction_id == LedgerTransaction.id)
        .where(
            (sums.c.sum.is_(None)) | (sums.c.sum != 0) | (sums.c.count != LedgerTransaction.legs)
            | (sums.c.currencies != 1) | (sums.c.one != LedgerTransaction.currency)
        )
        .order_by(LedgerTransaction.id)
    )  # fmt: skip
    for transaction, legs, currency, total, count, currencies, one in rows:
        where = f"ledger_transactions {transaction}"
        if total is None or count != legs:
            yield Finding("L1", where, f"has {count or 0} legs where {legs} were written")
        if total:
            yield Finding("L1", where, f"its legs sum to {total}, not to zero")
        if currencies is not None and (currencies != 1 or one != currency):
            yield Finding("L6", where, "mixes currencies")
    for currency, total in session.execute(
        select(LedgerLeg.currency, func.sum(LedgerLeg.amount)).group_by(LedgerLeg.currency)
    ):
        if total:
            yield Finding("L2", f"currency {currency}", f"all legs together sum to {total}, not to zero")


def _floors(session: Session) -> Iterator[Finding]:
    rows = session.execute(
        select(LedgerLeg.account, LedgerLeg.currency, func.sum(LedgerLeg.amount))
        .where(LedgerLeg.kind.in_(FLOORED))
        .group_by(LedgerLeg.account, LedgerLeg.currency)
        .having(func.sum(LedgerLeg.amount) > 0)
        .order_by(LedgerLeg.account)
    )
    for account, currency, amount in rows:
        yield Finding("L5", f"account {account}", f"is negative by {amount} minor units of {currency}")
    strange = session.execute(
        select(LedgerLeg.transaction_id, LedgerLeg.position, LedgerLeg.account, LedgerLeg.amount).where(
            LedgerLeg.kind.not_in(KINDS) | (func.abs(LedgerLeg.amount) > MAX_MINOR) | (LedgerLeg.amount == 0)
        )
    )
    for transaction, position, account, amount in strange:
        yield Finding("L15", f"ledger_legs {transaction}/{position}", f"{amount} on {account} is no leg of a ledger")


def _reversals(session: Session) -> Iterator[Finding]:
    back, first = LedgerLeg.__table__.alias("back"), LedgerLeg.__table__.alias("first")
    rows = session.execute(
        select(LedgerTransaction.reverses, back.c.position, func.sum(back.c.amount), first.c.amount)
        .join(back, back.c.transaction_id == LedgerTransaction.id)
        .outerjoin(
            first,
            (first.c.transaction_id == LedgerTransaction.reverses) & (first.c.position == back.c.position)
            & (first.c.account == back.c.account),
        )
        .where(LedgerTransaction.reverses.is_not(None))
        .group_by(LedgerTransaction.reverses, back.c.position, first.c.amount)
    )  # fmt: skip
    for transaction, position, taken, original in rows:
        if original is None or abs(taken) > abs(original) or (taken > 0) == (original > 0):
            yield Finding("L9", f"ledger_legs {transaction}/{position}", "more was taken back than there was")


def _chain(session: Session) -> Iterator[Finding]:
    """Recompute every hash; a row that was edited, swapped or taken out is named at its number."""
    number, previous, recorded = 0, "", None
    for seal, transaction, legs in _sealed(session):
        where = f"ledger_transactions {seal.transaction_id} (number {seal.number})"
        if seal.number != number + 1:
            yield Finding("L10", f"ledger_seals {number + 1}", f"numbers {number + 1} to {seal.number - 1} are gone")
        if seal.previous != previous:
            yield Finding("L4", f"ledger_seals {seal.number}", "does not hold on to the seal before it")
        if recorded is not None and seal.recorded_at < recorded:
            yield Finding("L10", f"ledger_seals {seal.number}", "is recorded earlier than the one before it")
        if transaction is None:
            yield Finding("L4", where, "is sealed, and is not there any more")
        elif link(seal.previous, seal.number, seal.recorded_at, transaction, legs) != seal.hash:
            yield Finding("L4", where, "is not what was sealed: the row, its legs or its seal were edited by hand")
        number, previous, recorded = seal.number, seal.hash, seal.recorded_at


def _sealed(session: Session) -> Iterator[tuple[LedgerSeal, LedgerTransaction | None, list[LedgerLeg]]]:
    """Every seal by number with what it seals; no more than ``PAGE`` of them are in memory at a time."""
    chain = (
        select(LedgerSeal, LedgerTransaction)
        .outerjoin(LedgerTransaction, LedgerTransaction.id == LedgerSeal.transaction_id)
        .where(LedgerSeal.book == BOOK)
        .order_by(LedgerSeal.number)
        .limit(PAGE)
    )
    page = session.execute(chain).all()
    while page:
        legs = legs_of(session, [seal.transaction_id for seal, _ in page])
        for seal, transaction in page:
            yield seal, transaction, legs[seal.transaction_id]
        page = session.execute(chain.where(LedgerSeal.number > page[-1][0].number)).all()


def _anchor(session: Session, folder: Path | None) -> Iterator[Finding]:
    if folder is None:
        return
    anchor = Anchor(folder)
    try:
        kept = anchor.read()
    except ValueError:
        yield Finding("L4", f"file {anchor.file.name}", "is not a head of the ledger")
        return
    if kept is None:
        if head(session).number:
            yield Finding("L4", f"file {anchor.file.name}", "is missing: the head is anchored nowhere", grave=False)
        return
    found = session.scalar(
        select(LedgerSeal.hash).where(LedgerSeal.book == BOOK, LedgerSeal.number == kept.number)
    )
    if found is None:
        yield Finding("L4", f"ledger_seals {kept.number}", "was sealed once and is gone: the ledger was cut short")
    elif found != kept.hash:
        yield Finding("L4", f"ledger_seals {kept.number}", "is not the seal that was anchored outside the database")


def _waiting(session: Session, now: datetime | None) -> Iterator[Finding]:
    for transaction in unsealed(session, limit=100):
        age = (now - transaction.created_at).total_seconds() if now else 0.0
        yield Finding(
            "L4", f"ledger_transactions {transaction.id}", f"is not sealed yet, for {age:.0f} s",
            grave=age > PATIENCE_SECONDS,
        )  # fmt: skip


__all__ = ["Finding", "verify"]
