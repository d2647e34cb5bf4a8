"""Lists of the console over people, clients, missions and contracts: read only, joined across the house."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.sectors import sectors_named
from marketwright.features.accounts.tables import Account, Membership, Organisation, SessionRow, Staff
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.tables import Hold, PaymentCommand
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.store.tables import AuditRow, JobRow

SIZE = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the list; ``listed`` says whether their profile is in the lists, ``None`` without one."""

    id: str
    name: str
    email: str
    is_freelancer: bool
    organisations: int
    staff: bool
    confirmed: bool
    suspended: bool
    listed: bool | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the list."""

    id: str
    name: str
    sector: str
    size: int | None
    city: str
    country: str
    members: int
    missions: int
    contracts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MissionLine:
    """One mission in the list; ``since`` is its last change."""

    id: str
    title: str
    client: str
    client_id: str
    state: str
    visibility: str
    budget: Money | None
    budget_kind: str
    since: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract in the list; ``waiting`` names the state of the milestone whose turn it is."""

    id: str
    reference: str
    title: str
    client: str
    freelancer: str
    state: str
    work: Money
    waiting: str
    deadline_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: a wake-up, when it runs next, how often it was tried."""

    id: str
    kind: str
    key: str
    state: str
    run_at: datetime
    attempts: int
    error: str
    created_at: datetime
    finished_at: datetime | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit log."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    details: dict[str, Any]
    request_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One page of a list and how much there is in all."""

    rows: Sequence[Any]
    total: int


def _page(session: Session, query: Any, page: int, size: int = SIZE) -> tuple[list[Any], int]:
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(session.execute(query.limit(size).offset((page - 1) * size))), int(total)


def _like(text: str, *columns: Any) -> ColumnElement[bool]:
    pattern = "%" + text.strip().replace("%", "").replace("_", r"\_") + "%"
    return or_(*(column.ilike(pattern, escape="\\") for column in columns))


def people(session: Session, *, search: str = "", which: str = "", page: int = 1, size: int = SIZE) -> Counted:
    """People, newest first; ``which`` is ``freelancers``, ``clients``, ``staff``, ``suspended``, ``unconfirmed``."""
    member = select(func.count()).where(Membership.account_id == Account.id).scalar_subquery()
    query: Any = (
        select(
            Account.id, Account.name, Account.email, Account.is_freelancer, member,
            Staff.account_id.is_not(None), Account.confirmed_at.is_not(None), Account.suspended_at.is_not(None),
            Profile.listed, Account.created_at,
        )
        .outerjoin(Staff, Staff.account_id == Account.id)
        .outerjoin(Profile, Profile.id == Account.id)
        .order_by(Account.created_at.desc(), Account.id)
    )  # fmt: skip
    narrowed = {
        "freelancers": Account.is_freelancer, "clients": member > 0, "staff": Staff.account_id.is_not(None),
        "suspended": Account.suspended_at.is_not(None), "unconfirmed": Account.confirmed_at.is_(None),
    }  # fmt: skip
    if which in narrowed:
        query = query.where(narrowed[which])
    if search:
        query = query.where(_like(search, Account.name, Account.email) | (Account.id == search.strip()))
    rows, total = _page(session, query, page, size)
    return Counted([PersonRow(*row) for row in rows], total)


