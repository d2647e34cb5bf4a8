"""Opening a case, naming who of the staff works on it, closing it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.cases import events
from marketwright.features.cases.tables import Case, CaseStaff
from marketwright.features.contracts.service import get
from marketwright.features.contracts.standing import side_of
from marketwright.features.contracts.tables import Contract
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

DAYS, LONGEST = 14, 4000


def able_staff(session: Session) -> list[tuple[str, str]]:
    """Who of the staff may be named in a case: (account, name)."""
    return [(s.account, s.name) for s in accounts.staff(session)
            if "contracts.read" in permissions_of(frozenset(s.roles))]  # fmt: skip


def open_case(uow: UnitOfWork, *, contract: str, reason: str, staff: Sequence[str] = ()) -> str:
    """Open a case as one of the two sides, or as staff who decide on contracts, with the ``staff`` who work on it.

    Returns its id; it ends by itself after :data:`DAYS` days. Both sides are told.
    """
    row = get(uow.session, contract)
    side = _side(uow, row)
    wrong: dict[str, list[str]] = {}
    if not reason.strip():
        wrong["reason"] = [say("Please say why: both sides read it.")]
    if len(reason) > LONGEST:
        wrong["reason"] = [say("At most %(n)s characters, this has %(has)s.", n=LONGEST, has=len(reason))]
    if side == "staff" and not staff:
        wrong["staff"] = [say("Name who works on it: nobody else may read what is sealed.")]
    if wrong:
        raise InvalidInput(wrong)
    case = Case(
        id=new_id(), contract_id=contract, side=side, opened_by=uow.actor.id, reason=reason.strip(),
        opened_at=uow.now, ends_at=uow.now + timedelta(days=DAYS), closed_at=None, closed_by="",
    )  # fmt: skip
    uow.session.add(case)
    uow.flush()
    uow.audit("case.opened", case.id, contract=contract)
    uow.emit(events.OPENED, contract, contract=contract, case=case.id)
    if staff:
        name_staff(uow, case=case.id, staff=staff)
    return case.id


def name_staff(uow: UnitOfWork, *, case: str, staff: Sequence[str]) -> None:
    """Name who of the staff works on a case: as staff who decide on contracts."""
    row = _open(uow, case)
    if "contracts.decide" not in permissions_of(uow.actor.staff):
        raise NotAllowed("Only staff who decide on {contract.other} name who works on a case.")
    able = {account for account, _ in able_staff(uow.session)}
    if not staff or set(staff) - able:
        raise InvalidInput({"staff": [say("Please choose one of the list.")]})
    known = set(uow.session.scalars(select(CaseStaff.account_id).where(CaseStaff.case_id == case)))
    for account in dict.fromkeys(staff):
        if account not in known:
            uow.session.add(CaseStaff(case_id=case, account_id=account, named_by=uow.actor.id, at=uow.now))
    uow.flush()
    uow.audit("case.named", case, staff=sorted(staff))
    uow.emit(events.NAMED, row.contract_id, contract=row.contract_id, case=case)


def close_case(uow: UnitOfWork, *, case: str) -> None:
    """Close a case before its time, as whoever may open one; who was named reads nothing more."""
    row = _open(uow, case)
    _side(uow, get(uow.session, row.contract_id))
    row.closed_at, row.closed_by = uow.now, uow.actor.id
    uow.flush()
    uow.audit("case.closed", case)
    uow.emit(events.CLOSED, row.contract_id, contract=row.contract_id, case=case)


def _open(uow: UnitOfWork, case: str) -> Case:
    row = uow.session.get(Case, case)
    if row is None:
        raise NotFound("There is no such case.")
    if row.closed_at is not None or row.ends_at <= uow.now:
        raise Conflict("This case is closed; open another one.", state="closed")
    return row


def _side(uow: UnitOfWork, contract: Contract) -> str:
    side = side_of(uow.session, contract, uow.actor.id) if uow.actor.is_person else ""
    if side:
        return side
    if "contracts.decide" in permissions_of(uow.actor.staff):
        return "staff"
    raise NotAllowed("One of the two sides opens and closes a case, or staff who decide on {contract.other}.")
