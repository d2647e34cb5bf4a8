"""Reading a handover on a page: who may, and the record of it where it is sealed, written before it is shown."""

from marketwright.features.contracts import handovers, sealed
from marketwright.features.contracts.handovers import HandoverRow, Said
from marketwright.features.contracts.pages.base import Seen
from marketwright.features.contracts.tables import Contract
from marketwright.features.seals import queries as seals
from marketwright.features.seals.queries import SealRow
from marketwright.features.seals.service import Reading, record_reading
from marketwright.kernel.errors import NotFound
from marketwright.web.house import house, reading, the_viewer, unit

DELIVERY, FILE = "delivery", "file"  # what a record names; a file's own name is sealed with it


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
    here = house()
    contract = reading().get_one(Contract, row.contract)
    how = sealed.sight(reading(), here.ports, contract, the_viewer().account, here.clock.business())
    with unit() as uow:
        record_reading(uow, Reading(row.contract, row.seal, what, how.role, how.case))
        uow.commit()


def read(row: HandoverRow) -> Said:
    """What a handover says, once its reading is recorded."""
    if row.seal:
        record(row)
    return sealed.said(reading(), house().ports, row)
