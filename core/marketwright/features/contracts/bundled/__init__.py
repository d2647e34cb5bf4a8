"""The courses of a deal that come with core, as data, one file each."""

from marketwright.features.contracts.bundled.invoice import INVOICE
from marketwright.features.contracts.bundled.milestones import MILESTONES
from marketwright.features.contracts.bundled.time_and_materials import TIME_AND_MATERIALS
from marketwright.strategies.processes import Process

__all__ = ["BUNDLED", "INVOICE", "MILESTONES", "TIME_AND_MATERIALS"]

BUNDLED: tuple[Process, ...] = (MILESTONES, TIME_AND_MATERIALS, INVOICE)
