"""Pricing: what the rules brought, rule by rule; and what other rules would have brought, before they are saved."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.quotes import signed_between
from marketwright.features.operator.pages.base import chosen, pages, show, tabs
from marketwright.features.operator.pages.settings import CHANGE, known_plugin, plugin_form_again, plugin_group
from marketwright.features.overlay import changing
from marketwright.features.pricing.simulate import Effect, Share, Signed, quarter_before, simulate
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.strategies.pricing import Override
from marketwright.web.formats import show_date, show_round_money
from marketwright.web.house import house, reading
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.schemaforms import read

_READ = staff("ledger.read")
PERIODS = ("", "quarter", "year")
_FEW = 20


@dataclass(frozen=True, slots=True)
class Course:
    """Revenue month by month as a chart takes it: whole units of the currency."""

    labels: list[str]
    before: list[int]
    after: list[int]
    ticks: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signed exception, and how many deals it is in."""

    override: Override
    deals: int


@dataclass(frozen=True, slots=True)
class PricingContext:
    """What was signed in a period and what it brought: ``months`` and ``rules`` in the marketplace's currency."""

    tabs: list[tuple[str, str, bool, int | None]]
    areas: list[tuple[str, str, bool, int | None]]
    since: date
    last: date
    deals: int
    work: Money
    fees: Money
    course: Course
    rules: Sequence[Share]
    signatures: Sequence[Signature]
    plugins: Sequence[str]


@dataclass(frozen=True, slots=True)
class TryContext:
    """A change of rules on the deals of a period; ``sent`` is the form as it was typed, to save or go on with."""

    plugin: str
    tabs: list[tuple[str, str, bool, int | None]]
    period: str
    since: date
    last: date
    effect: Effect | None
    others: Sequence[Effect]
    course: Course | None
    sent: list[tuple[str, str]]
    few: int


def areas(here: str) -> list[tuple[str, str, bool, int | None]]:
    """The pages of pricing as tabs."""
    return [(_("Results and rules"), url_for("operator.pricing"), here == "rules", None),
            (_("Codes"), url_for("operator.pricing_codes"), here == "codes", None),
            (_("Plans"), url_for("operator.pricing_plans"), here == "plans", None)]  # fmt: skip


@pages.get("/pricing", _READ)
def pricing() -> BaseResponse:
    """What the rules brought."""
    since, until = _period(chosen("period", PERIODS))
    market = house().marketplace
    deals = [d for d in _deals(since, until) if d.quote.deal.currency == market.currency]
    effect = Effect.unchanged(deals, market.currency)
    context = PricingContext(
        tabs=_periods(), areas=areas("rules"), since=since, last=until - timedelta(days=1), deals=len(deals),
        work=effect.work, fees=effect.fees()[0], course=_course(effect), rules=effect.rules(),
        signatures=_signatures(deals), plugins=pricing_plugins(),
    )  # fmt: skip
    return show("pricing.html", context)


def pricing_plugins() -> list[str]:
    """The enabled plugins that bring rules and have settings, in their order."""
    return list(dict.fromkeys(entry.plugin for entry in house().plugins.pricing_rules))


@pages.post("/settings/plugins/<name>/try", CHANGE.objects("enabled plugins; none there is 404"))
def settings_plugin_try(name: str) -> BaseResponse:
    """What the typed rules would have done to a quarter. Nothing is saved."""
    plugin = known_plugin(name)
    group = plugin_group(plugin)
    tree = read(group.schema, group.above, request.form, group.choices)
    period = request.form.get("period", "")
    since, until = _period(period if period in PERIODS else "")
    deals = _deals(since, until)
    try:
        with changing.tried(house(), group.changes(house().marketplace, tree)) as other:
            effects = simulate(other.plugins, deals)
    except InvalidInput as error:
        return plugin_form_again(plugin, group, tree, error.errors)
    own = next((e for e in effects if e.currency == house().marketplace.currency), None)
    context = TryContext(
        plugin=name, tabs=[], period=period, since=since, last=until - timedelta(days=1), effect=own,
        others=[e for e in effects if e is not own], course=_course(own) if own else None, few=_FEW,
        sent=[(k, v) for k, v in request.form.items(multi=True) if k not in ("csrf_token", "period", "do")],
    )  # fmt: skip
    return show("pricing_try.html", context)


def _period(name: str) -> tuple[date, date]:
    today = house().clock.business().date()
    if name == "quarter":
        return quarter_before(today)[1], today + timedelta(days=1)
    if name == "year":
        return today - timedelta(days=365), today + timedelta(days=1)
    return quarter_before(today)


def _periods() -> list[tuple[str, str, bool, int | None]]:
    return tabs("period", [("", _("Last quarter"), None), ("quarter", _("This quarter"), None),
                           ("year", _("Twelve months"), None)])  # fmt: skip


def _deals(since: date, until: date) -> list[Signed]:
    return signed_between(reading(), since, until, house().marketplace.time_zone)


def _course(effect: Effect) -> Course:
    months = effect.months()
    unit = Money(1, effect.currency).decimal
    before, after = ([int(getattr(m, side).amount * unit) for m in months] for side in ("before", "after"))
    most = max([*before, *after, 1])
    ticks = [(value, show_round_money(Money(int(value / unit), effect.currency))) for value in (most // 2, most)]
    labels = [show_date(date.fromisoformat(f"{m.name}-01"), "MMM") for m in months]
    return Course(labels, before, after, ticks)


def _signatures(deals: Sequence[Signed]) -> list[Signature]:
    found: dict[Override, int] = {}
    for deal in deals:
        for override in deal.quote.overrides:
            found[override] = found.get(override, 0) + 1
    return [Signature(override, count) for override, count in sorted(found.items(), key=lambda pair: -pair[1])]
