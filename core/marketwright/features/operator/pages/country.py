"""What the country's pack says, row by row with its days and source; without one, what is not covered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.pages.base import pages, show
from marketwright.features.vetting.checks import checks_of
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.countries import Country, Dated, Holiday
from marketwright.web.house import house
from marketwright.web.i18n import _, current_locale
from marketwright.web.policy import staff

UNCOVERED = (
    N_("VAT on invoices and fees: none is charged, and no invoice is issued"),
    N_("Sentences that the law asks for on invoices, and the mandate to issue them"),
    N_("Papers that {client.other} must hold of who works for them"),
    N_("Words in {contract.other} that may read as employment"),
    N_("Holidays, payment terms and how long papers are kept"),
)
NEXT = 6  # holidays


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what it says, since when and until when it holds, and where it was read."""

    what: str
    says: str
    dated: Dated
    holds: bool


@dataclass(frozen=True, slots=True)
class CountryContext:
    """The pack of ``code`` in sections, or nothing but what is not covered."""

    code: str
    covered: bool
    uncovered: Sequence[str]
    sections: Sequence[tuple[str, Sequence[Rule]]]
    taxes: Sequence[tuple[str, str, str]]
    holidays: Sequence[tuple[date, str]]
    asked: bool
    obligation: str


@pages.get("/country", staff("settings.read"))
def country() -> BaseResponse:
    """What the country's pack says."""
    code = house().marketplace.legal.country or house().marketplace.country
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
        obligation=_(label) if label else "",
    )  # fmt: skip
    return show("country.html", context)


def _said(texts: object) -> str:
    found: dict[str, str] = dict(texts)  # type: ignore[call-overload]
    return found.get(current_locale()) or next(iter(found.values()))


def _coming(pack: Country, today: date) -> list[Holiday]:
    return sorted((h for h in pack.holidays if h.day >= today), key=lambda h: h.day)[:NEXT]


def _taxes(pack: Country) -> list[tuple[str, str, str]]:
    every = _("every case")
    return [
        (row.name, ", ".join((*row.regimes, *(str(p) for p in row.places))) or every, str(row.category))
        for row in pack.taxes
    ]


def _sections(pack: Country, today: date) -> list[tuple[str, list[Rule]]]:
    rates = [Rule(_("Standard rate"), f"{rate.bps / 100:g} %", rate.dated, rate.dated.holds(today))
             for rate in pack.rates]  # fmt: skip
    papers = [
        Rule(_(checks_of(house().plugins)[o.check].it.label), _("From %(amount)s on, again every %(months)s months",
             amount=str(Money(o.amount, o.currency)), months=o.months), o.dated, o.dated.holds(today))
        for o in pack.obligations
    ]  # fmt: skip
    terms = []
    if pack.terms:
        said = _("%(usual)s days where nothing is agreed, %(most)s at most", usual=pack.terms.usual_days,
                 most=pack.terms.longest_days)  # fmt: skip
        terms = [Rule(_("Payment between businesses"), said, pack.terms.dated, pack.terms.dated.holds(today))]
    kept = [Rule(_said(r.what), _("%(years)s years", years=r.years), r.dated, r.dated.holds(today))
            for r in pack.retention]  # fmt: skip
    risks = [Rule(r.name.replace("_", " "), _said(r.why), r.dated, r.dated.holds(today)) for r in pack.risks]
    mentions = [Rule(m.name.replace("_", " "), m.text(current_locale()), m.dated, m.dated.holds(today))
                for m in pack.mentions]  # fmt: skip
    found = [(_("Tax and terms"), rates + terms), (_("Papers to hold"), papers), (_("On invoices"), mentions),
             (_("Risky words in {contract.other}"), risks), (_("Kept at least"), kept)]  # fmt: skip
    return [(title, rules) for title, rules in found if rules]
