"""The marketplace's fees: the first rule of each side that applies, part by part."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marketwright.plugin import Deal, Line, LineKind, Money, PricingRule, Quote, exponent, share_bps
from marketwright_commission.rules import SIDES, FeeRule, first_fit, from_settings


def N_(message: str) -> str:  # noqa: N802  marks a sentence for translation
    """``message`` itself."""
    return message


KINDS = {"client": LineKind.CLIENT_FEE, "freelancer": LineKind.FREELANCER_FEE}
LABELS = {"client": N_("Service fee, %(rate)s"), "freelancer": N_("Commission, %(rate)s")}
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
    """A share of the work from either side; people who met elsewhere pay none."""

    name: ClassVar[str] = "commission"

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        super().__init__(settings, desk)
        self.rules = from_settings(settings["rules"])

    def lines(self, quote: Quote) -> list[Line]:
        """One line a side and part, with the rule in words."""
        deal = quote.deal
        chosen = ((side, self._rule(deal, side)) for side in SIDES)
        return [
            self._line(deal, number, side, rule)
            for side, rule in chosen
            if rule is not None
            for number in range(len(deal.parts))
        ]

    def _rule(self, deal: Deal, side: str) -> FeeRule | None:
        if deal.own_network:
            return FeeRule("own-network", side, 0)
        work, unit = deal.work.amount, 10 ** exponent(deal.currency)
        days = (deal.on - deal.first_contract).days if deal.first_contract else None
        return first_fit(self.rules, side, work, work + deal.cumulated, days, unit)

    def _line(self, deal: Deal, number: int, side: str, rule: FeeRule) -> Line:
        amount = Money(share_bps(deal.parts[number].work.amount, rule.bps), deal.currency)
        label = LABELS[side]
        if deal.own_network:
            return Line(KINDS[side], label, amount, number, rule=rule.name, why=OWN_NETWORK, bps=rule.bps)
        why, params = _reason(rule, deal.currency)
        return Line(KINDS[side], label, amount, number, rule=rule.name, why=why, bps=rule.bps, params=params)


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