def own_values(session: Session, table: Any, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the niche's own fields say, by owner; ``table`` is profiles or missions."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), 500):
        query = select(table.id, table.fields).where(table.id.in_(ids[start : start + 500]))
        found |= {row.id: row.fields for row in session.execute(query)}
    return found


def last_seen(session: Session, account: str) -> datetime | None:
    """When this person last used the site (machine time), to within some minutes."""
    return session.scalar(select(func.max(SessionRow.last_seen_at)).where(SessionRow.account_id == account))


def clients(session: Session, *, search: str = "", page: int = 1) -> Counted:
    """Clients, newest first."""
    o = Organisation
    query: Any = select(
        o.id, o.name, o.sector, o.size, o.city, o.country,
        select(func.count()).where(Membership.organisation_id == o.id).scalar_subquery(),
        select(func.count()).where(Mission.organisation_id == o.id).scalar_subquery(),
        select(func.count()).where(Contract.organisation_id == o.id).scalar_subquery(), o.created_at,
    ).order_by(o.created_at.desc(), o.id)  # fmt: skip
    if search:
        sector = o.sector.in_(sectors_named(search))
        query = query.where(_like(search, o.name, o.sector, o.city) | sector | (o.id == search.strip()))
    rows, total = _page(session, query, page)
    return Counted([ClientRow(*row) for row in rows], total)


def memberships(session: Session, account: str) -> list[tuple[str, str, list[str]]]:
    """The organisations of a person: (id, name, roles)."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Membership.roles)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.account_id == account)
        .order_by(Membership.joined_at)
    )
    return [(id_, name, list(roles)) for id_, name, roles in rows]


def missions(
    session: Session, *, state: str = "", search: str = "", organisation: str = "", page: int = 1, size: int = SIZE
) -> Counted:
    """Missions, the latest change first; those that wait for the staff oldest first."""
    m = Mission
    query: Any = (
        select(m.id, m.title, Organisation.name, m.organisation_id, m.state, m.visibility, m.budget, m.currency,
               m.budget_kind, m.updated_at, m.published_at)
        .join(Organisation, Organisation.id == m.organisation_id)
        .order_by(m.updated_at if state == "waiting" else m.updated_at.desc(), m.id)
    )  # fmt: skip
    if state:
        query = query.where(m.state == state)
    if organisation:
        query = query.where(m.organisation_id == organisation)
    if search:
        query = query.where(_like(search, m.title, Organisation.name) | (m.id == search.strip()))
    rows, total = _page(session, query, page, size)
    lines = [
        MissionLine(r[0], r[1], r[2], r[3], r[4], r[5], Money(r[6], r[7]) if r[6] else None, *r[8:]) for r in rows
    ]
    return Counted(lines, total)


def counts(session: Session, column: Any) -> dict[str, int]:
    """How many rows carry each value of ``column``."""
    return {str(value): int(count) for value, count in session.execute(select(column, func.count()).group_by(column))}


def contracts(
    session: Session, *, state: str = "", search: str = "", deciding: Sequence[str] = (), owner: str = "",
    page: int = 1,
) -> Counted:  # fmt: skip
    """Contracts, newest first. ``state`` ``DECIDE`` keeps those that wait for the operator in one of ``deciding``;
    ``owner`` keeps those of one freelancer or client."""
    c, turn = Contract, _turn()
    query: Any = (
        select(c.id, c.reference, c.title, Organisation.name, Account.name, c.state, c.work, c.currency,
               func.coalesce(turn.c.state, ""), func.coalesce(turn.c.deadline_at, c.deadline_at), c.created_at)
        .join(Organisation, Organisation.id == c.organisation_id)
        .join(Account, Account.id == c.freelancer_id)
        .outerjoin(turn, turn.c.contract_id == c.id)
        .order_by(c.created_at.desc(), c.id)
    )  # fmt: skip
    if state == "DECIDE":
        asked = select(Milestone.contract_id).where(Milestone.state.in_(deciding), Milestone.pending == "")
        query = query.where(c.state == "ACTIVE", c.id.in_(asked))
    elif state:
        query = query.where(c.state == state)
    if owner:
        query = query.where((c.freelancer_id == owner) | (c.organisation_id == owner))
    if search:
        query = query.where(_like(search, c.title, c.reference, Organisation.name, Account.name))
    rows, total = _page(session, query, page)
    lines = [ContractLine(r[0], r[1], r[2], r[3], r[4], r[5], Money(r[6], r[7]), *r[8:]) for r in rows]
    return Counted(lines, total)


def _turn() -> Any:
    """One open milestone a contract: the first that the clock watches."""
    first = (
        select(Milestone.contract_id, func.min(Milestone.number).label("number"))
        .where(Milestone.deadline_at.is_not(None))
        .group_by(Milestone.contract_id)
        .subquery()
    )
    return (
        select(Milestone.contract_id, Milestone.state, Milestone.deadline_at)
        .join(first, (first.c.contract_id == Milestone.contract_id) & (first.c.number == Milestone.number))
        .subquery()
    )


def jobs(session: Session, *, state: str = "", kind: str = "", page: int = 1) -> Counted:
    """Jobs: what runs next first; ended ones newest first."""
    j = JobRow
    order = j.finished_at.desc() if state in ("done", "dead") else j.run_at
    query: Any = select(
        j.id, j.kind, j.key, j.state, j.run_at, j.attempts, j.last_error, j.created_at, j.finished_at, j.payload
    ).order_by(order, j.id)
    if state:
        query = query.where(j.state == state)
    if kind:
        query = query.where(j.kind == kind)
    rows, total = _page(session, query, page)
    return Counted([JobLine(*row) for row in rows], total)


def job(session: Session, id: str) -> JobLine | None:  # noqa: A002  the word of the domain
    """One job."""
    j = JobRow
    row = session.execute(
        select(j.id, j.kind, j.key, j.state, j.run_at, j.attempts, j.last_error, j.created_at, j.finished_at, j.payload)
        .where(j.id == id)
    ).first()
    return JobLine(*row) if row else None


def audit(
    session: Session, *, action: str = "", who: str = "", subject: str = "", page: int = 1, size: int = SIZE
) -> Counted:
    """The audit log, newest first; ``action`` by its beginning, ``who`` by name or label, ``subject`` by id."""
    a = AuditRow
    query: Any = select(
        a.seq, a.at, a.actor, a.actor_name, a.action, a.subject, a.details, a.request_id, a.address
    ).order_by(a.at.desc(), a.seq.desc())
    if action:
        query = query.where(a.action.startswith(action.strip(), autoescape=True))
    if who:
        query = query.where(_like(who, a.actor_name, a.actor))
    if subject:
        query = query.where(a.subject == subject.strip())
    rows, total = _page(session, query, page, size)
    return Counted([AuditLine(*row) for row in rows], total)


def next_look(session: Session, commands: Sequence[str]) -> dict[str, datetime]:
    """When each payment command is looked at next (machine time), by its id."""
    rows = session.execute(
        select(JobRow.key, func.min(JobRow.run_at))
        .where(JobRow.kind == "payments.command", JobRow.state == "ready", JobRow.key.in_(commands))
        .group_by(JobRow.key)
    )
    return {key: at for key, at in rows}  # noqa: C416  rows are not pairs to dict()


def command_counts(session: Session) -> dict[str, int]:
    """How many payment commands are in each state."""
    return counts(session, PaymentCommand.state)


def references(session: Session, contracts: Sequence[str]) -> dict[str, str]:
    """The number that people quote of each contract."""
    rows = session.execute(select(Contract.id, Contract.reference).where(Contract.id.in_(set(contracts))))
    return {id_: reference for id_, reference in rows}  # noqa: C416  rows are not pairs to dict()


def whose(session: Session, ledger_accounts: Sequence[str]) -> dict[str, str]:
    """Whom or what each ledger account is about: a milestone, a freelancer, a client; those of the house left out."""
    owners = {account: account.partition(":")[2] for account in ledger_accounts if ":" in account}
    ids = set(owners.values())
    names: dict[str, str] = {}
    for query in (
        select(Hold.id, Hold.describe).where(Hold.id.in_(ids)),
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)),
        select(Account.id, Account.name).where(Account.id.in_(ids)),
    ):
        names.update((row[0], row[1]) for row in session.execute(query))
    return {account: names[owner] for account, owner in owners.items() if names.get(owner)}


def actor_name(session: Session, label: str) -> str:
    """The name behind an actor's label; '' for the marketplace itself and its plugins."""
    kind, _, id_ = label.partition(":")
    return (session.scalar(select(Account.name).where(Account.id == id_)) or "") if kind == "person" else ""
