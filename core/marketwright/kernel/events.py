"""What happened: facts in the past tense, written in the commit of what caused them, told afterwards.

The catalogue is closed and versioned: an event of an unknown name is refused at the writer.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from marketwright.kernel.frozen import dataclass

CATALOGUE: dict[str, tuple[int, str]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: ``name`` of the catalogue, ``subject`` (opaque id), JSON ``payload`` of ids and plain values."""

    id: str
    name: str
    subject: str
    at: datetime
    version: int = 1
    payload: Mapping[str, Any] = field(default_factory=dict)


def declare(name: str, says: str, *, version: int = 1) -> str:
    """Add an event to the catalogue (core rooms only, at import) and return its name."""
    CATALOGUE[name] = (version, says)
    return name
