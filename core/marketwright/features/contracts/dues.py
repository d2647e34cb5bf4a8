"""What invoices a contract's money makes due, from its frozen quote and what has moved; in the commit that moved it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.course import timer_of
from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.tables import Amendment, Contract, Milestone
from marketwright.features.invoicing.due import Due, Item, Kind, owe, to_json
from marketwright.features.invoicing.planned import SELLERS, signed_by
from marketwright.features.invoicing.queries import bill_of
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.queries import left_of
from marketwright.features.payments.tables import PaymentCommand
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.money import prorate, share_of
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind
from marketwright.strategies.pricing import Line, LineKind, Party, Quote
from marketwright.strategies.processes import Action, Process

TAXED = {
    Kind.SALE: (LineKind.WORK, LineKind.WORK_TAX), Kind.CLIENT_FEE: (LineKind.CLIENT_FEE, LineKind.CLIENT_FEE_TAX),
    Kind.FREELANCER_FEE: (LineKind.FREELANCER_FEE, LineKind.FREELANCER_FEE_TAX),
}  # fmt: skip
LABELS = {Kind.CLIENT_FEE: N_("Service fee"), Kind.FREELANCER_FEE: N_("Commission")}


def owe_released(uow: UnitOfWork, contract: Contract, milestone: Milestone, command: str) -> None:
    """Held money was released, whole or its share of a split: the work and both fees are invoiced, paid already."""
    row = uow.session.get(PaymentCommand, command)
    if row is None or row.kind not in (CommandKind.RELEASE, CommandKind.SPLIT):
        return
    amounts = left_of(uow.session, milestone.id)
    for kind in TAXED:
        _owe(uow, _due(uow, contract, milestone, amounts, kind, "payment_command", command))


def owe_billed(
    uow: UnitOfWork, contract: Contract, milestone: Milestone, part: Amounts, bill: str, due: datetime
) -> None:
    """``part`` of an accepted milestone was billed: its invoice is to be paid by ``due``."""
    made = _due(uow, contract, milestone, part, Kind.SALE, "bill", bill)
    if made is not None:
        fees = (Kind.CLIENT_FEE, Kind.FREELANCER_FEE)
        later = {str(kind): _fee_facts(uow, contract, milestone, part, kind) for kind in fees}
        owe(uow, replace(made, bill=bill, paid=False, due_on=_day(uow, due),
                         later={kind: fee for kind, fee in later.items() if fee}))  # fmt: skip


def owe_back(
    uow: UnitOfWork, contract: Contract, milestone: Milestone, back: Amounts, *, cause_type: str, cause_id: str
) -> None:
    """``back`` of what was invoiced is taken back: a credit note for each of work and fees that has a part in it."""
    for kind in TAXED:
        made = _due(uow, contract, milestone, back, kind, cause_type, cause_id)
        _owe(uow, replace(made, credit=True, items=_in_one(made.items)) if made is not None else None)


def _in_one(items: Sequence[Item]) -> tuple[Item, ...]:
    """``items`` without their days: money that goes back is no count of days."""
    return tuple(replace(item, half_days=None) for item in items)


def _fee_facts(
    uow: UnitOfWork, contract: Contract, milestone: Milestone, part: Amounts, kind: Kind
) -> dict[str, Any]:
    """What a bill keeps of its fees until they are due: the fee on what is billed, as it would be invoiced."""
    made = _due(uow, contract, milestone, part, kind, "bill", milestone.id)
    return to_json(made) if made is not None else {}


def _owe(uow: UnitOfWork, due: Due | None) -> None:
    if due is not None:
        owe(uow, due)


def _due(
    uow: UnitOfWork, contract: Contract, milestone: Milestone, amounts: Amounts, kind: Kind, cause_type: str,
    cause_id: str,
) -> Due | None:  # fmt: skip
    """The facts of one document, ``None`` where nothing is to be invoiced."""
    net, tax = (getattr(amounts, str(line)) for line in TAXED[kind])
    if not net and not tax:
        return None
    quote, part = _quote(uow, contract, milestone)
    by_day = pinned(uow.session, contract.process, contract.process_version).by_day
    return Due(
        kind=kind, cause_type=cause_type, cause_id=cause_id, currency=contract.currency,
        items=tuple(_items(quote, part, milestone, kind, net, periods=by_day)), tax=tax,
        tax_bps=_rate(quote, part, kind),
        sides={"client": _side(quote.deal.client), "freelancer": _side(quote.deal.freelancer),
               "marketplace": {"vat_regime": quote.deal.regime}},
        parties={side: contract.terms.get(side, {}) for side in ("client", "freelancer")},
        language=contract.language, supplied_on=_day(uow, uow.now), contract=contract.id, milestone=milestone.id,
        organisation=contract.organisation_id if kind is not Kind.FREELANCER_FEE else "",
        freelancer=contract.freelancer_id if kind is not Kind.CLIENT_FEE else "",
        seller_sends=kind is Kind.SALE and signed_by(contract.terms) == SELLERS,
        reference=contract.reference, purchase_order=contract.purchase_order if kind is not Kind.FREELANCER_FEE else "",
    )  # fmt: skip


def _quote(uow: UnitOfWork, contract: Contract, milestone: Milestone) -> tuple[Quote, int]:
    """The quote that the milestone was signed with, and its part there: the agreement's, or that of its amendment."""
    if not milestone.amendment_id:
        return quote_from_json(contract.quote), milestone.number - 1
    first = uow.session.scalar(
        select(func.min(Milestone.number)).where(Milestone.amendment_id == milestone.amendment_id)
    )
    quote = uow.session.get_one(Amendment, milestone.amendment_id).quote
    return quote_from_json(quote), milestone.number - int(first or milestone.number)


