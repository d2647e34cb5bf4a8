"""The VAT rate that the operator has set goes before the country pack's, wherever the pack is asked for its rate."""

from collections.abc import Sequence
from dataclasses import replace

from marketwright.hooks.single import Brought
from marketwright.kernel.errors import BadSetting
from marketwright.strategies.countries import Country


def at_own_rate(pack: Country, rules: Sequence[Brought]) -> Country:
    """``pack`` at the rate that a rule of pricing was given for its country: quotes, fees and services then agree."""
    for rule in rules:
        bps = rule.it.vat_rates.get(pack.code)
        if bps is not None:
            if type(bps) is not int or not 0 <= bps <= 10_000:
                raise BadSetting(f"the VAT rate of {pack.code} is {bps!r}, not basis points from 0 to 10000.",
                                 where=f"plugin {rule.plugin}")  # fmt: skip
            return replace(pack, own_rate=bps)
    return pack
