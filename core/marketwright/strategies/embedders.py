"""Embedders: texts as vectors, so that what is near in meaning is near in space. One a marketplace.

Core keeps the vectors of profiles and briefs with the model's name and version and has them made anew when either
changes; the criterion that reads ``semantic_met`` then joins the ranking like any other.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from marketwright.strategies.matching import Array


class Embedder(ABC):
    """Makes vectors of texts. Texts leave the marketplace only where the plugin's manifest declares a host.

    ``name`` and ``version`` are those of the model: vectors of another one are never compared with its own.
    ``dimensions`` is the length of each vector, from 1 to 4096.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    dimensions: ClassVar[int]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def embed(self, texts: Sequence[str]) -> Array:
        """float32 of shape (number of texts, ``dimensions``), finite; the same text gives the same vector."""
