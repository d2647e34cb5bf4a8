"""Amendments: milestones added to a running contract by a document that both sides sign."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts import events, registry
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.log import Entry, lock, step
from marketwright.features.contracts.needing import move_to_last
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.sendable import outdated
from marketwright.features.contracts.service import (
    SIDES,
    Signer,
    add_milestones,
    check_gates,
    get,
    may_sign_for,
    next_start,
    sign_document,
    start,
    store_document,
)
from marketwright.features.contracts.standing import side_of
from marketwright.features.contracts.steps import today_of
from marketwright.features.contracts.tables import Amendment, Contract, ContractDocument, Milestone
from marketwright.features.contracts.terms import (
    amounts_terms,
    both_terms,
    days_number,
    fee_terms,
    parties,
    process_terms,
)
from marketwright.features.payments.amounts import Amounts
from marketwright.features.pricing.wire import quote_from_json, quote_to_json
from marketwright.features.proposals.fitting import misfits
from marketwright.features.proposals.offers import Offer, OfferLine, check, to_json
from marketwright.features.relations import service as relations
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote
from marketwright.strategies.processes import Action, HoldState


def amendment_terms(
    session: Session, contract: Contract, lines: Sequence[OfferLine], quote: Quote, *, reason: str, at: datetime
) -> dict[str, Any]:
    """The terms of an amendment: those of the agreement, what is added, why, and the price after it.

    The parties are named as they are today, as it is priced for them: one may have moved, or come under VAT.
    ``at`` is on the clock of where the marketplace is: its day is the date of the amendment.
    """
    count = session.scalar(select(func.max(Milestone.number)).where(Milestone.contract_id == contract.id)) or 0
    number = session.scalar(select(func.max(Amendment.number)).where(Amendment.contract_id == contract.id)) or 0
    amounts, signed = Amounts.of(quote), contract.signed_at
    both = parties(session, contract.organisation_id, contract.freelancer_id)
    process = registry.pinned(session, contract.process, contract.process_version)
    added = [
        {**line, "number": count + i, "description": line["detail"], "days": days_number(line["half_days"])}
        for i, line in enumerate(to_json(Offer(tuple(lines))), start=1)
    ]
    return {
        **contract.terms, **both_terms(session, contract, both), "milestones": added,
        "amounts": amounts_terms(amounts), "fees": fee_terms(quote),
        "process": process_terms(process),
        "amendment": {"number": number + 1, "date": at.date().isoformat(), "reason": reason,
                      "signed_on": signed.astimezone(at.tzinfo).date().isoformat() if signed else None,
                      "price_before": contract.work, "price_after": contract.work + amounts.work},
    }  # fmt: skip


def propose_amendment(
    uow: UnitOfWork, *, contract: str, reason: str, lines: Sequence[OfferLine], quote: Quote, paper: Paper
) -> str:
    """Send an amendment to both sides for signature; one at a time. Returns its id.

    It takes the place of one that can no longer be signed, as a side's VAT changed. ``Conflict`` where ``quote`` is not
    that of both sides as they are (C4).
    """
    row = get(uow.session, contract)
    side = side_of(uow.session, row, uow.actor.id)
    if not side:
        raise NotFound("There is no such {contract}.")
    lock(uow, row)
    if row.state != "ACTIVE":
        raise Conflict("Only {contract.a} that is under way can be extended.", state=row.state)
    waits = open_amendment(uow.session, contract)
    if waits is not None and not amendment_outdated(uow.session, row, waits):
        raise Conflict("Another change waits for signatures; sign or withdraw that one first.")
    if outdated(uow.session, row, quote):
        raise Conflict("A side's country or VAT has just changed. Please look at the price again.", state=row.state,
                       code="C4")  # fmt: skip
    _check_lines(lines, quote, reason)
    _check_fit(uow, row, lines, quote)
    if waits is not None:
        _withdrawn(uow, waits)
    number = uow.session.scalar(select(func.count()).select_from(Amendment).where(Amendment.contract_id == contract))
    amendment = Amendment(
        id=new_id(), contract_id=contract, number=(number or 0) + 1, reason=reason,
        lines=to_json(Offer(tuple(lines))), quote=quote_to_json(quote), document_id="", state="sent", side=side,
        created_by=uow.actor.id, created_at=uow.now,
    )  # fmt: skip
    uow.session.add(amendment)
    uow.flush()
    amendment.document_id = store_document(uow, paper, contract=contract, amendment=amendment.id)
    uow.flush()
    uow.emit(events.AMENDMENT_SENT, amendment.id, contract=contract)
    uow.audit("amendment.sent", amendment.id, contract=contract)
    return amendment.id


def _check_lines(lines: Sequence[OfferLine], quote: Quote, reason: str) -> None:
    check(Offer(tuple(lines)))
    if not reason.strip():
        raise InvalidInput({"reason": [say("Please say why, in a sentence or two: the other side reads it.")]})
    if [p.work.amount for p in quote.deal.parts] != [n.amount for n in lines]:
        raise InvalidInput({"lines": [say("The price does not belong to these {milestone.other}; please try again.")]})


def _check_fit(uow: UnitOfWork, contract: Contract, lines: Sequence[OfferLine], quote: Quote) -> None:
    """What the course refuses of a proposal it refuses here too: by the day the new lines are periods after the last.

    The days of what was agreed before, and not cancelled, count.
    """
    process = registry.pinned(uow.session, contract.process, contract.process_version)
    today = today_of(uow)
    offer = Offer(tuple(lines), start_on=next_start(uow, contract) or today)
    paid = {t.target for t in process.transitions if Action.PAID in t.actions}
    cancelled = [s.name for s in process.states if s.end and s.hold is HoldState.NONE and s.name not in paid]
    agreed = select(func.sum(Milestone.half_days)).where(
        Milestone.contract_id == contract.id, Milestone.state.not_in(cancelled)
    )
    course = uow.ports.get(Horizon).choice(process, contract.provider)
    wrong = misfits(offer, quote, course, today, before=uow.session.scalar(agreed) or 0)
    if wrong:
        raise InvalidInput(wrong)


def open_amendment(session: Session, contract: str) -> Amendment | None:
    """The amendment of ``contract`` that waits for signatures, or ``None``."""
    return session.scalar(select(Amendment).where(Amendment.contract_id == contract, Amendment.state == "sent"))


def amendment_outdated(session: Session, contract: Contract, amendment: Amendment) -> bool:
    """Whether ``amendment`` waits for signatures with the taxes of another country or VAT than a side's of today."""
    return amendment.state == "sent" and outdated(session, contract, quote_from_json(amendment.quote))


