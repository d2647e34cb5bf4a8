"""Reading a handover or a paper on a page: who may, and the record of it where it is sealed, before it is shown."""

from collections.abc import Mapping
from typing import Any

from marketwright.features.contracts import documents, handovers, sealed
from marketwright.features.contracts.documents import DocumentRow
from marketwright.features.contracts.handovers import HandoverRow, Said
from marketwright.features.contracts.pages.base import Seen
from marketwright.features.contracts.tables import Contract
from marketwright.features.papers.queries import HandingRow
from marketwright.features.seals import queries as seals
from marketwright.features.seals.queries import SealRow
from marketwright.features.seals.service import Reading, opened_value, record_reading
from marketwright.kernel.errors import NotFound
from marketwright.store.ring import Ring
from marketwright.web.house import house, reading, the_viewer, unit

DELIVERY, FILE = "delivery", "file"  # what a record names; a file's own name is sealed with it
PAPER, HANDED = "paper", "handed"  # a condition's paper, and what was handed in for it


def row_of(seen: Seen, delivery: str) -> HandoverRow:
    """The handover of ``delivery`` in the contract that is seen; ``NotFound`` elsewhere."""
    row = handovers.handover(reading(), delivery)
    if row is None or row.contract != seen.contract.id:
        raise NotFound("There is no such delivery.")
    return row


def seal_of(row: HandoverRow) -> SealRow | None:
    """What becomes of a sealed handover, ``None`` where it lies open."""
    return seals.seals_by_id(reading(), [row.seal]).get(row.seal) if row.seal else None


def record(row: HandoverRow, what: str = DELIVERY) -> None:
    """Write down that the viewer reads something sealed; ``NotAllowed`` where they may not."""
    record_seal(row.contract, row.seal, what)


def record_seal(contract: str, seal: str, what: str) -> None:
    """The same for any seal of ``contract``."""
    here = house()
    found = reading().get_one(Contract, contract)
    how = sealed.sight(reading(), here.ports, found, the_viewer().account, here.clock.business())
    with unit() as uow:
        record_reading(uow, Reading(seal, what, how.role, how.case, contract=contract))
        uow.commit()


def paper_of(row: DocumentRow) -> bytes:
    """The bytes of a paper, once the reading of a sealed one is recorded; ``Conflict`` once it is deleted."""
    if row.seal and row.contract and not _gone(row.seal):
        record_seal(row.contract, row.seal, PAPER)
    return documents.body_of(reading(), house().ports.get(Ring), row.id)


def values_of(row: HandingRow) -> Mapping[str, Any]:
    """What was handed in for a condition, once the reading of what is sealed is recorded; {} once it is deleted."""
    if not row.seal:
        return row.values
    if _gone(row.seal):
        return {}
    record_seal(row.contract, row.seal, HANDED)
    found: Mapping[str, Any] = opened_value(reading(), house().ports.get(Ring), row.seal)
    return found


def _gone(seal: str) -> bool:
    return seals.seals_by_id(reading(), [seal])[seal].deleted_at is not None


def read(row: HandoverRow) -> Said:
    """What a handover says, once its reading is recorded."""
    if row.seal:
        record(row)
    return sealed.said(reading(), house().ports, row)
