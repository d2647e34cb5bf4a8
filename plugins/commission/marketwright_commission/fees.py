"""The marketplace's fees: the first rule of each side that applies, less what vouchers take off, part by part."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from marketwright.plugin import (
    Deal,
    Line,
    LineKind,
    Money,
    Note,
    PricingRule,
    Quote,
    exponent,
)
from marketwright_commission.bounds import out_of_bounds
from marketwright_commission.discounts import Charge, reduced
from marketwright_commission.rules import SIDES, Case, FeeRule, first_fit, from_settings
from marketwright_commission.sharing import amounts_of


def N_(message: str) -> str:  # noqa: N802  marks a sentence for translation
    """``message`` itself."""
    return message


KINDS = {"client": LineKind.CLIENT_FEE, "freelancer": LineKind.FREELANCER_FEE}
LABELS = {"client": N_("Service fee, %(rate)s"), "freelancer": N_("Commission, %(rate)s")}
WITHOUT_RATE = {"client": N_("Service fee"), "freelancer": N_("Commission")}
CATEGORY = N_("for work in “%(category)s”")
ENTITLED = N_("by the plan")
FLAT = N_("with %(flat)s for the {contract}")
BANDS = N_("%(rate)s up to %(below)s")
BAND = N_("%(rate)s from %(least)s to %(below)s")
LAST_BAND = N_("%(rate)s of what is above %(least)s")
FLOORED, CAPPED = N_("at least %(floor)s"), N_("at most %(cap)s")
OWN_NETWORK = N_("none: you knew each other before this marketplace")
# By what bounds a rule has (from, up to), what it measures, and whether it asks how long they know each other.
WHY: dict[tuple[str, str, bool], str] = {
    ("", "deal", False): N_("rule “%(rule)s”, for every {contract}"),
    ("from", "deal", False): N_("rule “%(rule)s”, {contract.other} from %(least)s"),
    ("up_to", "deal", False): N_("rule “%(rule)s”, {contract.other} below %(below)s"),
    ("both", "deal", False): N_("rule “%(rule)s”, {contract.other} from %(least)s to %(below)s"),
    ("from", "relation", False): N_("rule “%(rule)s”, from %(least)s agreed together"),
    ("up_to", "relation", False): N_("rule “%(rule)s”, below %(below)s agreed together"),
    ("both", "relation", False): N_("rule “%(rule)s”, from %(least)s to %(below)s agreed together"),
    ("", "deal", True): N_("rule “%(rule)s”, first {contract} %(days)s days ago or more"),
    ("from", "deal", True): N_("rule “%(rule)s”, {contract.other} from %(least)s, first one %(days)s days ago or more"),
    ("up_to", "deal", True): N_(
        "rule “%(rule)s”, {contract.other} below %(below)s, first one %(days)s days ago or more"
    ),
    ("both", "deal", True): N_(
        "rule “%(rule)s”, {contract.other} from %(least)s to %(below)s, first one %(days)s days ago or more"
    ),
    ("from", "relation", True): N_(
        "rule “%(rule)s”, from %(least)s agreed together, first {contract} %(days)s days ago or more"
    ),
    ("up_to", "relation", True): N_(
        "rule “%(rule)s”, below %(below)s agreed together, first {contract} %(days)s days ago or more"
    ),
    ("both", "relation", True): N_(
        "rule “%(rule)s”, from %(least)s to %(below)s agreed together, first {contract} %(days)s days ago or more"
    ),
}


class Commission(PricingRule):
    """A fee on the work from either side; people who met elsewhere pay none."""

    name: ClassVar[str] = "commission"

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        super().__init__(settings, desk)
        self.rules = from_settings(settings["rules"])
        wrong = out_of_bounds(self.rules, desk.currency) if desk is not None else ""
        if wrong:  # the settings alone do not say in which currency the deals are
            raise ValueError(wrong)

    def lines(self, quote: Quote) -> list[Line]:
        """One line a side and part, with the rule in words."""
        deal = quote.deal
        if deal.own_network:
            return [Line(KINDS[side], LABELS[side], Money(0, deal.currency), n, "own-network", OWN_NETWORK, 0)
                    for side in SIDES for n in range(len(deal.parts))]  # fmt: skip
        works = [part.work.amount for part in deal.parts]
        charges = reduced(works, list(self._charges(deal)), deal.vouchers)
        shares = zip(charges, amounts_of(works, charges), strict=True)
        return [line for charge, amounts in shares for line in _lines(deal, charge, amounts)]

    def _charges(self, deal: Deal) -> Iterable[Charge]:
        case = case_of(deal)
        for side in SIDES:
            rule = first_fit(self.rules, side, case)
            if rule is not None:
                yield Charge(side, rule, rule.fee(case), notes=tuple(_notes(rule, case)))


def case_of(deal: Deal) -> Case:
    """What of ``deal`` decides which rule fits."""
    days = (deal.on - deal.first_contract).days if deal.first_contract else None
    sides = {"client": deal.client.entitlements, "freelancer": deal.freelancer.entitlements}
    return Case(deal.work.amount, deal.cumulated, deal.currency, days, deal.categories, sides)


def _lines(deal: Deal, charge: Charge, amounts: Sequence[int]) -> list[Line]:
    """The lines of one side, ``amounts`` part by part."""
    rule, fee = charge.rule, charge.fee
    why, params = _reason(rule, deal.currency)
    label = (LABELS if fee.bps is not None else WITHOUT_RATE)[charge.side]
    return [
        Line(KINDS[charge.side], label, Money(amount, deal.currency), n, rule.name, why, fee.bps, params,
             charge.notes, charge.override)
        for n, amount in enumerate(amounts)
    ]  # fmt: skip


def _notes(rule: FeeRule, case: Case) -> Iterable[Note]:
    """What of ``rule`` its first sentence does not say."""
    unit, currency = 10 ** exponent(case.currency), case.currency
    if rule.category:
        yield Note(CATEGORY, {"category": rule.category.replace("-", " ").replace("_", " ")})
    if rule.entitlement:
        yield Note(ENTITLED)
    least = 0
    for number, band in enumerate(rule.bands):
        ends = number < len(rule.bands) - 1
        bounds = {"least": Money(least * unit, currency), "below": Money((band.below or 0) * unit, currency)}
        text = (BAND if least else BANDS) if ends else LAST_BAND
        used = {name: bounds[name] for name in ("least", "below") if f"%({name})s" in text}
        yield Note(text, used, band.bps)
        least = band.below or 0
    fee = rule.fee(case)
    for table, text, name, shown in (
        (rule.flat, FLAT, "flat", not fee.floored and not fee.capped), (rule.floor, FLOORED, "floor", fee.floored),
        (rule.cap, CAPPED, "cap", fee.capped),
    ):  # fmt: skip
        if currency in table and shown:
            yield Note(text, {name: Money(table[currency] * unit, currency)})


def _reason(rule: FeeRule, currency: str) -> tuple[str, dict[str, Any]]:
    """The sentence that says why this rule, and what fills it."""
    unit = 10 ** exponent(currency)
    params: dict[str, Any] = {"rule": rule.name}
    bounds = {(True, True): "both", (True, False): "from", (False, True): "up_to"}.get(
        (rule.least > 0, rule.below is not None), ""
    )
    if rule.least:
        params["least"] = Money(rule.least * unit, currency)
    if rule.below is not None:
        params["below"] = Money(rule.below * unit, currency)
    if rule.known_days is not None:
        params["days"] = rule.known_days
    measure = rule.measure if bounds else "deal"
    return WHY[bounds, measure, rule.known_days is not None], params
