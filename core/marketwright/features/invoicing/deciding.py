"""Documents whose tax no rule explains: staff compares both sides with the quote, and decides how they go out."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.queries import IdentityRow
from marketwright.features.invoicing.due import ISSUE_JOB
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.invoicing.invoices import WaitingRow, waiting_row
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

TAX = "tax"  # the blocker that staff alone ends
LONGEST = 300


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side of a document: its tax facts by the quote, what the contract names, and its identity of today."""

    side: str
    quoted: Mapping[str, str]
    named: Mapping[str, Any]
    today: IdentityRow | None


@dataclass(frozen=True, slots=True)
class TaxWaiting:
    """A document that waits for ``tax``: what it is, its quoted rate in basis points (``None``: none), its sides."""

    waits: WaitingRow
    bps: int | None
    sides: tuple[SideRow, ...]

    @property
    def by_seller(self) -> bool:
        """Whether deciding hands it to its seller: nothing is issued in their name against the rules."""
        return self.waits.kind == "sale"

    @property
    def can_decide(self) -> bool:
        """Whether a decision helps: what lacks a rate waits for the rate."""
        return self.by_seller or self.bps is not None


def tax_waiting(session: Session, due: str) -> TaxWaiting | None:
    """The document ``due`` where it waits for ``tax``, else ``None``."""
    row = session.get(InvoiceDue, due)
    if row is None or row.invoice_id or row.blocker != TAX:
        return None
    owners = {"client": ("organisation", row.organisation_id), "freelancer": ("freelancer", row.freelancer_id)}
    sides = tuple(
        SideRow(
            side, row.facts["sides"].get(side) or row.facts["sides"].get("buyer", {}),
            row.facts["parties"].get(side) or {},
            accounts.identity(session, kind, owner),
        )
        for side, (kind, owner) in owners.items() if owner
    )  # fmt: skip
    return TaxWaiting(waiting_row(row), row.facts["tax_bps"], sides)


def decide_tax(uow: UnitOfWork, *, due: str, reason: str) -> None:
    """Let a document that waits for ``tax`` go out, for ``reason``; as staff who are of neither side.

    One of the marketplace's own is issued with the tax that was quoted, paid and booked; one of a freelancer is theirs
    to make. Amounts stay what they are. ``Conflict`` where it does not wait for that, or a rate is missing.
    """
    row = uow.session.scalars(
        select(InvoiceDue).where(InvoiceDue.id == due).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such document.")
    found = tax_waiting(uow.session, due)
    if found is None or not found.can_decide:
        raise Conflict("This document does not wait for a decision about its tax.", state=row.blocker)
    if any(accounts.is_theirs(uow.session, uow.actor.id, own) for own in (row.freelancer_id, row.organisation_id)):
        raise NotAllowed("Somebody else of the staff decides this: you are of one of its sides.")
    why = reason.strip()
    if not why or len(why) > LONGEST:
        raise InvalidInput({"reason": [say("Please say why, in at most %(n)s characters.", n=LONGEST)]})
    row.facts = {**row.facts, "decided": why} | ({"seller_sends": True} if found.by_seller else {})
    row.blocker, row.reason, row.params = "", "", {}
    uow.flush()
    uow.job(ISSUE_JOB, key=row.contract_id or row.cause_id, contract=row.contract_id, cause=row.cause_id)
    uow.audit("invoice.tax_decided", due, kind=row.kind, reason=why, contract=row.contract_id)
