"""Who is told of a deal: its two sides, and a letter to each of them that leads to the contract."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts.course import timer_of
from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.standing import accepts
from marketwright.features.contracts.tables import Amendment, Contract, Milestone
from marketwright.features.notifications.letters.kit import Letter, Told, members_with, people
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say


@dataclass(frozen=True, slots=True)
class Deal:
    """The contract that an event is about, and its milestone where there is one."""

    contract: Contract
    milestone: Milestone | None


def deal_of(told: Told) -> Deal | None:
    """The deal that ``told`` is about."""
    contract_id = told.payload("contract") or told.event.subject
    contract = told.session.get(Contract, contract_id)
    if contract is None:
        return None
    milestone = told.session.scalar(select(Milestone).where(Milestone.id == told.event.subject))
    return Deal(contract, milestone)


def silence_accepts(session: Session, deal: Deal) -> bool:
    """Whether silence accepts what stands now."""
    if deal.milestone is None:
        return False
    process = pinned(session, deal.contract.process, deal.contract.process_version)
    timer = timer_of(process, deal.milestone.state)
    return timer is not None and accepts(timer)


def day_of(told: Told, at: datetime) -> date:
    """The day of ``at`` where the marketplace is."""
    return told.marketplace.day_of(at)


def days_to(told: Told, until: datetime) -> int:
    """How many days are left until the day of ``until`` as the letter is written; below zero once it has passed."""
    return (day_of(told, until) - day_of(told, told.house.clock.business())).days


def members_of(told: Told, deal: Deal, *roles: str) -> list[str]:
    """Members of the client with one of ``roles``."""
    return members_with(told.session, deal.contract.organisation_id, *roles)


def client_of(told: Told, deal: Deal, *roles: str) -> list[str]:
    """Those of the client whom a deal concerns."""
    return members_of(told, deal, *(roles or ("buyer", "approver", "signatory")))


def tell_guests(told: Told, deal: Deal, subject: Text, *paragraphs: Text) -> list[Letter]:
    """One letter to each guest of the client who was invited to sign the very document that waits for signatures."""
    amendment = told.session.get(Amendment, told.event.subject)
    document = amendment.document_id if amendment is not None else deal.contract.document_id
    signing = accounts.signatories(told.session, deal.contract.organisation_id, document) if document else []
    guests = people(told.session, [m.account for m in signing if m.document], but=told.actor_account)
    return [Letter(r, subject, paragraphs, say("Read it and sign"), f"/documents/{document}/sign") for r in guests]


def tell(
    told: Told, deal: Deal, ids: Sequence[str], subject: Text, *paragraphs: Text, but: str = "",
    suspended: bool = False,
) -> list[Letter]:
    """One letter to each of ``ids``, with a way to the contract; ``suspended`` of what concerns their money."""
    path = f"/contracts/{deal.contract.id}"
    return [
        Letter(r, subject, paragraphs, say("Open the {contract}"), path)
        for r in people(told.session, list(ids), but=but, suspended=suspended)
    ]
