"""Statements become payments: looked at first, then taken, each line once, to the last unit.

Taking one is two steps that survive being killed in between: the lines and what they are planned for are kept in one
commit; then each share is recorded on its invoice under its own id, which core counts once. What was left half done
is finished by :func:`settle`, from the next page or the job.
"""

import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from marketwright.plugin import (
    BillRow,
    Conflict,
    Desk,
    InvalidInput,
    MarketwrightError,
    Money,
    NotFound,
    Payment,
    Text,
    Unavailable,
    say,
)
from marketwright_bank_transfer.matching import Match, Why, assign, match
from marketwright_bank_transfer.statement import Entry, Statement
from marketwright_bank_transfer.tables import LineRow, ShareRow, StatementRow

log = logging.getLogger(__name__)

AUTO, SKIP, NONE = "auto", "skip", "none"
KEPT = timedelta(days=1)  # how long a file that was looked at and not taken stays
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of a file being looked at: ``again`` was taken before, ``alike`` looks like one that was.

    One that may have gone out (``match.entry.doubt``) is left out as well, unless a person says otherwise.
    """

    match: Match
    fingerprint: str
    again: bool = False
    alike: bool = False

    @property
    def usual(self) -> str:
        """What is done with it unless a person says otherwise."""
        return SKIP if self.again or self.alike or self.match.entry.doubt else AUTO


@dataclass(frozen=True, slots=True)
class Shown:
    """A file being looked at, with what each of its lines would pay."""

    id: str
    name: str
    kind: str
    lines: tuple[Seen, ...]
    outgoing: int
    pending: int
    read_before: date | None


def new_id() -> str:
    """A fresh id."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


def fingerprints(entries: Iterable[Entry]) -> list[str]:
    """What tells lines apart, the same in every file they come in: an id that is the bank's own, else all they say.

    Two lines that say the same are told apart by their turn among those of their day.
    """
    seen: Counter[str] = Counter()
    found = []
    for e in entries:
        said = f"{e.booked_on}|{e.amount.amount}|{e.amount.currency}|"
        said += f"id|{e.bank_id}" if e.unique else f"{e.payer}|{e.text}|{e.reference}"
        said += f"|{e.bank_id}" if e.bank_id and not e.unique else ""
        seen[said] += 1
        found.append(hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest())
    return found


def show(desk: Desk, owner: str, statement: Statement, *, name: str, data: bytes) -> str:
    """Keep a file to look at, in place of the one before; returns its id."""
    row = StatementRow(
        id=new_id(), owner=owner, sha256=hashlib.sha256(data).hexdigest(), name=name[:120] or "statement",
        kind=statement.kind, state="shown", at=desk.clock.business(), outgoing=statement.outgoing,
        pending=statement.pending, entries=[_plain(e) for e in statement.entries],
    )  # fmt: skip
    with desk.tables.unit() as unit:
        unit.execute(delete(StatementRow).where(StatementRow.owner == owner, StatementRow.state == "shown"))
        unit.add(row)
        unit.commit()
    return row.id


def _plain(e: Entry) -> dict[str, Any]:
    return {**asdict(e), "booked_on": e.booked_on.isoformat(), "amount": e.amount.amount,
            "currency": e.amount.currency}  # fmt: skip


def _entry(given: Mapping[str, Any]) -> Entry:
    rest = {k: given[k] for k in ("number", "payer", "text", "reference", "bank_id")}
    return Entry(**rest, unique=given.get("unique", False), doubt=given.get("doubt", ""),
                 booked_on=date.fromisoformat(given["booked_on"]),
                 amount=Money(given["amount"], given["currency"]))  # fmt: skip


def shown(desk: Desk, owner: str, statement: str) -> Shown | None:
    """The file being looked at, matched with the invoices as they stand now."""
    row = _statement(desk, owner, statement)
    if row is None or row.state != "shown":
        return None
    entries = [_entry(e) for e in row.entries]
    marks = fingerprints(entries)
    with desk.tables.reading() as session:
        taken = set(session.scalars(select(LineRow.fingerprint).where(LineRow.owner == owner)))
        known = select(LineRow.booked_on, LineRow.amount, LineRow.currency).where(LineRow.owner == owner)
        days = {(day, amount, currency) for day, amount, currency in session.execute(known)}
        before = session.scalar(
            select(StatementRow.at).where(StatementRow.owner == owner, StatementRow.sha256 == row.sha256,
                                          StatementRow.state == "taken").order_by(StatementRow.at)
        )  # fmt: skip
    fresh = [(e, mark) for e, mark in zip(entries, marks, strict=True) if mark not in taken]
    fresh.sort(key=lambda pair: bool(pair[0].doubt))  # what may have gone out takes no invoice from what came in
    matches = match([e for e, _mark in fresh], invoices(desk, owner))
    found, matched = [], {mark: m for (_e, mark), m in zip(fresh, matches, strict=True)}
    for entry, mark in zip(entries, marks, strict=True):
        again = mark in taken
        alike = not again and (entry.booked_on, entry.amount.amount, entry.amount.currency) in days
        found.append(Seen(Match(entry) if again else matched[mark], mark, again, alike))
    return Shown(row.id, row.name, row.kind, tuple(found), row.outgoing, row.pending, before.date() if before else None)


