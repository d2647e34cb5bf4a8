"""The courses of a deal that come with core, as data, one file each."""

from marketwright.features.contracts.bundled.invoice import INVOICE
from marketwright.features.contracts.bundled.milestones import MILESTONES
from marketwright.strategies.processes import Process

__all__ = ["BUNDLED", "INVOICE", "MILESTONES"]

BUNDLED: tuple[Process, ...] = (MILESTONES, INVOICE)
