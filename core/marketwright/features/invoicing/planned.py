"""What papers a deal will have, said before anybody signs: who draws up which invoice, and how VAT stands on it."""

from collections.abc import Container, Mapping
from typing import Any

from marketwright.features.pricing.receipts import reasons
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.pricing import LineKind, Quote
from marketwright.web.formats import show_percent
from marketwright.web.i18n import gettext
from marketwright.web.names import country_name

_K = LineKind
OURS, SELLERS = "marketplace", "freelancer"
FEES = (
    (_K.CLIENT_FEE, _K.CLIENT_FEE_TAX, N_("Invoice for the service fee"), "client"),
    (_K.FREELANCER_FEE, _K.FREELANCER_FEE_TAX, N_("Invoice for the commission"), "freelancer"),
)


@dataclass(frozen=True, slots=True)
class PlannedPaper:
    """One paper to come: what it is, who makes it, who gets it, and its VAT with the reason; in the reader's words."""

    what: str
    made_by: str
    to: str
    vat: str


@dataclass(frozen=True, slots=True)
class Planned:
    """The papers of a deal. ``by`` is who draws up the invoice for the work: ``marketplace`` or ``freelancer``.

    ``note`` says it in a sentence; ``country`` is where the seller is established (ISO 3166).
    """

    by: str
    country: str
    note: str
    papers: tuple[PlannedPaper, ...]


def planned(
    quote: Quote, packs: Container[str], *, brand: str, client: str, freelancer: str, by: str = "",
    to_seller: bool = False,
) -> Planned:  # fmt: skip
    """The papers of ``quote``; ``packs`` are the countries whose packs are enabled, ``by`` what was signed already.

    ``to_seller`` says the note to the freelancer themself, as ``you``.

    Where no pack is about the seller's country, nobody here knows how their invoices are made: they send their own.
    """
    country = quote.deal.freelancer.country
    by = by or (OURS if country in packs else SELLERS)
    names = {"client": client, "freelancer": freelancer}
    maker = freelancer if by == SELLERS else gettext(
        N_("%(brand)s, in the name of %(freelancer)s"), brand=brand, freelancer=freelancer)  # fmt: skip
    papers = [PlannedPaper(gettext(N_("Invoice for the work")), maker, client, _vat(quote, _K.WORK_TAX))]
    papers += [
        PlannedPaper(gettext(what), brand, names[to], _vat(quote, tax))
        for fee, tax, what, to in FEES if quote.sum_of(fee)
    ]  # fmt: skip
    return Planned(by, country, (_to_seller if to_seller else _note)(by, country, brand), tuple(papers))


def terms_of(plan: Planned) -> dict[str, Any]:
    """``plan`` as the terms of a document keep it: who invoices is signed with the rest."""
    return {"by": plan.by, "country": plan.country, "note": plan.note,
            "rows": [[p.what, p.made_by, p.to, p.vat] for p in plan.papers]}  # fmt: skip


def signed_by(terms: Mapping[str, Any]) -> str:
    """Who draws up the invoice for the work by the signed ``terms``; '' where they do not say."""
    return str((terms.get("papers") or {}).get("by", ""))


def _note(by: str, country: str, brand: str) -> str:
    if by == OURS:
        return gettext(N_(
            "%(brand)s draws up the {freelancer}'s invoices in their name, under the mandate that the {freelancer} "
            "gives once."
        ), brand=brand)  # fmt: skip
    return gettext(N_(
        "The {freelancer} is established in this country: %(country)s. %(brand)s draws up no invoices for sellers "
        "there. The {freelancer} makes their own invoice for the work by the law of their country, sends it to the "
        "{client} and hands it in on %(brand)s."
    ), country=country_name(country), brand=brand)  # fmt: skip


def _to_seller(by: str, country: str, brand: str) -> str:
    if by == OURS:
        return gettext(N_(
            "%(brand)s draws up your invoices in your name, under the mandate that you give once."
        ), brand=brand)  # fmt: skip
    return gettext(N_(
        "You are established in this country: %(country)s. %(brand)s draws up no invoices for sellers there. You make "
        "your own invoice for the work by the law of your country, send it to the {client} and hand it in on %(brand)s."
    ), country=country_name(country), brand=brand)  # fmt: skip


def _vat(quote: Quote, kind: LineKind) -> str:
    """The rate, or that there is none, and why."""
    said = []
    for line in (ln for ln in quote.lines if ln.kind is kind):
        rate = show_percent(line.bps / 10_000, 2) if line.bps else ""
        said.append(", ".join(part for part in (rate, reasons(line)) if part))
    return "; ".join(dict.fromkeys(said)) or gettext(N_("no VAT"))