def _statement(desk: Desk, owner: str, statement: str) -> StatementRow | None:
    with desk.tables.reading() as session:
        row = session.get(StatementRow, statement)
        return row if row is not None and row.owner == owner else None


def invoices(desk: Desk, owner: str) -> list[BillRow]:
    """Every invoice of a freelancer that could be paid, or was: closed ones take nothing more, and are named."""
    return desk.queries.bills(freelancer=owner, state="", most=2000)


def take(desk: Desk, owner: str, statement: str, choices: Mapping[str, str]) -> int:
    """Take a file that was looked at, and return how many lines were new.

    ``choices`` by fingerprint: auto, skip, none or the id of an invoice. A line that was read before is taken once more
    where somebody says so: it was another one after all.

    ``Conflict`` when it was taken meanwhile or is gone; a line that another file brought meanwhile is left out.
    """
    page = shown(desk, owner, statement)
    if page is None:
        raise Conflict("This statement was taken already, or another one took its place.")
    plans = planned(page, invoices(desk, owner), choices)
    with desk.tables.unit() as unit:
        moved = unit.execute(
            update(StatementRow).where(StatementRow.id == statement, StatementRow.state == "shown")
            .values(state="taken", entries=[])
        )  # fmt: skip
        if moved.rowcount != 1:
            raise Conflict("This statement was taken already, or another one took its place.")
        known = set(unit.scalars(select(LineRow.fingerprint).where(LineRow.owner == owner)))
        for mark, plan in plans:
            _keep(unit, owner, statement, _fresh(mark, known), plan)
        try:
            unit.commit()
        except IntegrityError:
            raise Conflict("Another statement with the same lines was taken meanwhile. Look at it once more.") from None
    settle(desk, owner)
    return len(plans)


def planned(
    page: Shown, bills: Sequence[BillRow], choices: Mapping[str, str]
) -> list[tuple[str, Match]]:
    """What each line that is to be taken pays: as matched, or as a person chose. Pure."""
    by_id, left = {b.id: b for b in bills}, {b.id: b.left.amount for b in bills}
    found = []
    for seen in page.lines:
        choice = choices.get(seen.fingerprint, seen.usual)
        if choice == SKIP:
            continue
        entry, bill = seen.match.entry, by_id.get(choice)
        if bill is not None:
            plan = assign(entry, bill, left[bill.id])
        elif choice == NONE:
            plan = Match(entry)
        else:
            plan = _within(seen.match, left)
        for share in plan.shares:
            left[share.bill] -= share.amount
        found.append((seen.fingerprint, plan))
    return found


def _within(given: Match, left: Mapping[str, int]) -> Match:
    """``given`` where earlier lines, as a person chose them, left less."""
    shares = tuple(type(s)(s.bill, min(s.amount, left[s.bill]), s.why) for s in given.shares if left[s.bill] > 0)
    return Match(given.entry, shares, given.named or tuple(s.bill for s in given.shares))


def _fresh(mark: str, known: set[str]) -> str:
    """``mark``, or another one where a line that was taken before has it; ``known`` then knows it too."""
    found, turn = mark, 1
    while found in known:
        found = hashlib.sha256(f"{mark}|again|{turn}".encode()).hexdigest()
        turn += 1
    known.add(found)
    return found


def _keep(unit: Any, owner: str, statement: str, mark: str, plan: Match) -> None:
    e, line = plan.entry, new_id()
    unit.add(LineRow(
        id=line, statement_id=statement, owner=owner, fingerprint=mark, number=e.number, booked_on=e.booked_on,
        amount=e.amount.amount, currency=e.amount.currency, payer=e.payer, text=e.text, reference=e.reference,
        named=list(plan.named), closed="",
    ))  # fmt: skip
    unit.flush()
    for share in plan.shares:
        unit.add(ShareRow(id=new_id(), line_id=line, bill=share.bill, planned=share.amount, taken=None,
                          why=str(share.why), undone=False, refused=None))  # fmt: skip
    unit.flush()


def settle(desk: Desk, owner: str = "") -> int:
    """Record every share that no invoice has been asked about; returns how many could not be, and wait for the next
    round. Safe to run twice or to be killed; none keeps another one waiting.
    """
    wanted = select(ShareRow, LineRow).join(LineRow, LineRow.id == ShareRow.line_id).where(ShareRow.taken.is_(None))
    with desk.tables.reading() as session:
        todo = session.execute(wanted.where(LineRow.owner == owner) if owner else wanted.limit(500)).all()
    waiting = 0
    for share, line in todo:
        payment = Payment(Money(share.planned, line.currency), share.id, line.booked_on, line.payer, line.text[:300])
        refused: list[Any] | None = None
        try:
            taken = desk.actions.receive_payment(share.bill, payment).amount
        except (Conflict, NotFound, InvalidInput) as error:
            # the invoice does not take it: the line keeps it, and a person says what to do
            taken, refused = 0, _reason(error)
        except MarketwrightError as error:
            log.warning("share %s could not be recorded and waits", share.id, exc_info=error)
            waiting += 1
            continue
        with desk.tables.unit() as unit:
            told = update(ShareRow).where(ShareRow.id == share.id, ShareRow.taken.is_(None))
            unit.execute(told.values(taken=taken, refused=refused))
            unit.commit()
    return waiting


