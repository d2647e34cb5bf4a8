"""What is handed over sealed: closed with the delivery, opened for the two sides, or for staff within a case."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketwright.features.contracts import handovers
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.handed import HandedOver
from marketwright.features.contracts.handovers import HandoverRow, Said
from marketwright.features.contracts.ports import Cases
from marketwright.features.contracts.standing import side_of
from marketwright.features.contracts.tables import Contract
from marketwright.features.seals import service as seals
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
        uow, contract=contract.id, data=data.encode(), sha256=handed.sha256, files=[f[0] for f in kept.values()],
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


def kept_for_now(session: Session, ports: Ports, now: datetime, contracts: Sequence[str]) -> set[str]:
    """Those of ``contracts`` whose sealed things stay whatever their date: not ended before today, or with a case."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    stays = or_(Contract.state != "ENDED", Contract.ended_at >= today)
    running = session.scalars(select(Contract.id).where(Contract.id.in_(contracts), stays))
    return {*running, *ports.get(Cases).running(session, now)}
