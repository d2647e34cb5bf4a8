"""The payment of one invoice between the two sides: how, what arrived, what they say of it, what comes next."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import queries
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.pages.parts import buttons
from marketwright.features.contracts.queries import MilestoneRow, StepRow
from marketwright.features.contracts.receiving import receive
from marketwright.features.contracts.view import Button
from marketwright.features.invoicing import queries as invoicing
from marketwright.features.invoicing import receiving
from marketwright.features.invoicing.owed import numbers
from marketwright.features.invoicing.queries import BillRow
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.invoicing.remittance import creditor_reference, spaced
from marketwright.features.invoicing.standing import PaymentRow, Standing, payments_of, standing
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.strategies.processes import Role
from marketwright.web.fields import DateField, MoneyField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import gettext
from marketwright.web.render import render, tell

SAID = ("mark_paid", "not_arrived")


def arrival_schema(bill: BillRow, left: int) -> Schema:
    """A payment that arrived in part: how much of what is left, when."""
    latest = house().today
    return Schema.from_dict({
        "amount": MoneyField(bill.work.currency, most=max(left, 1), required=True),
        "paid_on": DateField(latest=latest, required=True), "note": TextField(longest=300),
    })()  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaymentContext:
    """``said`` are the latest words of each side about the payment, the first first; ``records`` says that the reader
    may write down what arrived."""

    bill: BillRow
    number: str
    side: str
    standing: Standing
    reference: str
    late: bool
    days_late: int
    payments: Sequence[PaymentRow]
    said: Sequence[StepRow]
    deeds: Sequence[Button]
    records: bool
    form: Form
    key: str
    today: str


@pages.get("/bills/<bill>/payment", PARTIES)
def payment(bill: str) -> BaseResponse:
    """How an invoice is paid, and what was paid of it."""
    row, seen = _find(bill)
    return _page(row, seen, Form(arrival_schema(row, standing(reading(), bill).open.amount)))


@pages.post("/bills/<bill>/payment", PARTIES)
def record_payment(bill: str) -> BaseResponse:
    """Write down a part that arrived; the last part ends the matter."""
    row, seen = _find(bill)
    if not _records(row, seen):
        raise NotAllowed("The {freelancer} says what has arrived on their account.")
    form = Form(arrival_schema(row, standing(reading(), bill).open.amount))
    if not form.accept(request.form):
        return _page(row, seen, form)
    key = f"hand:{request.form.get('key', '')[:40] or new_id()}"
    arrival = Arrival(form.value["amount"], key, form.value["paid_on"], note=form.value.get("note") or "")
    try:
        with unit() as uow:
            receive(uow, bill=bill, arrival=arrival)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(row, seen, form)
    tell(gettext("The payment is recorded."))
    return redirect(url_for("contracts.payment", bill=bill), 303)


@pages.post("/bills/<bill>/payments/<bill_payment>/undo", PARTIES)
def undo_payment(bill: str, bill_payment: str) -> BaseResponse:
    """Take a recorded payment back: it was for something else."""
    row, seen = _find(bill)
    found = next((p for p in payments_of(reading(), bill) if p.id == bill_payment), None)
    if found is None:
        raise NotFound("There is no such payment.")
    if not _records(row, seen):
        raise NotAllowed("The {freelancer} says what has arrived on their account.")
    with unit() as uow:
        receiving.undo(uow, payment=bill_payment, note=request.form.get("note", "")[:300])
        uow.commit()
    tell(gettext("Taken back: the invoice asks for this amount again."), "info")
    return redirect(url_for("contracts.payment", bill=bill), 303)


def _find(bill: str) -> tuple[BillRow, Seen]:
    row = invoicing.bill(reading(), bill)
    if row is None:
        raise NotFound("There is no such bill.")
    return row, find(row.contract)


def _records(row: BillRow, seen: Seen) -> bool:
    return row.state != "paid" and bool({Role.FREELANCER, Role.OPERATOR} & set(seen.reader.roles))


def _page(row: BillRow, seen: Seen, form: Form) -> BaseResponse:
    session, today = reading(), house().today
    its = standing(session, row.id)
    days = (today - house().marketplace.day_of(row.due_at)).days
    context = PaymentContext(
        bill=row, number=numbers(session, [row.id]).get(row.id, row.number), side=seen.side, standing=its,
        reference=spaced(creditor_reference(row.id)), late=row.state == "open" and days > 0, days_late=days,
        payments=payments_of(session, row.id), said=_said(row), deeds=_deeds(seen, row),
        records=_records(row, seen) and bool(its.open), form=form, key=new_id(), today=today.isoformat(),
    )  # fmt: skip
    return render("contracts/payment.html", context, status=422 if form.errors else 200)


def _milestone(row: BillRow) -> MilestoneRow | None:
    parts: Any = queries.milestones_of(reading(), [row.contract])[row.contract]
    return next((m for m in parts if m.id == row.milestone), None)


def _deeds(seen: Seen, row: BillRow) -> tuple[Button, ...]:
    """The steps that the reader may take with the milestone now."""
    m = _milestone(row)
    found = buttons(seen, m) if m is not None and row.state == "open" else ()
    here = url_for("contracts.payment", bill=row.id)
    rest = [b for b in found if b.url != here]
    if rest and len(rest) < len(found) and not any(b.look == "main" for b in rest) and rest[0].look != "quiet":
        rest[0] = replace(rest[0], look="main")
    return tuple(rest)


def _said(row: BillRow) -> list[StepRow]:
    """What the sides last said of the payment: that it was made, and that it had not arrived."""
    m = _milestone(row)
    if m is None or row.state != "open":
        return []
    steps = [s for s in queries.log_of(reading(), row.contract) if s.milestone == m.number and s.step == "entered"]
    steps.sort(key=lambda s: s.version)
    latest = [next((s for s in reversed(steps) if s.transition == name), None) for name in SAID]
    return [s for s in latest if s is not None]
