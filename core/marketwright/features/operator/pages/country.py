"""What the country's pack says, row by row with its days and source; without one, what is not covered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.pages.base import pages, show
from marketwright.features.vetting.checks import checks_of
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.countries import Country, Dated, Holiday, Place, TaxCategory, TaxRow
from marketwright.web.formats import show_money
from marketwright.web.house import house
from marketwright.web.i18n import _, current_locale
from marketwright.web.policy import staff

UNCOVERED = (
    N_("VAT on invoices and fees: none is charged, and no invoice is issued"),
    N_("Sentences that the law asks for on invoices, and the mandate to issue them"),
    N_("Whether VAT numbers are valid, and what the law asks of electronic invoices"),
    N_("Papers that {client.other} must hold of who works for them"),
    N_("Words in {contract.other} that may read as employment"),
    N_("Holidays, payment terms and how long papers are kept"),
)
NEXT = 6  # holidays
REGIMES = {
    "standard": N_("charges VAT"), "franchise": N_("small-business exemption"), "none": N_("not subject to VAT"),
}  # fmt: skip
PLACES = {
    Place.DOMESTIC: N_("in the same country"), Place.UNION: N_("elsewhere in its VAT union"),
    Place.OUTSIDE: N_("outside of it"),
}  # fmt: skip
CATEGORIES = {
    TaxCategory.STANDARD: N_("standard rate"), TaxCategory.EXEMPT: N_("exempt"),
    TaxCategory.REVERSE_CHARGE: N_("the customer declares it"), TaxCategory.OUTSIDE: N_("not taxed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what it says, since when and until when it holds, and where it was read."""

    what: str
    says: str
    dated: Dated
    holds: bool


@dataclass(frozen=True, slots=True)
class CountryContext:
    """The pack of ``code`` in sections, or nothing but what is not covered.

    ``exchange``: the law asks for invoices over a platform, which no plugin connects.
    """

    code: str
    covered: bool
    uncovered: Sequence[str]
    sections: Sequence[tuple[str, Sequence[Rule]]]
    taxes: Sequence[tuple[str, str, str]]
    holidays: Sequence[tuple[date, str]]
    asked: bool
    obligation: str
    exchange: bool = False


@pages.get("/country", staff("settings.read"))
def country() -> BaseResponse:
    """What the country's pack says."""
    code = house().marketplace.home
    entry = house().plugins.countries.get(code)
    if entry is None:
        nothing = CountryContext(code=code, covered=False, uncovered=[_(line) for line in UNCOVERED], sections=(),
                                 taxes=(), holidays=(), asked=False, obligation="")  # fmt: skip
        return show("country.html", nothing)
    pack, today = entry.it, house().clock.business().date()
    obligation = pack.obligation(today)
    label = checks_of(house().plugins)[obligation.check].it.label if obligation else ""
    context = CountryContext(
        code=code, covered=True, uncovered=(), sections=_sections(pack, today), taxes=_taxes(pack),
        holidays=[(h.day, _said(h.names)) for h in _coming(pack, today)],
        asked=bool(obligation and obligation.check in house().marketplace.gates.get("sign_above", ())),
        obligation=_(label) if label else "", exchange=bool(pack.electronic),
    )  # fmt: skip
    return show("country.html", context)


def _said(texts: Mapping[str, str]) -> str:
    return texts.get(current_locale()) or next(iter(texts.values()))


def _coming(pack: Country, today: date) -> list[Holiday]:
    return sorted((h for h in pack.holidays if h.day >= today), key=lambda h: h.day)[:NEXT]


def _taxes(pack: Country) -> list[tuple[str, str, str]]:
    return [(_list(row.regimes, REGIMES), _customer(row), _(CATEGORIES[row.category])) for row in pack.taxes]


def _list(some: Sequence[str], words: Mapping[Any, str]) -> str:
    return ", ".join(_(words[one]) for one in some) or _("all of them")


def _customer(row: TaxRow) -> str:
    number = {True: _("with a VAT number"), False: _("without a VAT number"), None: ""}[row.vat_number]
    return " ".join(part for part in (_list(row.places, PLACES), number) if part)


def _rate(pack: Country, bps: int) -> str:
    """A rate of the pack, and that the operator's own goes before it."""
    said = f"{bps / 100:g} %"
    if pack.own_rate is None:
        return said
    return _("%(rate)s; your settings say %(own)s, and that holds", rate=said, own=f"{pack.own_rate / 100:g} %")


def _sections(pack: Country, today: date) -> list[tuple[str, list[Rule]]]:
    rates = [Rule(_("Standard rate"), _rate(pack, rate.bps), rate.dated, rate.dated.holds(today))
             for rate in pack.rates]  # fmt: skip
    papers = [
        Rule(_(checks_of(house().plugins)[o.check].it.label), _("From %(amount)s on, again every %(months)s months",
             amount=show_money(Money(o.amount, o.currency)), months=o.months), o.dated, o.dated.holds(today))
        for o in pack.obligations
    ]  # fmt: skip
    terms = []
    if pack.terms:
        said = _("%(usual)s days where nothing is agreed, %(most)s at most", usual=pack.terms.usual_days,
                 most=pack.terms.longest_days)  # fmt: skip
        terms = [Rule(_("Payment between businesses"), said, pack.terms.dated, pack.terms.dated.holds(today))]
    kept = [Rule(_said(r.what), _("%(years)s years", years=r.years), r.dated, r.dated.holds(today))
            for r in pack.retention]  # fmt: skip
    risks = [Rule(_said(r.label), _said(r.why), r.dated, r.dated.holds(today)) for r in pack.risks]
    issuer = house().marketplace.legal.name or house().marketplace.name
    mentions = [Rule(m.text(current_locale()).replace("{issuer}", issuer), "", m.dated, m.dated.holds(today))
                for m in pack.mentions]  # fmt: skip
    electronic = [Rule(_said(d.whom), _said(d.what), d.dated, d.dated.holds(today)) for d in pack.electronic]
    found = [(_("Tax and terms"), rates + terms), (_("Papers to hold"), papers), (_("On invoices"), mentions),
             (_("Electronic invoices"), electronic),
             (_("Risky words in {contract.other}"), risks), (_("Kept at least"), kept)]  # fmt: skip
    return [(title, rules) for title, rules in found if rules]
