"""What invoices a contract's money makes due, from its frozen quote and what has moved; in the commit that moved it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.invoicing.due import Due, Item, Kind, owe
from marketwright.features.invoicing.queries import bill_of
from marketwright.features.payments.amounts import Amounts, kept_of
from marketwright.features.payments.tables import PaymentCommand
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.money import prorate
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind
from marketwright.strategies.pricing import Line, LineKind, Party, Quote

FEE_DAYS = 30  # a fee on money that never passed here is to be paid within
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
    amounts = _amounts(milestone, contract.currency)
    if row.kind == CommandKind.SPLIT:
        amounts = kept_of(amounts, row.refund)
    for kind in TAXED:
        _owe(uow, _due(uow, contract, milestone, amounts, kind, "payment_command", command))


def owe_billed(uow: UnitOfWork, contract: Contract, milestone: Milestone, bill: str, due: datetime) -> None:
    """An accepted milestone was billed: the work is invoiced, to be paid by ``due``, under the bill's own number."""
    found = bill_of(uow.session, milestone.id)
    made = _due(uow, contract, milestone, _amounts(milestone, contract.currency), Kind.SALE, "bill", bill)
    if made is not None and found is not None:
        series, _, number = found.number.rpartition("-")
        _owe(uow, replace(made, bill=bill, paid=False, due_on=_day(uow, due), series=series, number=int(number)))


def owe_commission(uow: UnitOfWork, contract: Contract, milestone: Milestone) -> None:
    """A bill was paid, and with it both fees are due (E15): they are invoiced, to be paid."""
    bill = bill_of(uow.session, milestone.id)
    if bill is None:
        return
    for kind in (Kind.CLIENT_FEE, Kind.FREELANCER_FEE):
        made = _due(uow, contract, milestone, _amounts(milestone, contract.currency), kind, "bill", bill.id)
        if made is not None:
            _owe(uow, replace(made, paid=False, due_on=_day(uow, uow.now + timedelta(days=FEE_DAYS))))


def owe_back(
    uow: UnitOfWork, contract: Contract, milestone: Milestone, back: Amounts, *, cause_type: str, cause_id: str
) -> None:
    """``back`` of what was invoiced is taken back: a credit note for each of work and fees that has a part in it."""
    for kind in TAXED:
        made = _due(uow, contract, milestone, back, kind, cause_type, cause_id)
        _owe(uow, replace(made, credit=True) if made is not None else None)


def _owe(uow: UnitOfWork, due: Due | None) -> None:
    if due is not None:
        owe(uow, due)


def _amounts(m: Milestone, currency: str) -> Amounts:
    return Amounts(
        currency, m.work, m.work_tax, m.client_fee, m.client_fee_tax, m.freelancer_fee, m.freelancer_fee_tax
    )


def _due(
    uow: UnitOfWork, contract: Contract, milestone: Milestone, amounts: Amounts, kind: Kind, cause_type: str,
    cause_id: str,
) -> Due | None:  # fmt: skip
    """The facts of one document, ``None`` where nothing is to be invoiced."""
    net, tax = (getattr(amounts, str(line)) for line in TAXED[kind])
    if not net:
        return None
    quote = quote_from_json(contract.quote)
    return Due(
        kind=kind, cause_type=cause_type, cause_id=cause_id, currency=contract.currency,
        items=tuple(_items(quote, milestone, kind, net)), tax=tax, tax_bps=_rate(quote, milestone, kind),
        sides={"client": _side(quote.deal.client), "freelancer": _side(quote.deal.freelancer)},
        parties={side: contract.terms.get(side, {}) for side in ("client", "freelancer")},
        language=contract.language, supplied_on=_day(uow, uow.now), contract=contract.id, milestone=milestone.id,
        organisation=contract.organisation_id if kind is not Kind.FREELANCER_FEE else "",
        freelancer=contract.freelancer_id if kind is not Kind.CLIENT_FEE else "",
        reference=contract.reference, purchase_order=contract.purchase_order if kind is not Kind.FREELANCER_FEE else "",
    )  # fmt: skip


def _items(quote: Quote, milestone: Milestone, kind: Kind, net: int) -> Iterator[Item]:
    """The quote's own lines, cut to what is invoiced; one line where the quote does not come to this milestone."""
    if kind is Kind.SALE:
        yield Item(milestone.title, net, typed=True)
        return
    lines = [line for line in _lines(quote, milestone, TAXED[kind][0]) if line.amount]
    if not lines:
        yield Item(LABELS[kind], net)
        return
    for line, share in zip(lines, prorate(net, [line.amount.amount for line in lines]), strict=True):
        if share:
            yield Item(line.label, share, line.bps, line.params)


def _lines(quote: Quote, milestone: Milestone, kind: LineKind) -> list[Line]:
    return [line for line in quote.lines if line.kind is kind and line.part == milestone.number - 1]


def _rate(quote: Quote, milestone: Milestone, kind: Kind) -> int:
    """The rate of the tax in basis points; of a milestone that an amendment added, that of the others."""
    tax = TAXED[kind][1]
    lines = _lines(quote, milestone, tax) or [line for line in quote.lines if line.kind is tax]
    return next((line.bps or 0 for line in lines), 0)


def _side(party: Party) -> dict[str, str]:
    return {"country": party.country, "vat_regime": party.vat_regime, "vat_number": party.vat_number}


def _day(uow: UnitOfWork, at: datetime) -> date:
    return at.astimezone(ZoneInfo(uow.ports.get(Marketplace).time_zone)).date()
