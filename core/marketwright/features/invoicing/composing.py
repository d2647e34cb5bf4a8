"""A document drawn up: what is due, both parties and the country's pack become lines, taxes and mentions. Pure.

The totals are those of EN 16931: the lines sum to the net (BR-CO-10, BR-CO-13), the taxes to the tax (BR-CO-14), both
to the gross (BR-CO-15). Amounts of tax are the quote's own, so that they are the ledger's too.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from marketwright.features.invoicing.due import Due, Item, Kind
from marketwright.kernel.errors import BrokenInvariant, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import share_bps
from marketwright.kernel.text import N_
from marketwright.strategies.countries import Country, Supply, Tag, TaxCategory, TaxRow

QUOTED = "as quoted"  # the rule of a document that staff let out with the tax of its quote
LACKS = {
    "marketplace": N_("The marketplace's legal identity lacks: %(fields)s. Fill in [legal] in marketplace.toml, or the "
                      "settings in the console."),
    "organisation": N_("The legal identity of the {client} lacks: %(fields)s."),
    "freelancer": N_("The legal identity of the {freelancer} lacks: %(fields)s."),
}  # fmt: skip


class Waits(Unavailable):
    """The document cannot be issued yet; the sentence says what for, ``code`` is the word for it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A document before it has a number; amounts in minor units, ``body`` plain JSON."""

    net: int
    tax: int
    gross: int
    body: dict[str, Any]


BUYERS = {Kind.SALE: "client", Kind.CLIENT_FEE: "client", Kind.FREELANCER_FEE: "freelancer", Kind.SERVICE: "buyer"}


def regime_of(due: Due, country: Country, today: str) -> str:
    """The VAT regime of the seller of ``due``: the one it was quoted by, whatever it has become since.

    Dues of the marketplace that do not say it are of the regime that their tax was quoted by: ``today``'s if it fits.
    """
    if due.kind is Kind.SALE:
        return due.sides["freelancer"]["vat_regime"]
    said = due.sides.get("marketplace", {}).get("vat_regime", "")
    if said or due.tax_bps is None:
        return said or today
    buyer = due.sides[BUYERS[due.kind]]
    for regime in (today, "standard", "franchise"):
        row = country.decide(Supply(regime, country.place(buyer["country"]), bool(buyer["vat_number"])))
        if (row.category is TaxCategory.STANDARD) == bool(due.tax_bps):
            return regime
    return today


def draw(
    due: Due, country: Country, *, seller: Mapping[str, str], buyer: Mapping[str, str], issuer: Mapping[str, str],
    regime: str, on: date, words: Callable[[Item], str], answers: Sequence[Mapping[str, str]] = (),
) -> Drawn:  # fmt: skip
    """Draw up ``due``. ``regime`` is the seller's VAT regime, ``issuer`` who issues in another's name (else empty).

    ``answers`` are what was answered about the VAT numbers of the parties: kept where the customer declares the tax.
    Raises :class:`Waits` when the quote's tax is not what the pack's decision table says, or a number is not valid.
    """
    there = due.sides[BUYERS[due.kind]]
    row = country.decide(Supply(regime, country.place(there["country"]), bool(there["vat_number"])))
    if due.exemption:
        row = TaxRow("exempt service", TaxCategory.EXEMPT)
    elif due.decided and _contradicts(due, row):
        row = TaxRow(QUOTED, TaxCategory.STANDARD if due.tax_bps else TaxCategory.EXEMPT)
    _need_number(due, row, seller)
    bps, tax = _tax(due, country, row, on)
    tags = [Tag.CREDIT_NOTE if due.credit else Tag.INVOICE]
    tags += [Tag.FOR_ANOTHER] if issuer else []
    tags += [] if due.paid or due.credit else [Tag.UNPAID]
    mentions = country.mentions_for(tags=tags, named=row.mention, on=on)
    stated = due.exemption or (due.decided if row.name == QUOTED and not due.tax_bps else "")
    reason = stated or next((m.text(due.language) for m in mentions if m.name == row.mention), "")
    lines = [
        {"text": words(item), "net": item.net, "category": row.category, "bps": bps} | _quantity(item)
        for item in due.items
    ]
    taxes = [{"category": row.category, "bps": bps, "basis": due.net, "tax": tax, "reason": reason, "code": row.code}]
    body = {
        "seller": _registered(seller, country), "buyer": _registered(buyer, country), "issuer": dict(issuer),
        "lines": lines, "taxes": taxes, "rule": row.name,
        "mode": country.modes.get("paid" if due.paid or due.credit else "due", ""),
        "mentions": [
            {"name": m.name, "text": _filled(m.text(due.language), issuer), "subject": m.subject} for m in mentions
        ],
    }  # fmt: skip
    if periods := [item.period for item in due.items if item.period]:
        body["period"] = [min(p[0] for p in periods).isoformat(), max(p[1] for p in periods).isoformat()]
    if row.category is TaxCategory.REVERSE_CHARGE:
        body |= _answered(due, answers)
    drawn = Drawn(due.net, tax, due.net + tax, body)
    check(drawn)
    return drawn


def _need_number(due: Due, row: TaxRow, seller: Mapping[str, str]) -> None:
    """No document says VAT, or that the customer declares it, without the seller's own VAT number."""
    if row.category in (TaxCategory.STANDARD, TaxCategory.REVERSE_CHARGE) and not seller.get("vat_number"):
        who, code = ("freelancer", "identity") if due.kind is Kind.SALE else ("marketplace", "legal")
        raise Waits(LACKS[who], code=code, fields="vat_number")