def to_draw_again(session: Session, contract: Contract) -> Amendment | None:
    """The open amendment of ``contract`` where it can no longer be signed, for pages; a missing identity is no reason.

    That is said to whoever signs.
    """
    found = open_amendment(session, contract.id)
    try:
        return found if found is not None and amendment_outdated(session, contract, found) else None
    except GateClosed:
        return None


def sign_amendment(uow: UnitOfWork, *, amendment: str, sha256: str, method: str = "password") -> str:
    """Sign an amendment as the actor; the second signature adds its milestones and opens their holds."""
    row, contract = _load(uow, amendment)
    side = may_sign_for(uow.session, contract, uow.actor.id, row.document_id)
    if not side:
        raise NotAllowed("Only a signatory of one of the two sides can sign.")
    lock(uow, contract)
    uow.session.refresh(row)
    if row.state != "sent" or contract.state != "ACTIVE":
        raise Conflict("This change is not waiting for a signature.", state=row.state)
    if amendment_outdated(uow.session, contract, row):
        raise Conflict(
            "A side's country or VAT has changed since the amounts of this change were made. Extend the {contract} "
            "again: it is then drawn up with new amounts, for both to read and sign.", state=row.state, code="C4",
        )  # fmt: skip
    added = sum(int(line["amount"]) for line in row.lines)
    check_gates(uow, contract, side, added)
    document = uow.session.get_one(ContractDocument, row.document_id)
    party = contract.terms.get(side, {})
    signer = Signer(side, party.get("signatory_title", ""), party.get("name", ""), method)
    if len(sign_document(uow, document, signer, sha256)) == len(SIDES):
        _take_effect(uow, row, contract, side, added)
    return row.state


def _take_effect(uow: UnitOfWork, row: Amendment, contract: Contract, side: str, added: int) -> None:
    process = registry.pinned(uow.session, contract.process, contract.process_version)
    last = uow.session.scalar(select(func.max(Milestone.number)).where(Milestone.contract_id == contract.id)) or 0
    row.state, row.closed_at = "signed", uow.now
    made = add_milestones(uow, contract, process, row.lines, row.quote, amendment=row.id, after=last)
    entry = Entry("entered", contract.state, side, source=contract.state, transition="amended",
                  cause=f"document:{row.document_id}")  # fmt: skip
    step(uow, contract, entry, work=contract.work + added)
    move_to_last(uow, contract)
    start(uow, contract, made)
    relations.count_contract(
        uow, organisation=contract.organisation_id, freelancer=contract.freelancer_id, work=added
    )
    uow.emit(events.AMENDMENT_SIGNED, row.id, contract=contract.id)


def withdraw_amendment(uow: UnitOfWork, *, amendment: str) -> None:
    """Take back an amendment that is not signed by both; either side may."""
    row, contract = _load(uow, amendment)
    if not side_of(uow.session, contract, uow.actor.id):
        raise NotFound("There is no such change.")
    if row.state != "sent":
        raise Conflict("This change is not waiting for a signature.", state=row.state)
    _withdrawn(uow, row)


def _withdrawn(uow: UnitOfWork, row: Amendment) -> None:
    row.state, row.closed_at = "withdrawn", uow.now
    uow.flush()
    uow.emit(events.AMENDMENT_WITHDRAWN, row.id, contract=row.contract_id)
    uow.audit("amendment.withdrawn", row.id, contract=row.contract_id)


def _load(uow: UnitOfWork, amendment: str) -> tuple[Amendment, Contract]:
    row = uow.session.get(Amendment, amendment)
    if row is None:
        raise NotFound("There is no such change.")
    return row, get(uow.session, row.contract_id)
