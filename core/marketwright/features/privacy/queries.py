"""Reading all that core keeps of a person, and what stands in the way of forgetting them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Membership
from marketwright.features.cases.tables import Case
from marketwright.features.contracts.tables import Contract
from marketwright.features.invoicing.tables import Bill
from marketwright.features.ledger.kinds import payable, receivable
from marketwright.features.ledger.tables import LedgerLeg
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.tables import Hold
from marketwright.features.privacy.parts import BELOW, PARTS, WHOSE, WITHHELD, WRITTEN_BY, Part
from marketwright.features.privacy.tables import Erasure
from marketwright.features.proposals.tables import Proposal
from marketwright.features.subscriptions.tables import Subscription
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import Text as Said
from marketwright.kernel.text import say
from marketwright.store.base import Base
from marketwright.store.prepared import Prepared

_AFTERWARDS = ("NONE", "SETTLED", "EXPIRED")  # holds that hold nothing


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that must end before a person can be erased, and where it ends."""

    says: Said
    href: str


def kept_of(session: Session, account: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """By part and table: the rows of ``account``, but for columns that open a door. No empty tables."""
    person = accounts.account(session, account)
    if person is None:
        return {}
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    ids: dict[str, list[str]] = {}
    who = account, f"person:{account}", person.email
    for part, table in _in_order():
        which = _whose(table, who, payable(account), ids)
        rows = [dict(r._mapping) for r in session.execute(select(table).where(which))]  # noqa: SLF001  a row's own way
        ids[table.name] = [str(r["id"]) for r in rows if "id" in r]
        shown = [{k: v for k, v in r.items() if k not in WITHHELD.get(table.name, ())} for r in rows]
        if shown:
            found.setdefault(part.name, {})[table.name] = shown
    return found


def counted(session: Session, account: str) -> dict[str, int]:
    """How many rows :func:`kept_of` finds in each part, in one statement. No part without any."""
    person = accounts.account(session, account)
    if person is None:
        return {}
    found: dict[str, int] = {}
    given = {"account": account, "actor": f"person:{account}", "email": person.email, "payable": payable(account)}
    for part, rows in _counting().rows(session.connection(), given):
        if rows:
            found[part] = found.get(part, 0) + rows
    return found


@cache
def _counting() -> Prepared:
    who = [bindparam(name, type_=String) for name in ("account", "actor", "email")]
    above: dict[str, Any] = {}
    each: list[Any] = []
    for part, table in _in_order():
        which = _whose(table, who, bindparam("payable", type_=String), above)
        if "id" in table.c:
            above[table.name] = select(table.c.id).where(which)
        each.append(select(literal_column(f"'{part.name}'"), func.count()).select_from(table).where(which))
    return Prepared(union_all(*each))


def _in_order() -> Iterator[tuple[Part, Table]]:
    """Every table with its part, a row's parents before it."""
    by_name = {name: part for part in PARTS for name in part.tables}
    waiting = [Base.metadata.tables[name] for name in by_name]
    done: set[str] = set()
    while waiting:
        table = waiting.pop(0)
        if table.name in BELOW and BELOW[table.name][1] not in done:
            waiting.append(table)
            continue
        done.add(table.name)
        yield by_name[table.name], table


def _whose(table: Table, who: Sequence[Any], owed: Any, above: Mapping[str, Any]) -> ColumnElement[bool]:
    """Which rows of ``table`` are the person's: they name ``who``, the account ``owed`` of the ledger, or a row above.

    ``above`` has the ids of such rows by table, or a statement for them. Words are their writer's alone.
    """
    if table.name in WRITTEN_BY:
        return table.c[WRITTEN_BY[table.name]].in_(who)
    given = WHOSE.get(table.name)
    columns = [table.c[n] for n in given] if given is not None else [c for c in table.c if _may_name(c.type)]
    tests: list[ColumnElement[bool]] = [c.in_(who) for c in columns]
    if table.name == LedgerLeg.__tablename__:
        tests = [table.c.account == owed]
    if table.name in BELOW:
        column, parent = BELOW[table.name]
        ids = above.get(parent, [])
        tests.append(false() if isinstance(ids, list) and not ids else table.c[column].in_(ids))
    return or_(false(), *tests)


def _may_name(kind: object) -> bool:
    return isinstance(kind, String) and not isinstance(kind, Text | JSON | LargeBinary)


def counts(kept: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, int]:
    """How many rows each part has."""
    return {part: sum(len(rows) for rows in tables.values()) for part, tables in kept.items()}


def erasure(session: Session, account: str) -> Erasure | None:
    """That ``account`` was erased."""
    return session.get(Erasure, account)


def alone_in(session: Session, account: str) -> list[str]:
    """The organisations whose only member is ``account``."""
    mine = select(Membership.organisation_id).where(Membership.account_id == account, Membership.document == "")
    m = Membership
    return list(session.scalars(
        select(m.organisation_id).where(m.organisation_id.in_(mine), m.document == "")
        .group_by(m.organisation_id).having(func.count() == 1)
    ))  # fmt: skip


def blockers(session: Session, account: str) -> list[Blocker]:
    """What must end first: deals that run, money on its way, what others would be left alone with."""
    own = alone_in(session, account)

    def many(what: Any, *where: Any) -> int:
        return session.scalar(select(func.count()).select_from(what).where(*where)) or 0

    def mine(table: Any) -> Any:
        return or_(table.freelancer_id == account, table.organisation_id.in_(own))

    staff = account in {s.account for s in accounts.staff(session)}
    running = many(Contract, mine(Contract), Contract.state != "ENDED")
    cases = many(Case, Case.closed_at.is_(None), Case.contract_id.in_(select(Contract.id).where(mine(Contract))))
    due = session.scalar(select(func.sum(LedgerLeg.amount)).where(LedgerLeg.account == payable(account))) or 0
    held = many(Hold, mine(Hold), Hold.state.not_in(_AFTERWARDS))
    asked = many(Proposal, mine(Proposal), Proposal.state == "open")
    bills = many(Bill, mine(Bill), Bill.state == "open")
    briefs = many(Mission, Mission.organisation_id.in_(own), Mission.state.not_in(("draft", "closed", "filled")))
    plans = many(Subscription, Subscription.owner_id.in_([account, *own]), Subscription.state != "ended")
    found = (
        (staff, say("You are of the staff: somebody else of the staff ends that first."), "/console/staff"),
        (running, say("{Contract.other} that have not ended: %(n)s.", n=running), "/contracts"),
        (cases, say("Cases that are open: %(n)s.", n=cases), "/contracts"),
        (held or due, say("Money is held or has not been paid out yet."), "/contracts"),
        (asked, say("{Proposal.other} that wait for an answer: %(n)s. Withdraw or decline them.", n=asked),
         "/me/proposals"),
        (bills, say("Bills that are not paid: %(n)s.", n=bills), "/contracts"),
        (briefs, say("{Mission.other} that are published or wait: %(n)s. Close them.", n=briefs), "/me/missions"),
        (plans, say("A plan that has not ended. End it first."), "/me/plan"),
    )  # fmt: skip
    ending = [Blocker(text, href) for stands, text, href in found if stands]
    return ending + _owed(session, [account, *own]) + _left_alone(session, account, own)


def _owed(session: Session, owners: list[str]) -> list[Blocker]:
    """What is owed to the marketplace: nobody can be asked for it any more once they are forgotten."""
    leg = LedgerLeg
    rows = session.execute(
        select(leg.currency, func.sum(leg.amount)).where(leg.account.in_([receivable(owner) for owner in owners]))
        .group_by(leg.account, leg.currency).having(func.sum(leg.amount) > 0).order_by(leg.currency)
    )  # fmt: skip
    return [
        Blocker(say("Owed to the marketplace: %(amount)s. Pay what is open among your invoices, or ask us to give it "
                    "up.", amount=Money(int(amount), currency)), "/accounting")
        for currency, amount in rows
    ]  # fmt: skip


def _left_alone(session: Session, account: str, own: list[str]) -> list[Blocker]:
    rows = session.execute(
        select(Membership.organisation_id, Membership.roles).where(
            Membership.account_id == account, Membership.document == "", Membership.organisation_id.not_in(own)
        )
    )
    found = []
    for organisation, roles in rows:
        others = [m.account for m in accounts.members(session, organisation) if m.account != account
                  and "owner" in m.roles]  # fmt: skip
        who = accounts.accounts_by_id(session, others).values()
        if "owner" not in roles or any(a.suspended_at is None for a in who):
            continue
        name = accounts.organisations_by_id(session, [organisation])[organisation].name
        says = say("You are the only owner of %(name)s, which has other members: make one of them an owner.", name=name)
        if others:
            says = say("You are the only owner of %(name)s who is not suspended: make another member an owner, or take "
                       "the others out.", name=name)  # fmt: skip
        found.append(Blocker(says, f"/organisations/{organisation}"))
    return found


def last_dates(session: Session, account: str) -> tuple[datetime | None, datetime | None]:
    """When the person's last contract ended, and when their money last moved; ``None`` where there was none.

    One that runs counts from its signature on: its period only begins to count anew when it ends.
    """
    last = func.max(func.coalesce(Contract.ended_at, Contract.signed_at))
    deal = session.scalar(select(last).where(Contract.freelancer_id == account))
    own = alone_in(session, account)
    if own:
        other = session.scalar(select(last).where(Contract.organisation_id.in_(own)))
        deal = max(filter(None, (deal, other)), default=None)
    h = Hold
    paid = session.scalar(select(func.max(h.settled_at)).where(
        or_(h.freelancer_id == account, h.organisation_id.in_(own))))  # fmt: skip
    billed = session.scalar(select(func.max(Bill.issued_at)).where(
        or_(Bill.freelancer_id == account, Bill.organisation_id.in_(own))))  # fmt: skip
    return deal, max(filter(None, (paid, billed)), default=None)