def _reason(error: MarketwrightError) -> list[Any]:
    """The sentence of a refusal with what fills it, as a share keeps it."""
    said: object = error
    if isinstance(error, InvalidInput):
        said = next((m for found in error.errors.values() for m in found), str(error))
    if not isinstance(said, Text | MarketwrightError):
        return [str(said), {}]
    return [said.template, {k: v if isinstance(v, int) else str(v) for k, v in said.params.items()}]


def reason_of(share: ShareRow) -> Text | None:
    """Why the invoice refused a share; none where it took some, or had nothing left to pay."""
    return say(share.refused[0], **share.refused[1]) if share.refused else None


def use(desk: Desk, owner: str, line: str, bill: str) -> int:
    """Use what is left of a line for an invoice; returns what it took.

    ``InvalidInput`` when there is nothing left, or when the invoice took nothing: it says why.
    """
    chosen = next((b for b in invoices(desk, owner) if b.id == bill), None)
    if chosen is None:
        raise NotFound("There is no such invoice.")
    with desk.tables.unit() as unit:
        row = unit.scalar(select(LineRow).where(LineRow.id == line, LineRow.owner == owner).with_for_update())
        if row is None:
            raise NotFound("There is no such payment.")
        if chosen.left.currency != row.currency:
            raise InvalidInput({"bill": [say("This invoice is in %(currency)s.", currency=chosen.left.currency)]})
        amount = min(row.amount - used(unit, line), chosen.left.amount)
        if amount <= 0 or row.closed:
            raise InvalidInput({"bill": [say("There is nothing left of this payment, or of this invoice.")]})
        share = new_id()
        unit.add(ShareRow(id=share, line_id=line, bill=bill, planned=amount, taken=None, why=str(Why.HAND),
                          undone=False, refused=None))  # fmt: skip
        unit.commit()
    settle(desk, owner)
    with desk.tables.reading() as session:
        made = session.get_one(ShareRow, share)
    if made.taken is None:
        raise InvalidInput({"bill": [say("It could not be recorded yet, and will be tried again by itself.")]})
    if not made.taken:
        nothing = say("There is nothing left of this payment, or of this invoice.")
        raise InvalidInput({"bill": [reason_of(made) or nothing]})
    return int(made.taken)


def used(session: Any, line: str) -> int:
    """Minor units of a line that invoices took, or are being asked to take."""
    asked = func.coalesce(func.sum(func.coalesce(ShareRow.taken, ShareRow.planned)), 0)
    return int(session.scalar(select(asked).where(ShareRow.line_id == line, ShareRow.undone.is_(False))) or 0)


def close(desk: Desk, owner: str, line: str, how: str) -> None:
    """Say what became of the rest of a line: ``returned`` to the payer, ``other`` than an invoice here, '' not yet."""
    with desk.tables.unit() as unit:
        moved = unit.execute(update(LineRow).where(LineRow.id == line, LineRow.owner == owner).values(closed=how))
        if moved.rowcount != 1:
            raise NotFound("There is no such payment.")
        unit.commit()


def undo(desk: Desk, owner: str, share: str) -> None:
    """Take a share back from its invoice, while that is open; ``Conflict`` once it is closed."""
    with desk.tables.reading() as session:
        of_mine = select(ShareRow).join(LineRow, LineRow.id == ShareRow.line_id).where(LineRow.owner == owner)
        row = session.scalar(of_mine.where(ShareRow.id == share, ShareRow.undone.is_(False)))
    if row is None or not row.taken:
        raise NotFound("There is no such payment.")
    desk.actions.undo_payment(share, "It was for something else")
    with desk.tables.unit() as unit:
        unit.execute(update(ShareRow).where(ShareRow.id == share).values(undone=True))
        line = unit.get_one(LineRow, row.line_id)
        line.named = [bill for bill in line.named if bill != row.bill]  # it was not for that one after all
        unit.commit()


def tidy_up(desk: Desk) -> None:
    """Finish what was left half done, and forget files that were looked at and never taken.

    ``Unavailable`` where some of it could not be finished: the job is seen to fail, and comes again.
    """
    waiting = settle(desk)
    with desk.tables.unit() as unit:
        old = desk.clock.business() - KEPT
        unit.execute(delete(StatementRow).where(StatementRow.state == "shown", StatementRow.at < old))
        unit.commit()
    if waiting:
        raise Unavailable("Payments could not be recorded and wait: %(n)s.", n=waiting)
