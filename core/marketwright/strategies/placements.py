"""Placements: labelled positions beside a ranking, never in its score.

A placement says who may stand there; core draws among those who fit in everything, from a seed that is logged, and
shows each with the placement's label. A placed person keeps their own place in the ranking.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from marketwright.strategies.matching import Array, Candidates


class Placement(ABC):
    """A few positions beside the list of people for a mission.

    ``label`` stands on each card, ``about`` says in a sentence who stands there and why, for the page on ranking.
    ``most`` is how many, from 1 to 5; a placement may set it from its settings. One that is paid for names the
    ``entitlement`` that a plan grants: core then draws among its holders alone. No criterion ever learns of it.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str]
    most: int = 1
    entitlement: str = ""

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def eligible(self, c: Candidates) -> Array:
        """Booleans of length n (or 1): who may stand there; the same columns, the same answer."""