def _quantity(item: Item) -> dict[str, Any]:
    """How many, of what (``day``, or '' for a piece), and the price of one in minor units."""
    if not item.half_days:
        return {"quantity": "1", "unit": "", "price": item.net}
    return {"quantity": f"{Decimal(item.half_days) / 2:f}", "unit": "day", "price": item.net * 2 // item.half_days}


def _answered(due: Due, answers: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the register of VAT numbers said of both parties, to be kept; an invoice on an invalid number waits."""
    unknown = [a for a in answers if a["result"] != "passed"]
    if unknown and not due.credit:
        raise Waits(
            "The customer declares the VAT, and the VAT number %(number)s was not found valid. The register is asked "
            "again once its owner saves their legal identity.", code="vat_number", number=unknown[0]["number"],
        )  # fmt: skip
    return {"vat_answers": [dict(a) for a in answers]} if answers else {}


def _registered(party: Mapping[str, str], country: Country) -> dict[str, str]:
    """The party, and how an electronic invoice names it, where the pack knows its register."""
    register = country.register if party["country"] == country.code else None
    number = register.number(party.get("registration_number", "")) if register else ""
    if register is None or not number:
        return dict(party)
    return {**party, "scheme": register.scheme, "scheme_number": number, "address_scheme": register.address}


def _tax(due: Due, country: Country, row: TaxRow, on: date) -> tuple[int, int]:
    """Rate and amount: the quote's where there is one, and it must be what the table says."""
    taxed = row.category is TaxCategory.STANDARD
    if due.tax_bps is None:
        bps = (country.rate(on) or 0) if taxed else 0
        if taxed and not bps:
            raise Waits("The country pack of %(country)s knows no VAT rate for %(day)s.", code="tax",
                        country=country.code, day=on.isoformat())  # fmt: skip
        return bps, share_bps(due.net, bps)
    if _contradicts(due, row):
        raise Waits(
            "The quote charges VAT of %(rate)s %%, the rules of %(country)s say “%(rule)s”. Staff compares the two "
            "VAT numbers and regimes with the quote.", code="tax", rate=f"{due.tax_bps / 100:g}",
            country=country.code, rule=row.name,
        )  # fmt: skip
    return due.tax_bps, due.tax


def _contradicts(due: Due, row: TaxRow) -> bool:
    """Whether the quote charges VAT where ``row`` knows none, or none where it does."""
    taxed = row.category is TaxCategory.STANDARD
    return due.tax_bps is not None and (taxed != bool(due.tax_bps) or (bool(due.tax) and not taxed))


def _filled(text: str, issuer: Mapping[str, str]) -> str:
    return text.replace("{issuer}", issuer.get("name", ""))


def check(drawn: Drawn) -> None:
    """Raise ``BrokenInvariant`` for totals that EN 16931 does not know (L14)."""
    lines, taxes = drawn.body["lines"], drawn.body["taxes"]
    if sum(line["net"] for line in lines) != drawn.net or sum(tax["basis"] for tax in taxes) != drawn.net:
        raise BrokenInvariant("BR-CO-10: the lines of a document sum to its net amount.", code="L14")
    if sum(tax["tax"] for tax in taxes) != drawn.tax:
        raise BrokenInvariant("BR-CO-14: the taxes of a document sum to its tax.", code="L14")
    if drawn.net + drawn.tax != drawn.gross:
        raise BrokenInvariant("BR-CO-15: net and tax of a document are its gross amount.", code="L14")


def check_positive(due: Due) -> None:
    """A document has lines, and none of its sums is below zero."""
    if not due.items or due.net < 0 or due.tax < 0:
        raise BrokenInvariant("A document has lines that sum to an amount of zero or more.", code="L14")
