"""Additional services beside a contract: each side ticks its own, until somebody has signed."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import extras, service
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.ending import refuse_unsigned_end
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.terms import agreement_terms
from marketwright.features.payments.queries import who_holds
from marketwright.features.pricing.extras import chosen, extra, tax_of, with_extras
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.pricing.tables import ExtraOrder
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.errors import Conflict, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.settings.offers import ExtraOffer
from marketwright.strategies.pricing import Extra, Quote
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import current_locale, gettext, speaking
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class Choice:
    """One service that this side may order; ``ticked`` only where it has ordered it itself.

    ``gone`` is one that it has ordered and that is offered no more.
    """

    name: str
    label: str
    summary: str
    supplier: str
    consent: str
    price: Money
    with_tax: Money
    ticked: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ExtrasContext:
    """What is offered to the reader's side, and what both have ordered."""

    contract: ContractRow
    choices: Sequence[Choice]
    truth: Truth
    sent: bool


def offered(side: str) -> tuple[ExtraOffer, ...]:
    """The services that one side may order."""
    return tuple(offer for offer in house().marketplace.extras if offer.side == side)


def has_ordered(contract: str, side: str) -> bool:
    """Whether ``side`` has ordered something beside ``contract``, offered today or not."""
    return any(row.side == side for row in extras.orders(reading(), contract))


def may_order(row: ContractRow) -> bool:
    """Whether something can still be ordered beside a contract: nobody has signed its text yet."""
    if row.state not in ("DRAFT", "SENT"):
        return False
    return not (row.document and service.signatures_of(reading(), row.document))


@pages.form("/contracts/<contract>/extras", PARTIES)
def order_extras(contract: str) -> BaseResponse:
    """Order services, or take them off again."""
    seen = find(contract)
    if seen.side == "operator":
        raise NotAllowed("Each side orders for itself.")
    refuse_unsigned_end(seen.contract.state, seen.contract.signed_at)
    if seen.contract.state not in ("DRAFT", "SENT"):
        raise Conflict("This {contract} is signed; nothing can be ordered beside it any more.",
                       state=seen.contract.state)  # fmt: skip
    if not may_order(seen.contract):
        raise Conflict("One side has signed this text; it can no longer be replaced.", state=seen.contract.state)
    quote = quote_from_json(service.get(reading(), contract).quote)
    if request.method == "POST":
        _order(seen, quote)
        tell(gettext("Noted. It can be changed until the first signature."))
        return redirect(url_for("contracts.order_extras", contract=contract), 303)
    return render("contracts/extras.html", _context(seen, quote))


def _order(seen: Seen, quote: Quote) -> None:
    here, row, side = house(), seen.contract, seen.side
    work, language = quote.deal.work, row.language
    before, ticked = _ordered(seen), request.form.getlist("extra")
    wanted = [
        extras.Ordered(
            before.get(offer.name) or extra(offer, work, language), offer.supplier,
            offer.words("consent", current_locale()), offer.entitlement, offer.days,
        )
        for offer in chosen(here.marketplace.extras, side, ticked)
    ]  # fmt: skip
    wanted += [
        extras.Ordered(extras.extra_of(order), order.supplier, order.consent, order.entitlement, order.days)
        for order in _no_longer_offered(seen) if order.name in ticked
    ]  # fmt: skip
    others = [e for e in extras.ordered_extras(reading(), row.id) if e.side != side]
    made = with_extras(here.plugins, quote, [*others, *(w.extra for w in wanted)])
    again = _drawn_again(seen, made) if row.state == "SENT" else None
    with unit() as uow:
        signable = service.get(uow.session, row.id)
        extras.choose(uow, signable, side=side, wanted=wanted, quote=made, text=row.document)
        if again is not None:
            paper, terms = again
            service.send(uow, contract=row.id, paper=paper, terms=terms, quote=made, purchase_order=row.purchase_order)
        uow.commit()


def _ordered(seen: Seen) -> dict[str, Extra]:
    """What the reader's side has ordered so far, by name: its price stays while it is ordered."""
    rows = extras.orders(reading(), seen.contract.id)
    return {row.name: extras.extra_of(row) for row in rows if row.side == seen.side}


def _no_longer_offered(seen: Seen) -> list[ExtraOrder]:
    """What the reader's side has ordered and the operator offers no more: it stays until it is taken off."""
    names = {offer.name for offer in offered(seen.side)}
    return [row for row in extras.orders(reading(), seen.contract.id)
            if row.side == seen.side and row.name not in names]  # fmt: skip


def _drawn_again(seen: Seen, quote: Quote) -> tuple[Paper, dict[str, Any]]:
    """The text that was sent, with the services in it: nobody signs a text that says something else than the price."""
    here, row = house(), seen.contract
    holder = who_holds(here.plugins, row.provider) if seen.process.holds else ""
    with speaking(row.language):
        terms = agreement_terms(
            reading(), here.marketplace, service.get(reading(), row.id), seen.process, plugins=here.plugins,
            holder=holder, at=here.clock.business(), language=row.language,
            purchase_order=row.purchase_order, quote=quote,
        )  # fmt: skip
        return draw(here.plugins, "agreement", row.language, terms), terms


def _context(seen: Seen, quote: Quote) -> ExtrasContext:
    mine = _ordered(seen)
    language = current_locale()
    choices = []
    for offer in offered(seen.side):
        one = mine.get(offer.name) or extra(offer, quote.deal.work, language)
        choices.append(Choice(
            offer.name, offer.words("label", language), offer.words("summary", language), offer.supplier,
            offer.words("consent", language), one.amount, _with_tax(quote, one), offer.name in mine,
        ))  # fmt: skip
    for row in _no_longer_offered(seen):
        one = mine[row.name]
        choices.append(Choice(
            row.name, row.label, "", row.supplier, row.consent, one.amount, _with_tax(quote, one), ticked=True,
            gone=True,
        ))  # fmt: skip
    return ExtrasContext(seen.contract, choices, truth(quote), seen.contract.state == "SENT")


def _with_tax(quote: Quote, one: Extra) -> Money:
    tax, _bps = tax_of(with_extras(house().plugins, quote, [one]), one)
    return one.amount + tax
