"""A quote as two receipts that both sides see: what the client pays, what the freelancer receives, and by which rule.

Called while a page or document is made: sentences come out in the reader's language.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, total
from marketwright.kernel.text import N_
from marketwright.strategies.pricing import Line, LineKind, Param, Quote
from marketwright.web.formats import show_date, show_percent, show_round_money
from marketwright.web.i18n import gettext
from marketwright.web.names import country_name

_K = LineKind
CLIENT = (_K.WORK, _K.CLIENT_FEE, _K.WORK_TAX, _K.CLIENT_FEE_TAX)
FREELANCER = (_K.WORK, _K.FREELANCER_FEE, _K.FREELANCER_FEE_TAX, _K.WORK_TAX)
EXTRAS = {"client": (_K.CLIENT_EXTRA, _K.CLIENT_EXTRA_TAX),
          "freelancer": (_K.FREELANCER_EXTRA, _K.FREELANCER_EXTRA_TAX)}  # fmt: skip
TAKEN = (_K.FREELANCER_FEE, _K.FREELANCER_FEE_TAX)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of a receipt: what it is, the rule in words, the signed amount."""

    label: str
    rule: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """The lines of one side and what they come to."""

    lines: tuple[ReceiptLine, ...]
    total: Money


@dataclass(frozen=True, slots=True)
class Truth:
    """Both receipts, and what the marketplace keeps: ``fees`` before tax, ``share`` of the work, ``fee_tax``.

    ``extras`` are what sides (``client``, ``freelancer``) ordered beside the deal, to be paid apart.
    """

    client: Receipt
    freelancer: Receipt
    work: Money
    fees: Money
    fee_tax: Money
    share: float
    extras: tuple[tuple[str, Receipt], ...] = ()


def truth(quote: Quote, part: int | None = None) -> Truth:
    """Fee truth of ``quote``, or of one of its parts."""
    work = quote.sum_of(_K.WORK, part=part)
    fees = quote.sum_of(_K.CLIENT_FEE, _K.FREELANCER_FEE, part=part)
    return Truth(
        client=_receipt(quote, CLIENT, part), freelancer=_receipt(quote, FREELANCER, part), work=work, fees=fees,
        fee_tax=quote.sum_of(_K.CLIENT_FEE_TAX, _K.FREELANCER_FEE_TAX, part=part), share=fees.amount / work.amount,
        extras=tuple((side, _receipt(quote, kinds, None)) for side, kinds in EXTRAS.items() if quote.extras_of(side)),
    )  # fmt: skip


def _receipt(quote: Quote, kinds: Sequence[LineKind], part: int | None) -> Receipt:
    lines = [
        line
        for kind in kinds
        for line in _folded([ln for ln in quote.lines if ln.kind is kind and part in (None, ln.part)])
    ]
    return Receipt(tuple(lines), total((line.amount for line in lines), quote.deal.currency))


def _folded(lines: Sequence[Line]) -> list[ReceiptLine]:
    """Lines of one kind: what one rule says alike of several parts becomes one line."""
    sums: dict[tuple[str, str], Money] = {}
    for line in lines:
        words = (fill(line, line.label), reasons(line))
        key = words if line.kind is not _K.WORK else (words[0], words[1] + "\0" * line.part)
        amount = -line.amount if line.kind in TAKEN else line.amount
        sums[key] = sums[key] + amount if key in sums else amount
    return [ReceiptLine(label, why.rstrip("\0"), amount) for (label, why), amount in sums.items()]


def fill(line: Line, sentence: str) -> str:
    """``sentence`` of ``line`` in the reader's language, its places filled in the reader's way."""
    return _filled(sentence, line.params, line.bps)


def _filled(sentence: str, params: Mapping[str, Param], bps: int | None) -> str:
    values: dict[str, Any] = {name: _shown(name, value) for name, value in params.items()}
    if bps is not None:
        values["rate"] = show_percent(bps / 10_000, 2)
    return gettext(sentence) % values if sentence else ""


def reasons(line: Line) -> str:
    """Why ``line`` is what it is: its reason and every note, in the reader's language, one after the other."""
    found = [fill(line, line.why), *(_filled(note.text, note.params, note.bps) for note in line.notes)]
    if line.override is not None:
        found.append(gettext(N_("signed exception of %(by)s, %(on)s: %(why)s"), by=line.override.by,
                             on=show_date(line.override.on), why=line.override.why))  # fmt: skip
    return "; ".join(words for words in found if words)


def _shown(name: str, value: object) -> str:
    if name == "country":
        return country_name(str(value))
    if isinstance(value, Money):
        return show_round_money(value)
    return show_date(value) if isinstance(value, date) else str(value)


__all__ = ["Receipt", "ReceiptLine", "Truth", "fill", "reasons", "truth"]
