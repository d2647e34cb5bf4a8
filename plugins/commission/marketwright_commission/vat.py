"""VAT on work and on fees: who supplies whom, from which country, under which regime."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from marketwright.plugin import (
    Country,
    Deal,
    Line,
    LineKind,
    Money,
    Party,
    Place,
    PricingRule,
    Quote,
    Supply,
    TaxCategory,
    Unavailable,
    share_bps,
)
from marketwright_commission.fees import N_
from marketwright_commission.rates import ELSEWHERE, EU, SAME_AREA

STANDARD = N_("standard rate in %(country)s")
FRANCHISE = N_("none: small business without VAT")
OUTSIDE = N_("none: not subject to VAT")
STANDARD_ABROAD = N_("standard rate in %(country)s: the customer abroad has no VAT number")
EXEMPT = N_("none: exempt")
NO_VAT = {"franchise": FRANCHISE, "none": OUTSIDE}
REVERSE = N_("none here: reverse charge, the customer in %(country)s declares it")
ABROAD = N_("none here: the service is taxed in %(country)s")
# What is taxed, the tax, who supplies it, who buys it, what the line is called.
TAXED = (
    (LineKind.WORK, LineKind.WORK_TAX, "freelancer", "client", N_("VAT on the work, %(rate)s")),
    (LineKind.CLIENT_FEE, LineKind.CLIENT_FEE_TAX, "operator", "client", N_("VAT on the service fee, %(rate)s")),
    (LineKind.FREELANCER_FEE, LineKind.FREELANCER_FEE_TAX, "operator", "freelancer",
     N_("VAT on the commission, %(rate)s")),
)  # fmt: skip
EXTRA_TAXES = {"client": LineKind.CLIENT_EXTRA_TAX, "freelancer": LineKind.FREELANCER_EXTRA_TAX}
EXTRA_LABEL = N_("VAT on “%(title)s”, %(rate)s")


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one supply is taxed: rate in basis points, a short rule name, the reason and the country it names."""

    bps: int
    rule: str
    why: str
    country: str


def by_pack(pack: Country, supplier: Party, customer: Party, rates: Mapping[str, int], on: date) -> Treatment:
    """The treatment that the decision table of the supplier's country pack says, at the rate of that day.

    The same table taxes the invoice. ``rates`` are those that the operator has set, which go before the pack's.
    """
    row = pack.decide(Supply(supplier.vat_regime, pack.place(customer.country), bool(customer.vat_number)))
    rule = f"vat-{pack.code.lower()}-{'-'.join(row.name.lower().split())}"
    if row.category is TaxCategory.STANDARD:
        bps = rates.get(pack.code, pack.rate(on))
        if bps is None:
            raise _no_rate(pack.code)
        why = STANDARD if pack.place(customer.country) is Place.DOMESTIC else STANDARD_ABROAD
        return Treatment(bps, rule, why, pack.code)
    if row.category is TaxCategory.REVERSE_CHARGE:
        return Treatment(0, rule, REVERSE, customer.country)
    if supplier.vat_regime in NO_VAT:
        return Treatment(0, rule, NO_VAT[supplier.vat_regime], supplier.country)
    outside = row.category is TaxCategory.OUTSIDE
    return Treatment(0, rule, ABROAD if outside else EXEMPT, customer.country if outside else supplier.country)


def treat(supplier: Party, customer: Party, rates: Mapping[str, int]) -> Treatment:
    """The treatment of a service between businesses where no country pack is enabled for the supplier.

    The place of supply is the customer's (directive 2006/112/EC, article 44): across a border nothing is charged, and
    inside the Union the customer declares it (article 196), where they are known to be taxable by a VAT number.
    """
    if supplier.vat_regime in NO_VAT:
        return Treatment(0, f"vat-{supplier.vat_regime}", NO_VAT[supplier.vat_regime], supplier.country)
    here, there = (SAME_AREA.get(p.country, p.country) for p in (supplier, customer))
    if here != there:
        if there not in EU:
            return Treatment(0, "vat-abroad", ABROAD, customer.country)
        if customer.vat_number or here not in EU:
            return Treatment(0, "vat-reverse-charge", REVERSE, customer.country)
    if here not in rates:
        raise _no_rate(here)
    return Treatment(rates[here], "vat-standard", STANDARD, here)


def _no_rate(country: str) -> Unavailable:
    return Unavailable(
        "No VAT rate is set for %(country)s; the operator can add it to the settings of commission.", country=country
    )


class ValueAddedTax(PricingRule):
    """VAT of the freelancer on the work, and of the marketplace on its fees."""

    name: ClassVar[str] = "vat"

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        super().__init__(settings, desk)
        self.vat_rates: dict[str, int] = settings["vat"]["rates"]
        self.rates: dict[str, int] = {**EU, **ELSEWHERE, **self.vat_rates}
        self.operator_regime: str = settings["vat"]["operator_regime"]

    def lines(self, quote: Quote) -> list[Line]:
        """One line for each part of what is taxed; where nothing is due the line says why."""
        deal = quote.deal
        parties = {
            "client": deal.client, "freelancer": deal.freelancer,
            "operator": Party(deal.marketplace or deal.freelancer.country, self._our_regime(deal)),
        }  # fmt: skip
        found: list[Line] = list(self._on_extras(quote, parties))
        for base, tax, supplier, customer, label in TAXED:
            amounts = [quote.sum_of(base, part=number) for number in range(len(deal.parts))]
            if any(amounts):
                treatment = self._treatment(deal, parties[supplier], parties[customer])
                found += [_line(tax, label, amount, n, treatment) for n, amount in enumerate(amounts)]
        return found

    def _our_regime(self, deal: Deal) -> str:
        """The operator's regime; one set here that its legal identity contradicts would tax invoices otherwise."""
        said = self.operator_regime or deal.regime or "standard"
        if deal.regime and said != deal.regime:
            raise Unavailable(
                "The settings of commission say that the operator's VAT regime is “%(said)s”, its legal identity says "
                "“%(regime)s”. Leave operator_regime of commission empty and say it in [legal].",
                said=said, regime=deal.regime,
            )  # fmt: skip
        return said

    def _treatment(self, deal: Deal, supplier: Party, customer: Party) -> Treatment:
        pack = deal.countries.get(supplier.country)
        if pack is None:
            return treat(supplier, customer, self.rates)
        return by_pack(pack, supplier, customer, self.vat_rates, deal.on)

    def _on_extras(self, quote: Quote, parties: Mapping[str, Party]) -> Iterable[Line]:
        """What is ordered beside the deal is the operator's supply to whoever ordered it."""
        for extra in quote.deal.extras:
            treatment = (
                self._treatment(quote.deal, parties["operator"], parties[extra.side])
                if extra.taxed else Treatment(0, "vat-exempt", EXEMPT, parties["operator"].country)
            )  # fmt: skip
            line = _line(EXTRA_TAXES[extra.side], EXTRA_LABEL, extra.amount, 0, treatment)
            yield replace(line, params={**line.params, "title": extra.label})


def _line(kind: LineKind, label: str, base: Money, part: int, treatment: Treatment) -> Line:
    amount = Money(share_bps(base.amount, treatment.bps), base.currency)
    return Line(kind, label, amount, part, rule=treatment.rule, why=treatment.why, bps=treatment.bps,
                params={"country": treatment.country})  # fmt: skip
