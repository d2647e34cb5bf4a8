"""Commission by ordered rules on either side, and the VAT on work and fees."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Manifest, PricingRule, hookimpl
from marketwright_commission.fees import Commission
from marketwright_commission.settings import CommissionSettings
from marketwright_commission.vat import ValueAddedTax

manifest = Manifest(
    name="commission",
    summary="What the marketplace earns: ordered rules for either side, and VAT on work and fees.",
    settings=CommissionSettings,
    core=">=0.1,<0.2",
)


@hookimpl
def register_pricing_rules(settings: Mapping[str, Any]) -> list[type[PricingRule]]:
    """Fees first, then the taxes on work and fees."""
    return [Commission, ValueAddedTax]
