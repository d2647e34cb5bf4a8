"""What is handed over sealed: closed with the delivery, opened for the two sides, or for staff within a case."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketwright.features.contracts import handovers
from marketwright.features.contracts.annexes import KEEP_DAYS, agreed_in, latest_date
from marketwright.features.contracts.handed import HandedOver
from marketwright.features.contracts.handovers import HandoverRow, Said
from marketwright.features.contracts.ports import Cases
from marketwright.features.contracts.standing import side_of
from marketwright.features.contracts.tables import Contract
from marketwright.features.missions.tables import Mission
from marketwright.features.seals import service as seals
from marketwright.features.seals.service import Due
from marketwright.hooks.deliverables import DELETE_ON
from marketwright.kernel.errors import BrokenInvariant, Conflict, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ports import Ports
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sight:
    """As whom somebody reads what is sealed."""

    role: str
    case: str = ""


def close(uow: UnitOfWork, contract: Contract, handed: HandedOver) -> str:
    """Seal ``handed`` with its files; returns the seal's id. It goes on the date that the contract names."""
    agreed = agreed_in(uow.session, contract.proposal_id).get(handed.deliverable, {})
    kept = {
        fingerprint: [seals.seal_file(uow, checked=checked, contract=contract.id), checked.name, checked.media_type]
        for fingerprint, checked in handed.files_by_fingerprint.items()
    }
    data = json.dumps({"body": handed.body, "judgement": handed.judgement, "files": kept}, ensure_ascii=False)
    return seals.seal(
        uow, data=data.encode(), sha256=handed.sha256, contract=contract.id, files=[f[0] for f in kept.values()],
        delete_on=date.fromisoformat(agreed[DELETE_ON]),
    )  # fmt: skip


def sight(session: Session, ports: Ports, contract: Contract, account: str, now: datetime) -> Sight:
    """As whom ``account`` may read what is sealed in ``contract``; ``NotAllowed`` says what staff need."""
    side = side_of(session, contract, account)
    if side:
        return Sight(side)
    case = ports.get(Cases).covering(session, contract.id, account, now)
    if not case:
        raise NotAllowed("This is sealed: the two sides alone read it. Staff need an open case that names them.")
    return Sight("staff", case)


def said(session: Session, ports: Ports, row: HandoverRow) -> Said:
    """What a handover says, opened where it is sealed; ``Conflict`` once it is deleted. Whoever shows it records it."""
    if not row.seal:
        return handovers.said(session, row.delivery)
    data = seals.opened(session, ports.get(Ring), row.seal)
    if data is None:
        raise Conflict("This was deleted, as the {contract} says. Its fingerprint is kept.", state="deleted")
    found: Mapping[str, Any] = json.loads(data)
    if handovers.fingerprint(found["body"]) != row.sha256:
        raise BrokenInvariant("What is sealed is not what its fingerprint says.", code="C4")
    return Said(found["body"], found["judgement"], {k: tuple(v) for k, v in found["files"].items()})


def body_before(
    session: Session, ports: Ports, milestone: str, deliverables: Sequence[str],
    record: Callable[[HandoverRow], None] | None = None,
) -> Mapping[str, Any] | None:  # fmt: skip
    """The body of the newest handover of one of ``deliverables``; ``record`` is told before something sealed opens."""
    newest = handovers.latest_of(session, milestone, deliverables)
    if newest is None:
        return None
    if newest.seal and record is not None:
        record(newest)
    return said(session, ports, newest).body


def case_of_mission(session: Session, ports: Ports, mission: str, account: str, now: datetime) -> str:
    """The open case of a contract of ``mission`` that names ``account``, or ''."""
    cases = ports.get(Cases)
    contracts = session.scalars(select(Contract.id).where(Contract.mission_id == mission))
    return next((case for c in contracts if (case := cases.covering(session, c, account, now))), "")


def date_of(session: Session, contract: Contract) -> date | None:
    """The latest date on which something of ``contract`` is deleted as it was agreed; ``None`` where none was."""
    return latest_date(agreed_in(session, contract.proposal_id))


def kept_for_now(session: Session, ports: Ports, now: datetime, due: Sequence[Due]) -> set[str]:
    """Those of ``due`` that stay whatever their date: of contracts not ended before today, or with a case.

    What has no date of its own stays until its contract's, or ``KEEP_DAYS`` after the end where none was agreed; what
    is a mission's as long as one of its contracts keeps it, or the same days after it was closed or filled.
    """
    running = set(ports.get(Cases).running(session, now))
    known = select(Contract).where(or_(
        Contract.id.in_({d.contract for d in due if d.contract}),
        Contract.mission_id.in_({d.mission for d in due if d.mission}),
    ))  # fmt: skip
    contracts = {c.id: c for c in session.scalars(known)}
    dated = {d.id for d in due if d.contract and d.delete_on}
    stays = {c.id: _stays(session, c, now, running) for c in contracts.values()}
    return {d.id for d in due if (
        _mission_keeps(session, d.mission, [c for c in contracts.values() if c.mission_id == d.mission], stays, now)
        if d.mission else stays.get(d.contract, (True, True))[0 if d.id in dated else 1]
    )}  # fmt: skip


def _stays(session: Session, contract: Contract, now: datetime, running: set[str]) -> tuple[bool, bool]:
    """Whether ``contract`` keeps what has a date that has come, and whether it keeps what has none."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    ended = contract.ended_at
    if contract.state != "ENDED" or ended is None or ended >= today or contract.id in running:
        return True, True
    agreed = date_of(session, contract)
    return False, (agreed > now.date() if agreed else ended > now - timedelta(days=KEEP_DAYS))


def _mission_keeps(
    session: Session, mission: str, contracts: Sequence[Contract], stays: Mapping[str, tuple[bool, bool]],
    now: datetime,
) -> bool:  # fmt: skip
    if contracts:
        return any(stays[c.id][1] for c in contracts)
    row = session.get(Mission, mission)
    if row is None:
        return False
    return row.state not in ("closed", "filled") or row.updated_at > now - timedelta(days=KEEP_DAYS)
