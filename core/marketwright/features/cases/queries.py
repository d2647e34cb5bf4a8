"""Reads of cases, and what they answer to the room of contracts."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.tables import Account, Staff
from marketwright.features.cases.tables import Case, CaseStaff
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case with the names in it."""

    id: str
    contract: str
    side: str
    opened_by: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    staff: tuple[str, ...]

    def open_at(self, now: datetime) -> bool:
        """Whether who is named may still read."""
        return self.closed_at is None and self.ends_at > now


def cases_of(session: Session, contract: str) -> list[CaseRow]:
    """The cases of a contract, newest first."""
    rows = session.execute(
        select(Case, Account.name).join(Account, Account.id == Case.opened_by)
        .where(Case.contract_id == contract).order_by(Case.opened_at.desc(), Case.id)
    ).all()  # fmt: skip
    named: dict[str, tuple[str, ...]] = {}
    for case, name in session.execute(
        select(CaseStaff.case_id, Account.name).join(Account, Account.id == CaseStaff.account_id)
        .where(CaseStaff.case_id.in_([c.id for c, _ in rows])).order_by(CaseStaff.at, Account.name)
    ):  # fmt: skip
        named[case] = (*named.get(case, ()), name)
    return [
        CaseRow(c.id, c.contract_id, c.side, name, c.reason, c.opened_at, c.ends_at, c.closed_at, named.get(c.id, ()))
        for c, name in rows
    ]


def _able(session: Session, account: str) -> bool:
    """Whether ``account`` may be named in a case today: a name in one gives no right that the roles do not."""
    roles = session.scalar(
        select(Staff.roles)
        .join(Account, Account.id == Staff.account_id)
        .where(Staff.account_id == account, Account.suspended_at.is_(None))
    )
    return "contracts.read" in permissions_of(frozenset(roles or ()))


def _running(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Case.closed_at.is_(None), Case.ends_at > now


class OpenCases:
    """Contracts' port ``Cases``."""

    def covering(self, session: Session, contract: str, account: str, now: datetime) -> str:
        """The open case of ``contract`` that names ``account``, or '' (also for who is not of the staff any more)."""
        if not _able(session, account):
            return ""
        return session.scalar(
            select(Case.id).join(CaseStaff, CaseStaff.case_id == Case.id)
            .where(Case.contract_id == contract, CaseStaff.account_id == account, *_running(now)).limit(1)
        ) or ""  # fmt: skip

    def running(self, session: Session, now: datetime) -> list[str]:
        """Contracts with an open case."""
        return list(session.scalars(select(Case.contract_id).where(*_running(now)).distinct()))
