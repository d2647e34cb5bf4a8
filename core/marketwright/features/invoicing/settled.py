"""What was paid of each debt to the marketplace, by one rule, from the rows of the ledger alone.

Money that names a debt settles that one first: an invoice noted as paid, a debt taken back. All other money, and what
is left of it, settles the oldest debt that is open when it comes: what is kept back from payouts, above all. What comes
before any debt waits for the next one. A debt that was settled stays settled, whatever is owed later.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from marketwright.features.invoicing.invoice_tables import Invoice
from marketwright.features.ledger.kinds import LOSS, REVENUE
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.kernel.frozen import dataclass

INVOICE = "invoice"  # the cause of a payment that was noted on a document
AT_ONCE = 500  # accounts a statement
Cause = tuple[str, str]
_other = aliased(LedgerLeg)


@dataclass(frozen=True, slots=True)
class Part:
    """``amount`` minor units that settled a debt; below zero where a payment was taken back.

    ``money`` says that it was paid or kept back; else the debt was given up or taken back.
    """

    at: datetime
    amount: int
    money: bool


@dataclass(frozen=True, slots=True)
class Debt:
    """One debt on ``account``: ``cause`` is that of the document which invoices it; ``amount`` in minor units."""

    transaction: str
    account: str
    currency: str
    cause: Cause
    amount: int
    parts: list[Part] = field(default_factory=list)

    @property
    def left(self) -> int:
        """What is still owed of it, minor units."""
        return self.amount - sum(part.amount for part in self.parts)


def document_cause(cause_type: str, cause_id: str, effect: str) -> Cause:
    """The cause of the document about a transaction: the fees of a bill are invoiced payment by payment."""
    part = effect.partition(".")[2] if cause_type == "bill" else ""
    return cause_type, f"{cause_id}:{part}" if part else cause_id


def debts(session: Session, accounts: Collection[str]) -> list[Debt]:
    """Every debt on ``accounts`` with what settled it, the oldest of each account first."""
    names = sorted(accounts)
    return [debt for n in range(0, len(names), AT_ONCE) for debt in _debts(session, names[n : n + AT_ONCE])]


def debt_of(session: Session, account: str, currency: str, cause: Cause) -> Debt | None:
    """The debt on ``account`` that came of ``cause``; a payment of an invoice names the debt behind it."""
    cause = _behind(session, {cause}).get(cause, cause)
    return next((d for d in debts(session, [account]) if (d.currency, d.cause) == (currency, cause)), None)


def _debts(session: Session, accounts: Collection[str]) -> Iterator[Debt]:
    legs = [_Leg(*row) for row in session.execute(_legs(accounts))]
    behind = _behind(session, {leg.said for leg in legs})
    books: dict[tuple[str, str], _Book] = defaultdict(_Book)
    # Of one moment the debts come first: what a unit of work owes and keeps back at once belongs together.
    for leg in sorted(legs, key=lambda leg: (leg.at, leg.amount < 0, leg.created_at, leg.transaction)):
        books[leg.account, leg.currency].take(leg, behind.get(leg.said, leg.said))
    for book in books.values():
        yield from book.debts


def _legs(accounts: Collection[str]) -> Select[Any]:
    """The columns of :class:`_Leg`, of every leg on ``accounts``."""
    leg, t = LedgerLeg, LedgerTransaction
    given_up = exists().where(_other.transaction_id == t.id, _other.kind.in_((LOSS, REVENUE)))
    columns: tuple[Any, ...] = (
        t.id, leg.account, leg.currency, leg.amount, t.at, t.created_at, t.cause_type, t.cause_id, t.effect, t.reverses,
        given_up,
    )  # fmt: skip
    return select(*columns).join(t, t.id == leg.transaction_id).where(leg.account.in_(accounts))


def _behind(session: Session, causes: Collection[Cause]) -> dict[Cause, Cause]:
    """Of each cause that is an invoice: the cause of that invoice."""
    ids = [cause_id for cause_type, cause_id in causes if cause_type == INVOICE]
    if not ids:
        return {}
    found = session.execute(select(Invoice.id, Invoice.cause_type, Invoice.cause_id).where(Invoice.id.in_(ids)))
    return {(INVOICE, id_): (cause_type, cause_id) for id_, cause_type, cause_id in found}


@dataclass(frozen=True, slots=True)
class _Leg:
    """One leg and its transaction; ``given_up`` where the other side is a loss, or revenue that goes back."""

    transaction: str
    account: str
    currency: str
    amount: int
    at: datetime
    created_at: datetime
    cause_type: str
    cause_id: str
    effect: str
    reverses: str | None
    given_up: bool

    @property
    def said(self) -> Cause:
        """The cause as the ledger names it."""
        return self.cause_type, self.cause_id


class _Book:
    """One account in one currency, walked from its first leg to its last."""

    def __init__(self) -> None:
        self.debts: list[Debt] = []
        self.ahead: list[tuple[str, Part]] = []  # what came before any debt, with the transaction that brought it
        self.given: dict[str, list[tuple[Debt, Part]]] = defaultdict(list)  # what each transaction has settled

    def take(self, leg: _Leg, names: Cause) -> None:
        """The next leg: a debt, or what settles one; ``names`` is the debt that it is about."""
        if leg.amount < 0:
            named = [d for d in self.debts if leg.reverses == d.transaction or names == d.cause]
            part = Part(leg.at, -leg.amount, money=not leg.given_up and leg.reverses is None)
            self._lay([*named, *self.debts], part, leg.transaction)
        elif owed := self._taken_back(leg):
            cause = document_cause(leg.cause_type, leg.cause_id, leg.effect)
            self.debts.append(Debt(leg.transaction, leg.account, leg.currency, cause, owed))
            waiting, self.ahead = self.ahead, []
            for transaction, part in waiting:
                self._lay(self.debts[-1:], part, transaction)

    def _lay(self, on: list[Debt], part: Part, transaction: str) -> None:
        left = part.amount
        for debt in on:
            if taken := min(left, debt.left):
                debt.parts.append(replace(part, amount=taken))
                self.given[transaction].append((debt, debt.parts[-1]))
                left -= taken
        if left:
            self.ahead.append((transaction, replace(part, amount=left)))

    def _taken_back(self, leg: _Leg) -> int:
        """Undo what the payment that ``leg`` reverses settled, the last first; returns what is a debt of its own."""
        left, given = leg.amount, self.given.get(leg.reverses or "", [])
        while left and given:
            debt, part = given.pop()
            back = min(left, part.amount)
            debt.parts.append(Part(leg.at, -back, part.money))
            left -= back
            if part.amount > back:
                given.append((debt, replace(part, amount=part.amount - back)))
        return left
