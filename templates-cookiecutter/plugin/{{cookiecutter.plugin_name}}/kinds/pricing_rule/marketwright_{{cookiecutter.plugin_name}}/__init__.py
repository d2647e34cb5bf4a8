"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from marketwright.plugin import N_, Line, LineKind, Manifest, Money, PricingRule, Quote, hookimpl, share_bps


class {{ cookiecutter.__class }}Settings(Schema):
    """``[plugin.{{ cookiecutter.plugin_name }}]``."""

    bps = fields.Int(
        load_default=300, strict=True, validate=validate.Range(0, 1500),
        metadata={"description": "The client's fee in basis points of the work: 300 is 3 %."},
    )


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings={{ cookiecutter.__class }}Settings,
    core=">=0.1,<0.2",
)


class {{ cookiecutter.__class }}(PricingRule):
    """A share of the work, from the client, part by part."""

    name = "{{ cookiecutter.plugin_name }}"

    def lines(self, quote: Quote) -> list[Line]:
        """One line for each part; people who met elsewhere pay none."""
        if quote.deal.own_network:
            return []
        bps, currency = self.settings["bps"], quote.deal.currency
        return [
            Line(
                LineKind.CLIENT_FEE, N_("Service fee, %(rate)s"), Money(share_bps(part.work.amount, bps), currency),
                number, bps=bps, why=N_("the same for every contract"),
            )
            for number, part in enumerate(quote.deal.parts)
        ]


@hookimpl
def register_pricing_rules(settings: Mapping[str, Any]) -> list[type[PricingRule]]:
    """The rule."""
    return [{{ cookiecutter.__class }}]
