"""Documents for work that sellers make themselves, where nobody here draws them up: handed in, and read by both."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.queries import member
from marketwright.features.accounts.tables import Staff
from marketwright.features.files import service as files
from marketwright.features.files.checks import Checked
from marketwright.features.files.queries import FileRow
from marketwright.features.invoicing import events
from marketwright.features.invoicing.invoice_tables import InvoiceDue, SentInvoice
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

SENT = "sent_invoice"  # the purpose of their files
SELLER, HANDED_IN = "seller", "handed_in"  # what a due waits for, and that it waits no more
MONEY_ROLES = frozenset({"owner", "finance", "buyer", "approver"})  # of the client's side: who reads invoices


@dataclass(frozen=True, slots=True)
class DueRow:
    """A document that a seller owes; ``sides`` and ``parties`` are what it must name, amounts before and with tax."""

    id: str
    credit: bool
    contract: str
    organisation: str
    freelancer: str
    net: Money
    tax: Money
    title: str
    reference: str
    purchase_order: str
    supplied_on: date
    buyer: Mapping[str, str]
    handed_in: bool

    @property
    def gross(self) -> Money:
        """With tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class SentRow:
    """One document as its seller handed it in; ``due`` is what it is for."""

    due: DueRow
    number: str
    issued_on: date
    file: str
    at: datetime


def hand_in(uow: UnitOfWork, *, due: str, number: str, issued_on: date, checked: Checked | None) -> None:
    """Record the seller's own document for ``due``, as its freelancer; handed in again, the new one holds.

    ``NotFound`` for a due that is not theirs, ``Conflict`` where the marketplace draws it up, ``InvalidInput`` for a
    day to come.
    """
    row = uow.session.scalars(
        select(InvoiceDue).where(InvoiceDue.id == due, InvoiceDue.kind == "sale").with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()  # fmt: skip
    if row is None or row.freelancer_id != uow.actor.id:
        raise NotFound("There is no such document.")
    if row.invoice_id or row.blocker not in (SELLER, HANDED_IN):
        raise Conflict("This document is drawn up for you; nothing is to be handed in.", code="due")
    if issued_on > uow.ports.get(Marketplace).day_of(uow.now):
        raise InvalidInput({"issued_on": [say("This day is still to come: give the date on your document.")]})
    file = files.keep(uow, checked=checked, purpose=SENT, owner_kind="invoice_due", owner_id=due) if checked else ""
    uow.session.add(SentInvoice(
        id=new_id(), due_id=due, contract_id=row.contract_id, number=number, issued_on=issued_on, file_id=file,
        by=uow.actor.label, at=uow.now,
    ))  # fmt: skip
    row.blocker, row.reason, row.params = HANDED_IN, "", {}
    uow.flush()
    uow.emit(events.DOCUMENT_SENT, due, contract=row.contract_id, due=due)
    uow.audit("invoice.handed_in", due, number=number)


def due_of(session: Session, due: str) -> DueRow | None:
    """What is due of the seller ``due``; ``None`` where it is not the seller who makes it."""
    row = session.get(InvoiceDue, due)
    return _due(row) if row is not None and row.kind == "sale" and row.blocker in (SELLER, HANDED_IN) else None


def by_seller(session: Session, bills: Iterable[str]) -> set[str]:
    """Which of ``bills`` are no invoices: their sellers make those themselves."""
    d = InvoiceDue
    rows = session.execute(
        select(d.cause_id, d.blocker, d.facts)
        .where(d.cause_type == "bill", d.kind == "sale", d.cause_id.in_(list(bills)), d.invoice_id == "")
    )  # fmt: skip
    return {id_ for id_, blocker, facts in rows if blocker in (SELLER, HANDED_IN) or facts.get("seller_sends")}


def dues_of_contract(session: Session, contract: str) -> list[tuple[DueRow, SentRow | None]]:
    """What the seller of a contract owes and has handed in, the first due first."""
    d = InvoiceDue
    rows = session.scalars(
        select(d).where(d.contract_id == contract, d.kind == "sale", d.blocker.in_((SELLER, HANDED_IN)))
        .order_by(d.created_at, d.id)
    ).all()  # fmt: skip
    handed = {s.due.id: s for s in _sent(session, InvoiceDue.contract_id == contract)}
    return [(_due(row), handed.get(row.id)) for row in rows]


def sent_to(session: Session, *, freelancer: str = "", organisations: Sequence[str] = ()) -> list[SentRow]:
    """Documents that sellers handed in and that concern a freelancer or these clients, the newest first."""
    theirs = InvoiceDue.organisation_id.in_(organisations) if organisations else InvoiceDue.id == ""
    return _sent(session, or_(and_(InvoiceDue.freelancer_id == freelancer, InvoiceDue.freelancer_id != ""), theirs))


def sent_for(session: Session, due: str) -> SentRow | None:
    """The document handed in for ``due``, as it holds now."""
    return next(iter(_sent(session, InvoiceDue.id == due)), None)


def may_read_sent(session: Session, viewer_account: str, file: FileRow) -> bool:
    """Members of the client whose role is about money, and staff who read contracts; the seller uploaded it."""
    row = session.get(InvoiceDue, file.owner_id)
    if row is None or not viewer_account:
        return False
    roles = session.scalar(select(Staff.roles).where(Staff.account_id == viewer_account))
    if "contracts.read" in permissions_of(frozenset(roles or ())):
        return True
    held = member(session, row.organisation_id, viewer_account)
    return held is not None and not held.document and bool(MONEY_ROLES & set(held.roles))


def _sent(session: Session, where: ColumnElement[bool]) -> list[SentRow]:
    return [
        SentRow(_due(due), sent.number, sent.issued_on, sent.file_id, sent.at)
        for sent, due in session.execute(_latest().where(where))
    ]


def _latest() -> Select[SentInvoice, InvoiceDue]:
    s, d = SentInvoice, InvoiceDue
    place = func.row_number().over(partition_by=s.due_id, order_by=(s.at.desc(), s.id.desc()))
    last = select(s.id.label("id"), place.label("place")).subquery()
    return (
        select(s, d).join(last, last.c.id == s.id).join(d, d.id == s.due_id)
        .where(last.c.place == 1, d.blocker == HANDED_IN).order_by(s.issued_on.desc(), s.at.desc()).limit(200)
    )  # fmt: skip


def _due(row: InvoiceDue) -> DueRow:
    facts = row.facts
    currency = facts["currency"]
    party = {k: str(v or "") for k, v in (facts["parties"].get("client") or {}).items()}
    return DueRow(
        row.id, row.credit, row.contract_id, row.organisation_id, row.freelancer_id,
        Money(sum(item["net"] for item in facts["items"]), currency), Money(facts["tax"], currency),
        ", ".join(item["label"] for item in facts["items"]), facts["reference"], facts["purchase_order"],
        date.fromisoformat(facts["supplied_on"]), party | {"vat_number": facts["sides"]["client"]["vat_number"]},
        row.blocker == HANDED_IN,
    )  # fmt: skip
