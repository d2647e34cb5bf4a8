"""The fees of a bill: invoiced to both sides when it is paid, in whole or as much of them as was paid."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from marketwright.features.invoicing.due import Item, Kind, from_json, owe
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.kernel.money import prorate
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

DAYS = 30  # until a fee on money that never passed here is to be paid


def owe_fees(uow: UnitOfWork, bill: str, effect: str, amounts: Mapping[Kind, tuple[int, int]]) -> None:
    """Make documents due for the fees of ``bill`` that the ledger booked as ``effect``: net and tax by kind."""
    facts = uow.session.scalar(
        select(InvoiceDue.facts).where(InvoiceDue.cause_type == "bill", InvoiceDue.cause_id == bill,
                                       InvoiceDue.kind == Kind.SALE)
    )  # fmt: skip
    kept = (facts or {}).get("later", {})
    today = uow.ports.get(Marketplace).day_of(uow.now)
    for kind, (net, tax) in amounts.items():
        if (net or tax) and str(kind) in kept:
            whole = from_json(kept[str(kind)])
            cause = bill if effect == "commission" else f"{bill}:{effect.partition('.')[2]}"
            owe(uow, replace(
                whole, cause_id=cause, items=cut(whole.items, net), tax=tax, paid=False, supplied_on=today,
                due_on=today + timedelta(days=DAYS), bill=bill,
            ))  # fmt: skip


def cut(items: Sequence[Item], net: int) -> tuple[Item, ...]:
    """The lines cut to ``net``, each by its share (largest remainder), so that they sum to it; of nothing the first."""
    if not net:
        return (replace(items[0], net=0, half_days=None),)
    shares = prorate(net, [item.net for item in items])
    return tuple(
        item if share == item.net else replace(item, net=share, half_days=None)
        for item, share in zip(items, shares, strict=True) if share
    )  # fmt: skip
