"""The courses of a deal that come with core, as data, one file each."""

from marketwright.features.contracts.bundled.invoice import INVOICE
from marketwright.features.contracts.bundled.milestones import MILESTONES
from marketwright.features.contracts.bundled.package import PACKAGE
from marketwright.features.contracts.bundled.time_and_invoice import TIME_AND_INVOICE
from marketwright.features.contracts.bundled.time_and_materials import TIME_AND_MATERIALS
from marketwright.features.contracts.bundled.trial import TRIAL
from marketwright.strategies.processes import Process

__all__ = ["BUNDLED", "INVOICE", "MILESTONES", "PACKAGE", "TIME_AND_INVOICE", "TIME_AND_MATERIALS", "TRIAL"]

BUNDLED: tuple[Process, ...] = (MILESTONES, TIME_AND_MATERIALS, PACKAGE, TRIAL, INVOICE, TIME_AND_INVOICE)
