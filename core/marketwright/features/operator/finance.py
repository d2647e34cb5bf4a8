"""What the money of the marketplace waits for: whose turn, for what, until when. Read only, joined across the house."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.contracts.registry import processes
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.ledger import queries as ledger
from marketwright.features.payments.tables import Hold, Payee, PaymentCommand
from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, Sum
from marketwright.strategies.payments import CommandKind
from marketwright.strategies.processes import Role

MOST = 50


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Held money: for which part of which deal, whose turn it is until when, and when the provider gives it back.

    ``turn`` is a role or '' while the money is on its way; ``gives_back`` ``None`` where the provider has no limit.
    """

    hold: str
    contract: str
    reference: str
    part: str
    client: str
    freelancer: str
    amount: Money
    turn: str
    until: datetime | None
    since: datetime | None
    gives_back: datetime | None
    frozen: bool


@dataclass(frozen=True, slots=True)
class OwedRow:
    """Money that is a freelancer's and has not left for their bank: nothing was asked of the provider yet."""

    hold: str
    contract: str
    reference: str
    freelancer: str
    account: str
    provider: str
    amount: Money
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DebtRow:
    """What somebody owes the marketplace: fees that were billed, or money that came back after it was paid out.

    ``closed``: their account is closed, here or at the payment provider: no payout will settle it.
    """

    account: str
    owner: str
    client: bool
    amount: Money
    closed: bool


def held(session: Session, plugins: Plugins, *, limit: int = MOST) -> list[HeldRow]:
    """Money that is held, what must be decided first at the top."""
    query = (
        select(Hold, Milestone, Contract, Organisation.name, Account.name)
        .join(Milestone, Milestone.id == Hold.id)
        .join(Contract, Contract.id == Hold.contract_id)
        .join(Organisation, Organisation.id == Hold.organisation_id)
        .join(Account, Account.id == Hold.freelancer_id)
        .where(Hold.held > 0)
        .order_by(Hold.hold_until.is_(None), Hold.hold_until, Milestone.deadline_at, Hold.id)
        .limit(limit)
    )
    owners = {(name, s.name): s.owner for name, process in processes(plugins).items() for s in process.states}
    return [
        HeldRow(
            h.id, c.id, c.reference, m.title, client, freelancer, Money(h.held, h.currency),
            "" if m.pending else str(owners.get((c.process, m.state), Role.OPERATOR)), m.deadline_at, h.funded_at,
            h.hold_until, h.frozen or h.disputes > 0,
        )
        for h, m, c, client, freelancer in session.execute(query)
    ]  # fmt: skip


def held_in_all(session: Session) -> list[tuple[str, int, int]]:
    """(currency, how many holds, minor units) of all money that is held."""
    query = (
        select(Hold.currency, func.count(), func.sum(Hold.held))
        .where(Hold.held > 0)
        .group_by(Hold.currency)
        .order_by(Hold.currency)
    )
    return [(currency, int(n), int(amount)) for currency, n, amount in session.execute(query)]


def owed(session: Session, *, limit: int = MOST) -> list[OwedRow]:
    """What is the freelancers' and still here, the oldest first."""
    free = Hold.paid - Hold.paying_out - Hold.withheld
    query = (
        select(Hold, Contract.reference, Account.name, free)
        .join(Contract, Contract.id == Hold.contract_id)
        .join(Account, Account.id == Hold.freelancer_id)
        .where(free > 0)
        .order_by(Hold.settled_at, Hold.id)
        .limit(limit)
    )
    return [
        OwedRow(h.id, h.contract_id, reference, name, h.freelancer_id, h.provider, Money(int(amount), h.currency),
                h.settled_at)
        for h, reference, name, amount in session.execute(query)
    ]  # fmt: skip


def paid_out_since(session: Session, since: datetime) -> list[Money]:
    """What left for banks since then and has not come back, by currency."""
    query = (
        select(PaymentCommand.currency, func.sum(PaymentCommand.amount))
        .where(
            PaymentCommand.kind == CommandKind.PAYOUT, PaymentCommand.state == "CONFIRMED",
            PaymentCommand.settled_at >= since, PaymentCommand.undone_at.is_(None),
        )
        .group_by(PaymentCommand.currency)
        .order_by(PaymentCommand.currency)
    )  # fmt: skip
    return [Sum(int(amount), currency) for currency, amount in session.execute(query)]


def debts(session: Session) -> list[DebtRow]:
    """Who owes the marketplace, the most first."""
    rows = [r for r in ledger.balances(session, kind="receivable") if r.balance.amount > 0]
    owners = {r.account.partition(":")[2] for r in rows}
    names, closed = _names(session, owners), _closed(session, owners)
    found = []
    for row in rows:
        owner = row.account.partition(":")[2]
        name, client = names.get(owner, (owner, False))
        found.append(DebtRow(row.account, name, client, row.balance, owner in closed))
    return sorted(found, key=lambda r: (-r.amount.amount, r.account))[:MOST]


def _closed(session: Session, ids: set[str]) -> set[str]:
    shut = select(Account.id).where(Account.id.in_(ids), Account.suspended_at.is_not(None))
    refused = select(Payee.freelancer_id).where(Payee.freelancer_id.in_(ids), Payee.state == "REFUSED")
    return set(session.scalars(shut.union(refused)))


def _names(session: Session, ids: set[str]) -> Mapping[str, tuple[str, bool]]:
    people = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    clients = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {id_: (name, False) for id_, name in people} | {id_: (name, True) for id_, name in clients}
