"""Reads of contracts: rows for pages, mails and other rooms."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Membership, Organisation
from marketwright.features.contracts.tables import (
    Amendment,
    ApprovalRequest,
    ChangeRequest,
    Contract,
    ContractCondition,
    Delivery,
    Milestone,
    TransitionLog,
)
from marketwright.features.files.tables import StoredFile
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.amounts import Amounts
from marketwright.features.proposals.offers import Days, whole_or_half
from marketwright.features.proposals.tables import Proposal
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract with the names of both sides; ``work`` is the price before tax."""

    id: str
    reference: str
    title: str
    mission: str
    proposal: str
    organisation: str
    client_name: str
    freelancer: str
    freelancer_name: str
    process: str
    process_version: int
    provider: str
    language: str
    work: Money
    start_on: date | None
    purchase_order: str
    document: str
    state: str
    end_reason: str
    deadline_at: datetime | None
    created_at: datetime
    signed_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One milestone as it stands."""

    id: str
    contract: str
    number: int
    title: str
    description: str
    days: Days | None
    starts_on: date | None
    due_on: date | None
    amounts: Amounts
    state: str
    pending: str
    command: str
    trouble: str
    entered_at: datetime | None
    deadline_at: datetime | None
    opens_at: datetime | None = None

    @property
    def work(self) -> Money:
        """Its price before tax."""
        return Money(self.amounts.work, self.amounts.currency)

    @property
    def client_pays(self) -> Money:
        """What the client pays in for it."""
        return Money(self.amounts.client_pays, self.amounts.currency)

    @property
    def direct(self) -> Money:
        """What the client pays the freelancer from bank to bank where nobody holds: the work with its tax."""
        return Money(self.amounts.work + self.amounts.work_tax, self.amounts.currency)

    @property
    def freelancer_receives(self) -> Money:
        """What the freelancer gets of it on a full release."""
        return Money(self.amounts.freelancer_receives, self.amounts.currency)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition of a contract by its name, for all the transitions that wait for it."""

    name: str
    transitions: tuple[str, ...]
    met_at: datetime | None
    met_name: str
    evidence: str
    file: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the log; ``milestone`` is its number, or ``None`` for the contract's own steps."""

    milestone: int | None
    version: int
    step: str
    transition: str
    source: str
    target: str
    actor: str
    actor_name: str
    role: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """Work handed over."""

    id: str
    milestone: str
    number: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedRow:
    """An open request: changes asked for (``text``), or an acceptance that waits for somebody who may (``amount``)."""

    milestone: str
    by: str
    by_name: str
    at: datetime
    text: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """One amendment."""

    id: str
    number: int
    reason: str
    lines: list[Any]
    document: str
    state: str
    side: str
    created_at: datetime
    closed_at: datetime | None


def _contracts() -> Select[Any]:
    c = Contract
    wanted: Any = select(c, Organisation.name, Account.name)
    wanted = wanted.join(Organisation, Organisation.id == c.organisation_id)
    return wanted.join(Account, Account.id == c.freelancer_id)  # type: ignore[no-any-return]


def _contract(found: Any) -> ContractRow:
    c, client, freelancer = found
    return ContractRow(
        c.id, c.reference, c.title, c.mission_id, c.proposal_id, c.organisation_id, client, c.freelancer_id,
        freelancer, c.process, c.process_version, c.provider, c.language, Money(c.work, c.currency), c.start_on,
        c.purchase_order, c.document_id, c.state, c.end_reason, c.deadline_at, c.created_at, c.signed_at, c.ended_at,
    )  # fmt: skip


def contract(session: Session, id: str) -> ContractRow | None:  # noqa: A002  the word of the domain
    """The contract ``id``."""
    found = session.execute(_contracts().where(Contract.id == id)).first()
    return _contract(found) if found else None


def contracts_of(session: Session, account: str, *, open_only: bool | None = None) -> list[ContractRow]:
    """Contracts of a person on either side, newest first; only the open ones, only the ended ones, or all."""
    member = select(Membership.organisation_id).where(Membership.account_id == account, Membership.document == "")
    wanted = _contracts().where(or_(Contract.freelancer_id == account, Contract.organisation_id.in_(member)))
    return _listed(session, wanted, open_only)


def all_contracts(session: Session, *, open_only: bool | None = None, limit: int = 200) -> list[ContractRow]:
    """Contracts of the whole marketplace, newest first, for the staff."""
    return _listed(session, _contracts().limit(limit), open_only)


def _listed(session: Session, wanted: Select[Any], open_only: bool | None) -> list[ContractRow]:  # noqa: FBT001
    if open_only is not None:
        ended = Contract.state == "ENDED"
        wanted = wanted.where(~ended if open_only else ended)
    return [_contract(found) for found in session.execute(wanted.order_by(Contract.created_at.desc(), Contract.id))]


def milestones_of(session: Session, contracts: Iterable[str]) -> dict[str, list[MilestoneRow]]:
    """The milestones of each contract, by number, in one statement."""
    found: dict[str, list[MilestoneRow]] = {c: [] for c in contracts}
    rows = session.execute(
        select(Milestone, Contract.currency)
        .join(Contract, Contract.id == Milestone.contract_id)
        .where(Milestone.contract_id.in_(found))
        .order_by(Milestone.contract_id, Milestone.number)
    )
    for m, currency in rows:
        found[m.contract_id].append(_milestone(m, currency))
    return found


