"""What the pages of papers share."""

from marketwright.features.contracts import queries as contracts
from marketwright.features.contracts.pages.base import Seen, find, in_a_case
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import NotFound
from marketwright.strategies.conditions import Condition
from marketwright.web.house import house, reading
from marketwright.web.routing import Pages

pages = Pages("papers")


def find_condition(contract: str, name: str) -> tuple[Seen, Entry[Condition]]:
    """A contract that the viewer may see, and its condition ``name``; ``NotFound`` otherwise.

    What is handed in for a confidential condition is read by the two sides, and by staff within a case.
    """
    seen = find(contract)
    entry = house().ports.get(Plugins).conditions.get(name)
    if entry is None or name not in {c.name for c in contracts.conditions_of(reading(), contract)}:
        raise NotFound("There is no such condition.")
    if entry.it.confidential and seen.side == "operator" and not in_a_case(contract):
        raise NotFound("There is no such condition.")
    return seen, entry
