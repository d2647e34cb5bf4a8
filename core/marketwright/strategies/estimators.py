"""Estimators: what a brief implies in days of work, with the reasoning."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Sizing:
    """What an estimator reads of a brief: the niche's own fields that are not private, and how many skills it asks for.

    ``fields`` as they are stored (numbers as numbers, dates as ISO 8601, rows as lists of mappings); what is not
    answered is not there. ``remote`` is ``remote``, ``hybrid`` or ``onsite``. The brief's own days and budget are left
    out on purpose: an estimate that followed them would say nothing.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    must: int = 0
    nice: int = 0
    remote: str = "hybrid"


@dataclass(frozen=True, slots=True)
class Effort:
    """One line of the reasoning: what the days are for and, in a sentence (``N_`` or ``say``), why so many."""

    label: str
    days: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Days of work: at least, likely, at most, and the parts that ``likely`` is the sum of, to the half day."""

    low: int
    likely: int
    high: int
    parts: tuple[Effort, ...]


class Estimator(ABC):
    """Says what a brief implies in days. Pure: the same brief gives the same estimate."""

    name: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def estimate(self, brief: Sizing) -> Estimate | None:
        """The estimate, or ``None`` while the brief says too little."""