def _milestone(m: Milestone, currency: str) -> MilestoneRow:
    amounts = Amounts(
        currency, m.work, m.work_tax, m.client_fee, m.client_fee_tax, m.freelancer_fee, m.freelancer_fee_tax
    )
    return MilestoneRow(
        m.id, m.contract_id, m.number, m.title, m.description, whole_or_half(m.half_days), m.starts_on,
        m.due_on, amounts, m.state, m.pending,
        m.command, m.trouble, m.entered_at, m.deadline_at, m.opens_at,
    )  # fmt: skip


def conditions_of(session: Session, contract: str) -> list[ConditionRow]:
    """The conditions of a contract, each name once."""
    rows = session.scalars(
        select(ContractCondition).where(ContractCondition.contract_id == contract).order_by(ContractCondition.name)
    )
    found: dict[str, ConditionRow] = {}
    for c in rows:
        known = found[c.name].transitions if c.name in found else ()
        found[c.name] = ConditionRow(
            c.name, (*known, c.transition), c.met_at, c.met_name, c.evidence, c.file_id
        )
    return list(found.values())


def log_of(session: Session, contract: str) -> list[StepRow]:
    """Every step of a contract and its milestones, newest first."""
    t = TransitionLog
    rows = session.execute(
        select(Milestone.number, t.version, t.step, t.transition, t.source, t.target, t.actor, t.actor_name, t.role,
               t.note, t.at)
        .outerjoin(Milestone, Milestone.id == t.milestone_id)
        .where(t.contract_id == contract)
        .order_by(t.seq.desc())
    )  # fmt: skip
    return [StepRow(*row) for row in rows]


def deliveries_of(session: Session, contract: str) -> list[DeliveryRow]:
    """Everything handed over in a contract, newest first."""
    d = Delivery
    rows = session.execute(
        select(d.id, d.milestone_id, d.number, d.note, d.by, d.at)
        .join(Milestone, Milestone.id == d.milestone_id)
        .where(Milestone.contract_id == contract)
        .order_by(d.at.desc(), d.number.desc())
    )
    return [DeliveryRow(*row) for row in rows]


def files_of_deliveries(session: Session, deliveries: Iterable[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The files of each delivery as (name, address), in one statement."""
    f = StoredFile
    rows = session.execute(
        select(f.owner_id, f.name, f.id)
        .where(f.owner_kind == "delivery", f.owner_id.in_(list(deliveries)), f.removed_at.is_(None))
        .order_by(f.created_at, f.id)
    )
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for owner, name, file in rows:
        found[owner] = (*found.get(owner, ()), (name, f"/files/{file}"))
    return found


def change_requests_of(session: Session, contract: str) -> list[AskedRow]:
    """The open requests for changes of a contract."""
    r = ChangeRequest
    rows = session.execute(
        select(r.milestone_id, r.by, Account.name, r.at, r.text)
        .join(Milestone, Milestone.id == r.milestone_id)
        .join(Account, Account.id == r.by)
        .where(Milestone.contract_id == contract, r.closed_at.is_(None))
    )
    return [AskedRow(*row) for row in rows]


def approvals_of(session: Session, contract: str) -> list[AskedRow]:
    """Acceptances of a contract that wait for somebody who may."""
    r = ApprovalRequest
    rows = session.execute(
        select(r.milestone_id, r.by, Account.name, r.at, r.amount)
        .join(Milestone, Milestone.id == r.milestone_id)
        .join(Account, Account.id == r.by)
        .where(Milestone.contract_id == contract, r.closed_at.is_(None))
    )
    return [AskedRow(row[0], row[1], row[2], row[3], amount=row[4]) for row in rows]


def amendments_of(session: Session, contract: str) -> list[AmendmentRow]:
    """The amendments of a contract, newest first."""
    a = Amendment
    rows = session.execute(
        select(a.id, a.number, a.reason, a.lines, a.document_id, a.state, a.side, a.created_at, a.closed_at)
        .where(a.contract_id == contract)
        .order_by(a.number.desc())
    )
    return [AmendmentRow(*row) for row in rows]


def contract_of_milestone(session: Session, milestone: str) -> str:
    """The id of the contract that a milestone belongs to, or ''."""
    return session.scalar(select(Milestone.contract_id).where(Milestone.id == milestone)) or ""


def counts(session: Session) -> dict[str, int]:
    """How many contracts stand in each state, for the console."""
    rows = session.execute(select(Contract.state, func.count()).group_by(Contract.state))
    return {state: n for state, n in rows}  # noqa: C416  rows are not pairs to dict()


def organisation_of_mission(session: Session, mission: str) -> str:
    """The client that a mission belongs to, or ''."""
    return session.scalar(select(Mission.organisation_id).where(Mission.id == mission)) or ""


def thread_of(session: Session, proposal: str) -> str:
    """The conversation that a proposal was made in, or ''."""
    return session.scalar(select(Proposal.thread_id).where(Proposal.id == proposal)) or ""
