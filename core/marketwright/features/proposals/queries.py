"""Reads of proposals and their rounds."""

from collections.abc import Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Membership, Organisation
from marketwright.features.messaging.ports import Offer as ThreadOffer
from marketwright.features.missions.tables import Mission
from marketwright.features.pricing.wire import quote_from_json
from marketwright.features.profiles.tables import Profile
from marketwright.features.proposals.offers import OfferLine, from_json
from marketwright.features.proposals.tables import Proposal, Round
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.strategies.pricing import Quote

TAKING = ("published", "paused")  # states of a mission in which a proposal to it is accepted


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal with the names of its page; ``work`` is the price of its newest round, minor units before tax."""

    id: str
    mission: str
    thread: str
    organisation: str
    freelancer: str
    process: str
    currency: str
    state: str
    turn: str
    rounds: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    closed_by: str
    closed_side: str
    reason: str
    approval_by: str
    approval_at: datetime | None
    approval_round: int
    contract_id: str
    version: int
    mission_title: str
    mission_state: str
    freelancer_name: str
    headline: str
    photo_file: str | None
    organisation_name: str
    start_on: date | None
    work: int

    @property
    def over(self) -> bool:
        """Whether nobody can accept it any more though it is open: its mission has ended."""
        return self.is_open and self.mission_state not in TAKING

    @property
    def price(self) -> Money:
        """The price of the newest round, before tax."""
        return Money(self.work, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether somebody's answer is awaited."""
        return self.state == "open"

    def expired_at(self, now: datetime) -> bool:
        """Whether its time is over, though no job has noticed yet."""
        return self.state == "open" and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One offer as it was made, with the quote of that day."""

    number: int
    side: str
    account: str
    account_name: str
    lines: tuple[OfferLine, ...]
    work: int
    note: str
    start_on: date | None
    quote: Quote
    at: datetime
    agreed: dict[str, Any] = field(default_factory=dict)


def _proposals() -> Select[Any]:
    p, r = Proposal, Round
    columns: tuple[Any, ...] = (
        p.id, p.mission_id, p.thread_id, p.organisation_id, p.freelancer_id, p.process, p.currency, p.state, p.turn,
        p.round_count, p.created_at, p.updated_at, p.expires_at, p.closed_at, p.closed_by, p.closed_side, p.reason,
        p.approval_by, p.approval_at, p.approval_round, p.contract_id, p.version, Mission.title, Mission.state,
        Account.name, func.coalesce(Profile.headline, ""), Profile.photo_file, Organisation.name, r.start_on, r.work,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Mission, Mission.id == p.mission_id)
        .join(Account, Account.id == p.freelancer_id)
        .join(Organisation, Organisation.id == p.organisation_id)
        .join(r, and_(r.proposal_id == p.id, r.number == p.round_count))
        .outerjoin(Profile, Profile.id == p.freelancer_id)
    )


def proposal(session: Session, id: str) -> ProposalRow | None:  # noqa: A002  the word of the domain
    """The proposal ``id``."""
    row = session.execute(_proposals().where(Proposal.id == id)).first()
    return ProposalRow(*row) if row else None


def rounds(session: Session, proposal: str) -> list[RoundRow]:
    """Every offer of a proposal, first to last."""
    r = Round
    rows = session.execute(
        select(r.number, r.by_side, r.by_account, Account.name, r.lines, r.work, r.note, r.start_on, r.quote, r.agreed,
               r.at)
        .join(Account, Account.id == r.by_account)
        .where(r.proposal_id == proposal)
        .order_by(r.number)
    )
    return [
        RoundRow(
            row.number, row.by_side, row.by_account, row.name, from_json(row.lines), row.work, row.note, row.start_on,
            quote_from_json(row.quote), row.at, row.agreed or {},
        )
        for row in rows
    ]  # fmt: skip


def accepted_quote(session: Session, proposal: str) -> Quote | None:
    """Fee truth as it was accepted; ``None`` while nothing is."""
    stored = session.scalar(select(Proposal.quote).where(Proposal.id == proposal))
    return quote_from_json(stored) if stored else None


def proposals_of_mission(session: Session, mission: str) -> list[ProposalRow]:
    """Every proposal to a mission: open ones first, then by their newest change."""
    rows = session.execute(
        _proposals()
        .where(Proposal.mission_id == mission)
        .order_by((Proposal.state == "open").desc(), Proposal.updated_at.desc(), Proposal.id)
    )
    return [ProposalRow(*row) for row in rows]


def proposals_of_account(session: Session, account: str, *, limit: int = 100) -> list[ProposalRow]:
    """What ``account`` proposed, and what was proposed to their organisations; open ones first."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account, Membership.document == "")
    rows = session.execute(
        _proposals()
        .where(or_(Proposal.freelancer_id == account, Proposal.organisation_id.in_(mine)))
        .order_by((Proposal.state == "open").desc(), Proposal.updated_at.desc(), Proposal.id)
        .limit(limit)
    )
    return [ProposalRow(*row) for row in rows]


def open_in_thread(session: Session, thread: str) -> str:
    """The id of the open proposal of a conversation, or ''."""
    return session.scalar(select(Proposal.id).where(Proposal.thread_id == thread, Proposal.state == "open")) or ""


def offers_of_threads(session: Session, threads: Sequence[str]) -> dict[str, ThreadOffer]:
    """The newest proposal of each thread: what messaging asks through its port ``Offers``."""
    p = Proposal
    rows = session.execute(
        select(p.thread_id, p.id, p.state, p.turn, p.round_count, p.contract_id)
        .where(p.thread_id.in_(threads))
        .order_by(p.created_at, p.id)
    )
    found: dict[str, ThreadOffer] = {}
    for r in rows:
        binds = r.state in ("open", "accepted") or (r.thread_id in found and found[r.thread_id].binds)
        found[r.thread_id] = ThreadOffer(r.id, r.state, r.turn, r.round_count, r.contract_id, binds)
    return found


def due(session: Session, now: datetime, limit: int = 200) -> list[str]:
    """Open proposals whose time is over, oldest first."""
    return list(
        session.scalars(
            select(Proposal.id)
            .where(Proposal.state == "open", Proposal.expires_at <= now)
            .order_by(Proposal.expires_at)
            .limit(limit)
        )
    )
