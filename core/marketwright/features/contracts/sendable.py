"""What must hold before a text is sent or signed: it is in time, and its price is that of the two sides as they are."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.queries import IdentityRow
from marketwright.features.contracts import registry
from marketwright.features.contracts.horizon import Horizon, late_milestones
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.contracts.terms import Parties, parties
from marketwright.features.payments.amounts import PARTS, Amounts
from marketwright.features.pricing.service import price
from marketwright.features.pricing.wire import quote_from_json, quote_to_json
from marketwright.features.proposals.fitting import too_long
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BrokenInvariant, Conflict, InvalidInput
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Deal, Party, Quote


def check_in_time(uow: UnitOfWork, contract: Contract) -> None:
    """``Conflict`` once the time to send or sign is over, whether the clock has ended the contract yet or not (C7)."""
    if contract.deadline_at is not None and contract.deadline_at <= uow.now:
        raise Conflict("The time to sign this {contract} is over.", state=contract.state, code="C7")


def outdated(session: Session, contract: Contract, quote: Quote | None = None) -> bool:
    """Whether country, VAT regime or VAT number of a side is another one than ``quote`` was made with.

    Without one, that of the contract itself. ``GateClosed`` where a side has no legal identity.
    """
    both = parties(session, contract.organisation_id, contract.freelancer_id)
    return not _fits(quote or quote_from_json(contract.quote), both)


def quote_today(session: Session, plugins: Plugins, contract: Contract) -> Quote:
    """The price of an unsigned contract for both sides as they are today: its own, or one made again.

    Before a unit of work opens: it asks plugins. What else the deal was priced with stays: the day, codes, services
    ordered, what each side is entitled to. ``GateClosed`` where a side has no legal identity.
    """
    quote = quote_from_json(contract.quote)
    both = parties(session, contract.organisation_id, contract.freelancer_id)
    return quote if _fits(quote, both) else price(plugins, _deal_as_now(quote.deal, both))


def _deal_as_now(deal: Deal, both: Parties) -> Deal:
    return replace(
        deal, client=_as_now(deal.client, both.client), freelancer=_as_now(deal.freelancer, both.freelancer)
    )


def _fits(quote: Quote, both: Parties) -> bool:
    return quote.deal == _deal_as_now(quote.deal, both)


def _as_now(party: Party, found: IdentityRow) -> Party:
    return replace(party, country=found.country, vat_regime=found.vat_regime, vat_number=found.vat_number)


def check_price(session: Session, contract: Contract) -> None:
    """``Conflict`` where the price is that of another tax position than the two sides have (C4)."""
    if outdated(session, contract):
        raise Conflict(
            "A side's country or VAT has changed since the amounts of this {contract} were made. Send it again: it is "
            "then drawn up with new amounts, for both to read and sign.", state=contract.state, code="C4",
        )  # fmt: skip


def take_price(uow: UnitOfWork, contract: Contract, quote: Quote) -> None:
    """Let ``quote``, at which a text was drawn, be the price of ``contract`` (C4): its own, or that one made again.

    ``Conflict`` where neither is so any more: something was ordered meanwhile, or a side's VAT changed once more.
    """
    own = quote_from_json(contract.quote)
    if own != quote:
        both = parties(uow.session, contract.organisation_id, contract.freelancer_id)
        if _fits(own, both) or quote.deal != _deal_as_now(own.deal, both):
            raise Conflict("The price of this {contract} has changed since this text was drawn up.",
                           state=contract.state)  # fmt: skip
        _price(uow, contract, quote)
    check_price(uow.session, contract)


def _price(uow: UnitOfWork, contract: Contract, quote: Quote) -> None:
    """Give an unsigned contract and its milestones the price of ``quote``; the work stays what was agreed (C5)."""
    rows = uow.session.scalars(
        select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number)
    ).all()
    if [row.work for row in rows] != [part.work.amount for part in quote.deal.parts]:
        raise BrokenInvariant("A milestone costs what its line of the proposal says.", code="C5")
    for number, row in enumerate(rows):
        amounts = Amounts.of(quote, number)
        for name in PARTS:
            setattr(row, name, getattr(amounts, name))
    contract.quote = quote_to_json(quote)
    uow.flush()
    uow.audit("contract.priced_again", contract.id, client=quote.deal.client.vat_regime,
              freelancer=quote.deal.freelancer.vat_regime)  # fmt: skip


def check_horizon(uow: UnitOfWork, contract: Contract) -> None:
    """E12: nobody signs for a milestone whose money would be held longer than its provider can."""
    process = registry.pinned(uow.session, contract.process, contract.process_version)
    longest = uow.ports.get(Horizon).longest(process, contract.provider)
    rows = uow.session.scalars(
        select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number)
    )
    wrong = late_milestones(rows, contract.start_on, uow.ports.get(Marketplace).day_of(uow.now), longest)
    if wrong:
        raise InvalidInput({"": [
            say("{Milestone} %(n)s: %(why)s", n=number, why=too_long(span, longest)) for number, span in wrong.items()
        ]})  # fmt: skip
