"""Payments meet invoices: which line pays what, how much of it, and how sure that is. Pure.

Every line is accounted for to the last unit: its shares in invoices, what is too much, or all of it unknown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketwright.plugin import BillRow
from marketwright_bank_transfer.statement import Entry

_WORDS = re.compile(r"[^\W\d_]{3,}")
LEAST = 6  # letters and digits that a number needs before it is searched for in a text


class Why(StrEnum):
    """By what a line found its invoice; the last two are guesses that a person confirms."""

    REFERENCE = "reference"
    NUMBER = "number"
    ORDER = "order"  # the client's purchase order, or the contract's reference
    AMOUNT = "amount"  # the exact amount, from somebody of the client's name
    HAND = "hand"  # a person said so


SURE = frozenset({Why.REFERENCE, Why.NUMBER, Why.HAND})


@dataclass(frozen=True, slots=True)
class Share:
    """``amount`` minor units of a line for one invoice."""

    bill: str
    amount: int
    why: Why


@dataclass(frozen=True, slots=True)
class Match:
    """One line: its ``shares``, and what is left of it: ``over`` where it names an invoice, else ``unknown``.

    ``named`` are the invoices that it is for, whatever is left to pay of them.
    """

    entry: Entry
    shares: tuple[Share, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def rest(self) -> int:
        """Minor units that no invoice takes."""
        return self.entry.amount.amount - sum(s.amount for s in self.shares)

    @property
    def over(self) -> int:
        """Paid too much on what it pays."""
        return self.rest if self.shares or self.named else 0

    @property
    def unknown(self) -> int:
        """The whole line, when it pays nothing that is known."""
        return 0 if self.shares or self.named else self.rest

    @property
    def sure(self) -> bool:
        """Whether nobody needs to look: every share has its reference or number."""
        return bool(self.shares) and all(s.why in SURE for s in self.shares)


def compact(text: str) -> str:
    """Letters and digits alone, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def match(entries: Iterable[Entry], bills: Sequence[BillRow]) -> list[Match]:
    """What each line pays, in their order: an invoice takes no more than is left of it after the lines before."""
    left = {b.id: b.left.amount for b in bills}
    found = []
    for entry in entries:
        one = _match(entry, bills, left)
        for share in one.shares:
            left[share.bill] -= share.amount
        found.append(one)
    return found


def assign(entry: Entry, bill: BillRow, left: int) -> Match:
    """``entry`` for the invoice that a person chose, of which ``left`` minor units are to be paid.

    In another currency it pays nothing and is for none: nothing of it is too much.
    """
    if entry.amount.currency != bill.left.currency:
        return Match(entry)
    taken = min(entry.amount.amount, left)
    return Match(entry, (Share(bill.id, taken, Why.HAND),) if taken > 0 else (), (bill.id,))


def _match(entry: Entry, bills: Sequence[BillRow], left: Mapping[str, int]) -> Match:
    mine = [b for b in bills if b.left.currency == entry.amount.currency]
    for names in (_by_reference, _by_number):
        found = names(entry, mine)
        if found:
            return Match(entry, _spread(entry.amount.amount, found, left), tuple(b.id for b, _why in found))
    waiting = [b for b in mine if left[b.id] > 0]
    guess = _by_order(entry, waiting, left) or _by_amount(entry, waiting, left)
    return Match(entry, _spread(entry.amount.amount, guess, left))


def _spread(
    amount: int, bills: Sequence[tuple[BillRow, Why]], left: Mapping[str, int]
) -> tuple[Share, ...]:
    """``amount`` over ``bills``, the first due first, each up to what is left of it."""
    shares = []
    for bill, why in sorted(bills, key=lambda pair: (pair[0].due_at, pair[0].id)):
        taken = min(amount, left[bill.id])
        if taken > 0:
            shares.append(Share(bill.id, taken, why))
            amount -= taken
    return tuple(shares)


def _by_reference(entry: Entry, bills: Sequence[BillRow]) -> list[tuple[BillRow, Why]]:
    text = compact(f"{entry.reference} {entry.text}")
    return [(b, Why.REFERENCE) for b in bills if b.payment_reference in text]


def _by_number(entry: Entry, bills: Sequence[BillRow]) -> list[tuple[BillRow, Why]]:
    """Invoices whose whole number, or that of their payment request, stands in the text.

    ``…-0001`` is not found in ``…-00012``.
    """
    text = f"{entry.reference} {entry.text}"
    return [(b, Why.NUMBER) for b in bills if _stands(b.number, text) or _stands(b.request, text)]


def _stands(number: str, text: str) -> bool:
    parts = [re.escape(p) for p in re.findall(r"[A-Z0-9]+", number.upper())]
    if len("".join(parts)) < LEAST:
        return False
    return re.search(r"(?<![A-Z0-9])" + r"[^A-Z0-9]*".join(parts) + r"(?![A-Z0-9])", text.upper()) is not None


def _by_order(entry: Entry, bills: Sequence[BillRow], left: Mapping[str, int]) -> list[tuple[BillRow, Why]]:
    """The invoice of the order of which exactly this amount is left after the lines before, else all of the order."""
    text = f"{entry.reference} {entry.text}"
    found = [b for b in bills if _stands(b.purchase_order, text) or _stands(b.reference, text)]
    exact = [b for b in found if left[b.id] == entry.amount.amount]
    return [(b, Why.ORDER) for b in (exact[:1] if exact else found)]


def _by_amount(entry: Entry, bills: Sequence[BillRow], left: Mapping[str, int]) -> list[tuple[BillRow, Why]]:
    """The one invoice of exactly this amount whose client is named as the payer is; none where two could be."""
    words = _words(f"{entry.payer} {entry.text}")
    found = [b for b in bills if left[b.id] == entry.amount.amount and _words(b.payer) & words]
    return [(found[0], Why.AMOUNT)] if len(found) == 1 else []


_COMMON = frozenset({"sas", "sarl", "gmbh", "ltd", "inc", "the", "les", "des", "und", "and", "eurl", "sasu"})


def _words(text: str) -> set[str]:
    return {w.lower() for w in _WORDS.findall(text)} - _COMMON
