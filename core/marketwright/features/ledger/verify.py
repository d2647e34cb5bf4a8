"""``ledger verify``: reads everything that is booked, once, and names each row that breaks a rule."""

from collections.abc import Iterator
from dataclasses import field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.ledger.chain import link
from marketwright.features.ledger.kinds import BOOK, FLOORED, KINDS
from marketwright.features.ledger.queries import Head, head
from marketwright.features.ledger.reading import Booked, Leg, Seal, roomy, sealed, unsealed
from marketwright.features.ledger.rollups import kept
from marketwright.features.ledger.sealer import Anchor
from marketwright.features.ledger.tables import LedgerLeg, LedgerRollup, LedgerSeal, LedgerTransaction, LedgerUnsealed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR
from marketwright.store.triggers import missing_triggers

PATIENCE_SECONDS = 2.0
MOST = 1_000  # findings that are kept; more of them say nothing new


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: its id, the row (``table id``) and what is wrong. ``grave`` is false for what only waits."""

    rule: str
    row: str
    says: str
    grave: bool = True


@dataclass(slots=True)
class _Read:
    """What was seen on the way: sums of accounts, and how many legs and transactions there were."""

    sums: dict[tuple[str, str], int] = field(default_factory=dict)
    rolled: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # as of the number of the roll-up
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    legs: int = 0
    transactions: int = 0
    roll_number: int = 0


def verify(session: Session, *, folder: Path | None = None, now: datetime | None = None) -> list[Finding]:
    """Findings in the ledger, first those of rows in the order of their numbers; at most ``MOST`` of them.

    ``folder`` holds the anchor, ``now`` is machine time. ``session`` only reads, and begins anew here: what it sees is
    at least what was anchored, and one state to the end, whatever is sealed meanwhile.
    """
    anchored = _read_anchor(folder)
    session.rollback()
    with roomy(session):
        return [finding for finding, _n in zip(_findings(session, anchored, now), range(MOST), strict=False)]


def first_wrong(findings: list[Finding]) -> Finding | None:
    """The first wrong row of the ledger, or what else is wrong when no row of it is."""
    grave = [f for f in findings if f.grave]
    return next((f for f in grave if f.row.startswith("ledger_")), grave[0] if grave else None)


def _findings(session: Session, anchored: Head | Finding | None, now: datetime | None) -> Iterator[Finding]:
    read = _Read(roll_number=session.scalar(select(func.max(LedgerRollup.number))) or 0)
    yield from _chain(session, read)
    yield from _waiting(session, read, now)
    yield from _left_over(session, read)
    yield from _sums(read)
    yield from _index(session, read)
    yield from _rollups(session, read)
    yield from _reversals(session)
    yield from _anchor(session, anchored)
    yield from _triggers(session)


def _chain(session: Session, read: _Read) -> Iterator[Finding]:
    """Recompute every hash; a row that was edited, swapped or taken out is named at its number."""
    number, previous, recorded = 0, "", ""
    for seal, booked, legs in sealed(session, BOOK):
        if seal.number != number + 1:
            yield Finding("L10", f"ledger_seals {number + 1}", f"numbers {number + 1} to {seal.number - 1} are gone")
        if seal.previous != previous:
            yield Finding("L4", f"ledger_seals {seal.number}", "does not hold on to the seal before it")
        if seal.recorded_at < recorded:
            yield Finding("L10", f"ledger_seals {seal.number}", "is recorded earlier than the one before it")
        number, previous, recorded = seal.number, seal.hash, seal.recorded_at
        yield from _row(seal, booked, legs, read)
        if number == read.roll_number:
            read.rolled = {key: (amount, read.counts[key]) for key, amount in read.sums.items()}


def _row(seal: Seal, booked: Booked | None, legs: list[Leg], read: _Read) -> Iterator[Finding]:
    where = f"ledger_transactions {seal.transaction} (number {seal.number})"
    if booked is None:
        read.legs += len(legs)
        yield Finding("L4", where, "is sealed, and is not there any more")
        return
    yield from _body(where, booked, legs, read)
    if link(seal.previous, seal.number, seal.recorded_at, booked, legs) != seal.hash:
        yield Finding("L4", where, "is not what was sealed: the row, its legs or its seal were edited by hand")


def _body(where: str, booked: Booked, legs: list[Leg], read: _Read) -> Iterator[Finding]:
    """What a transaction says by itself, and what it adds to the sums."""
    total, sums, counts = 0, read.sums, read.counts
    for leg in legs:
        amount, key = leg.amount, (leg.account, leg.currency)
        total += amount
        sums[key] = sums.get(key, 0) + amount
        counts[key] = counts.get(key, 0) + 1
        if leg.currency != booked.currency:
            yield Finding("L6", where, "mixes currencies")
        if not amount or not -MAX_MINOR <= amount <= MAX_MINOR or leg.kind not in KINDS:
            row = f"ledger_legs {booked.id}/{leg.position}"
            yield Finding("L15", row, f"{amount} on {leg.account} is no leg of a ledger")
    read.legs += len(legs)
    read.transactions += 1
    if len(legs) != booked.legs:
        yield Finding("L1", where, f"has {len(legs)} legs where {booked.legs} were written")
    if total:
        yield Finding("L1", where, f"its legs sum to {total}, not to zero")


def _waiting(session: Session, read: _Read, now: datetime | None) -> Iterator[Finding]:
    if session.scalar(select(func.count()).select_from(LedgerTransaction)) == read.transactions:
        return
    queue = set(session.scalars(select(LedgerUnsealed.transaction_id)))
    for booked, legs in unsealed(session, BOOK):
        where = f"ledger_transactions {booked.id}"
        yield from _body(where, booked, legs, read)
        age = (now - datetime.fromisoformat(booked.created_at)).total_seconds() if now else 0.0
        yield Finding("L4", where, f"is not sealed yet, for {age:.0f} s", grave=age > PATIENCE_SECONDS)
        if booked.id not in queue:
            yield Finding("L4", where, "is off the sealer’s list without a seal")


def _left_over(session: Session, read: _Read) -> Iterator[Finding]:
    """Legs that belong to nothing, and causes that were booked twice."""
    if session.scalar(select(func.count()).select_from(LedgerLeg)) != read.legs:
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


def _sums(read: _Read) -> Iterator[Finding]:
    totals: dict[str, int] = {}
    for (account, currency), amount in sorted(read.sums.items()):
        totals[currency] = totals.get(currency, 0) + amount
        if amount > 0 and account.partition(":")[0] in FLOORED:
            yield Finding("L5", f"account {account}", f"is negative by {amount} minor units of {currency}")
    for currency, total in totals.items():
        if total:
            yield Finding("L2", f"currency {currency}", f"all legs together sum to {total}, not to zero")


def _index(session: Session, read: _Read) -> Iterator[Finding]:
    """On SQLite balances are summed over an index: where a page of it is damaged, they are not what the rows say (E6).

    It says nothing by itself, and money would move by it.
    """
    if session.connection().dialect.name != "sqlite":
        return
    leg = (LedgerLeg.account, LedgerLeg.currency)
    left = dict(read.sums)
    for account, currency, amount, legs in session.execute(
        select(*leg, func.sum(LedgerLeg.amount), func.count()).group_by(*leg)
    ):
        said, rows = left.pop((account, currency), 0), read.counts.get((account, currency), 0)
        if (amount, legs) != (said, rows):
            yield Finding(
                "L3", f"account {account}",
                f"its balance is read as {amount} {currency} of {legs} legs, its rows say {said} of {rows}: "
                "the index is damaged, run REINDEX or bring a backup back",
            )  # fmt: skip
    for account, currency in sorted(left):
        yield Finding("L3", f"account {account}", f"is not in the index of balances in {currency}: run REINDEX")


def _rollups(session: Session, read: _Read) -> Iterator[Finding]:
    found, wrong = kept(session)
    if wrong:
        yield Finding("L3", "ledger_rollups", "do not fit the chain: they are not believed, sums are read from legs")
    for r in found:
        booked = read.rolled.get((r.account, r.currency), (0, 0))
        if booked != (r.amount, r.legs):
            yield Finding(
                "L3", f"ledger_rollups {r.account} {r.currency}",
                f"says {r.amount} of {r.legs} legs, the legs say {booked[0]} of {booked[1]}",
            )  # fmt: skip


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


def _read_anchor(folder: Path | None) -> Head | Finding | None:
    """The anchored head, or what is to be said of its file; ``None`` where none is asked for."""
    if folder is None:
        return None
    anchor = Anchor(folder)
    where = f"file {anchor.file.name}"
    try:
        return anchor.read() or Finding("L4", where, "is missing: the head is anchored nowhere", grave=False)
    except ValueError:
        return Finding("L4", where, "is not a head of the ledger")


def _anchor(session: Session, anchored: Head | Finding | None) -> Iterator[Finding]:
    if anchored is None:
        return
    if isinstance(anchored, Finding):
        if anchored.grave or head(session).number:
            yield anchored
        return
    found = session.scalar(
        select(LedgerSeal.hash).where(LedgerSeal.book == BOOK, LedgerSeal.number == anchored.number)
    )
    if found is None:
        yield Finding("L4", f"ledger_seals {anchored.number}", "was sealed once and is gone: the ledger was cut short")
    elif found != anchored.hash:
        yield Finding("L4", f"ledger_seals {anchored.number}", "is not the seal that was anchored outside the database")


def _triggers(session: Session) -> Iterator[Finding]:
    for name in missing_triggers(session.connection()):
        if name.startswith(("ledger_", "idempotency_")):
            yield Finding("L4", f"trigger {name}", "is not in the database: what it guards is unguarded")


__all__ = ["Finding", "first_wrong", "verify"]
