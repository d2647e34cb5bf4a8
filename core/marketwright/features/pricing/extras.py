"""Additional services beside a contract: what is offered, what it costs, and the quote with it. Pure but for rules."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from marketwright.features.pricing.service import EXTRAS, price
from marketwright.hooks.manager import Plugins
from marketwright.kernel.money import Money, exponent, share_bps
from marketwright.settings.offers import ExtraOffer
from marketwright.strategies.pricing import Extra, LineKind, Quote

KINDS = (*EXTRAS.values(), LineKind.CLIENT_EXTRA_TAX, LineKind.FREELANCER_EXTRA_TAX)
TAXES = {"client": LineKind.CLIENT_EXTRA_TAX, "freelancer": LineKind.FREELANCER_EXTRA_TAX}


def cost(offer: ExtraOffer, work: Money) -> Money:
    """What ``offer`` costs beside a contract over ``work``, before tax; rounded once."""
    unit = 10 ** exponent(work.currency)
    if offer.price:
        return Money(offer.price * unit, work.currency)
    return Money(max(share_bps(work.amount, offer.bps), offer.least * unit, 1), work.currency)


def extra(offer: ExtraOffer, work: Money, language: str) -> Extra:
    """``offer`` as a quote holds it."""
    return Extra(offer.name, offer.side, offer.words("label", language), cost(offer, work), offer.taxed)


def said_in(offers: Iterable[ExtraOffer], name: str, label: str, language: str) -> str:
    """What an order of ``name`` is called in ``language``: as its offer says it, else ``label`` as it was bought."""
    offer = next((offer for offer in offers if offer.name == name), None)
    return (offer.label.get(language) if offer else "") or label


def with_extras(plugins: Plugins, quote: Quote, extras: Sequence[Extra]) -> Quote:
    """``quote`` with ``extras`` ordered beside it, and their tax by the rules; every other line stays as it was.

    Call it before a unit of work opens: rules are plugins.
    """
    deal = replace(quote.deal, extras=tuple(extras))
    kept = tuple(line for line in quote.lines if line.kind not in KINDS)
    if not extras:
        return Quote(deal, kept)
    return Quote(deal, (*kept, *(line for line in price(plugins, deal).lines if line.kind in KINDS)))


def tax_of(quote: Quote, order: Extra) -> tuple[Money, int]:
    """The tax on one extra, and its rate in basis points.

    Rules answer one tax line an extra, in their order; what they leave out is not taxed.
    """
    mine = [e for e in quote.deal.extras if e.side == order.side]
    lines = [line for line in quote.lines if line.kind is TAXES[order.side]]
    if len(lines) != len(mine):
        return Money(0, order.amount.currency), 0
    line = lines[[e.name for e in mine].index(order.name)]
    return line.amount, line.bps or 0


def chosen(offers: Iterable[ExtraOffer], side: str, names: Iterable[str]) -> list[ExtraOffer]:
    """The offers of ``side`` that are among ``names``, in the operator's order."""
    wanted = set(names)
    return [offer for offer in offers if offer.side == side and offer.name in wanted]
