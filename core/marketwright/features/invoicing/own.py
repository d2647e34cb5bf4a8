"""Invoices of the marketplace for services of its own, as plans: booked and made due in one commit."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from marketwright.features.accounts.needed import need_identity
from marketwright.features.invoicing.composing import Waits
from marketwright.features.invoicing.due import Due, Item, Kind, owe
from marketwright.features.invoicing.settled import debt_of
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.kinds import BANK, REVENUE, VAT_COLLECTED, receivable
from marketwright.features.ledger.owing import one_at_a_time
from marketwright.features.ledger.queries import raw_balance
from marketwright.hooks.manager import Plugins
from marketwright.kernel.money import Money, share_bps
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.countries import Supply, TaxCategory


def issue_own(
    uow: UnitOfWork, *, cause_type: str, cause_id: str, buyer_kind: str, buyer: str, lines: Sequence[Item],
    currency: str, due_on: date | None = None, language: str = "", contract: str = "", reference: str = "",
    tax: tuple[int, int] | None = None, regime: str = "", exemption: str = "",
) -> str:  # fmt: skip
    """Invoice ``lines`` to an ``organisation`` or a ``freelancer`` and return the id of the document due.

    VAT is what the country pack of the marketplace says, or ``tax`` (minor units, basis points) where a frozen quote
    has said it, by the marketplace's VAT ``regime`` of then; ``exemption`` says in words why a service is exempt
    whoever buys it. The ledger books a receivable against revenue and VAT under the same cause (effect ``invoiced``).
    Raises ``GateClosed`` where the buyer has no legal identity yet, and ``Waits`` (an ``Unavailable``) where no pack
    knows the tax.
    """
    found = need_identity(uow.session, "buy", buyer_kind, buyer)
    marketplace = uow.ports.get(Marketplace)
    today = marketplace.day_of(uow.now)
    net = sum(line.net for line in lines)
    if tax is None:
        bps = vat_bps(uow, country=found.country, has_vat_number=bool(found.vat_number), on=today)
        tax, regime = (share_bps(net, bps), bps), marketplace.vat_regime
    legs = [(receivable(buyer), net + tax[0]), (REVENUE, -net), (VAT_COLLECTED, -tax[0])]
    ledger.post(
        uow, cause_type=cause_type, cause_id=cause_id, effect="invoiced", contract=contract,
        legs=[(account, Money(amount, currency)) for account, amount in legs if amount],
        memo=N_("Service of the marketplace"),
    )  # fmt: skip
    side = {"country": found.country, "vat_regime": found.vat_regime, "vat_number": found.vat_number}
    return owe(uow, Due(
        kind=Kind.SERVICE, cause_type=cause_type, cause_id=cause_id, currency=currency, items=tuple(lines), tax=tax[0],
        tax_bps=tax[1], sides={"buyer": side, "marketplace": {"vat_regime": regime}},
        parties={"buyer": {**asdict(found), "updated_at": ""}}, language=language or marketplace.languages[0],
        supplied_on=today, due_on=due_on, paid=False, exemption=exemption,
        organisation=buyer if buyer_kind == "organisation" else "",
        freelancer=buyer if buyer_kind == "freelancer" else "", contract=contract, reference=reference,
    ))  # fmt: skip


def receive_own(uow: UnitOfWork, *, cause_type: str, cause_id: str, payer: str, amount: Money) -> Money:
    """Book that ``payer`` paid an invoice of ours to our bank; returns what of ``amount`` was still owed.

    Booked once a cause (effect ``paid``). What was kept back from payouts meanwhile is paid already: nothing above
    what is left of the debt that the cause names is booked, and where it names none nothing above all that is owed.
    So nobody's debt falls below zero, and no other debt is paid by what was meant for this one.
    """
    one_at_a_time(uow, payer)
    account = receivable(payer)
    named = debt_of(uow.session, account, amount.currency, (cause_type, cause_id))
    owed = raw_balance(uow.session, account, amount.currency)
    taken = Money(max(0, min(amount.amount, owed if named is None else min(owed, named.left))), amount.currency)
    if taken:
        ledger.post(
            uow, cause_type=cause_type, cause_id=cause_id, effect="paid", legs=[(BANK, taken), (account, -taken)],
            memo=N_("Paid to our bank"),
        )  # fmt: skip
    return taken


def vat_bps(uow: UnitOfWork, *, country: str, has_vat_number: bool, on: date) -> int:
    """The VAT rate of a service of the marketplace to a customer there, in basis points; :class:`Waits` unknown."""
    marketplace = uow.ports.get(Marketplace)
    home = marketplace.home
    entry = uow.ports.get(Plugins).countries.get(home)
    if entry is None:
        raise Waits("No country pack for %(country)s is enabled, so nobody knows how this is taxed. Enable one in the "
                    "settings (plugins).", code="country", country=home)  # fmt: skip
    row = entry.it.decide(Supply(marketplace.vat_regime, entry.it.place(country), has_vat_number))
    return (entry.it.rate(on) or 0) if row.category is TaxCategory.STANDARD else 0