def _items(
    quote: Quote, part: int, milestone: Milestone, kind: Kind, net: int, *, periods: bool
) -> Iterator[Item]:  # fmt: skip
    """The quote's own lines, cut to what is invoiced."""
    if kind is Kind.SALE:
        yield Item(milestone.title, net, typed=True, half_days=_half_days(milestone, net, periods=periods))
        return
    lines = [line for line in _lines(quote, part, TAXED[kind][0]) if line.amount]
    if not lines:
        yield Item(LABELS[kind], net)
        return
    if not net:  # the last unit of a tax, rounded apart from its fee
        yield Item(lines[0].label, 0, lines[0].bps, lines[0].params)
        return
    for line, share in zip(lines, prorate(net, [line.amount.amount for line in lines]), strict=True):
        if share:
            yield Item(line.label, share, line.bps, line.params)


def _half_days(milestone: Milestone, net: int, *, periods: bool) -> int | None:
    """How many half days ``net`` pays: of a milestone by the day all of them, of a period with a timesheet its part.

    ``None`` where the price of a day does not divide it.
    """
    most = milestone.half_days
    if not most or (net != milestone.work and not periods):
        return None
    worked, odd = divmod(net * most, milestone.work)
    return None if odd or milestone.work * 2 % most else worked


def _lines(quote: Quote, part: int, kind: LineKind) -> list[Line]:
    return [line for line in quote.lines if line.kind is kind and line.part == part]


def _rate(quote: Quote, part: int, kind: Kind) -> int:
    """The rate of the tax in basis points, as its line names it; a line without a rate says what it comes to."""
    base, tax = (quote.sum_of(line, part=part).amount for line in TAXED[kind])
    named = [line.bps for line in _lines(quote, part, TAXED[kind][1]) if line.bps is not None]
    return max(named) if named else share_of(10_000, tax, base)


def _side(party: Party) -> dict[str, str]:
    return {"country": party.country, "vat_regime": party.vat_regime, "vat_number": party.vat_number}


def _day(uow: UnitOfWork, at: datetime) -> date:
    return uow.ports.get(Marketplace).day_of(at)


def payable_until(session: Session, process: Process, row: Milestone) -> datetime | None:
    """When the open bill of ``row`` is due, where it stands waiting for that payment: however often, the same day."""
    if timer_of(process, row.state) is not None or not any(
        Action.PAID in way.actions for way in process.ways_from(row.state)
    ):
        return None
    bill = bill_of(session, row.id)
    return bill.due_at if bill is not None and bill.state == "open" else None
