"""Slots: places on core's pages that a plugin fills with a template of its own. A closed list; others are refused."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

SLOTS: Mapping[str, tuple[str, str]] = {
    "freelancer.card": ("a freelancer's public id", "In the line of facts under the name, on the card of a list."),
    "freelancer.side": ("a freelancer's public id", "At the end of the side column of a profile."),
    "mission.card": ("a mission's public id", "In the line of facts at the foot of a mission's card."),
    "mission.side": ("a mission's public id", "At the end of the side column of a mission."),
    "contract.side": ("a contract's public id", "Under the papers of a contract, for its parties."),
    "invoices.owed": ("a freelancer's public id", "Beside the heading of the invoices that they are owed, for them."),
    "bill.pay": ("a bill's public id", "Beside an open invoice between the two sides: how to pay it."),
    "contract.condition": ("a condition's name", "Above the form in which a condition of a contract is met."),
}

# What no layer may take off a page: written {{ required("site.legal", …) }}, checked at start and by the kit.
REQUIRED_SLOTS: Mapping[str, str] = {
    "site.legal": "Who runs the site and who holds client money, at the foot of every page for visitors.",
    "payment.amount": "What is paid, on the pages that lead to a payment.",
    "payment.action": "The button that pays, accepts or goes back, on the same pages.",
    "contract.text": "The text of a document, where it is read and where it is signed.",
}


class SlotFill(ABC):
    """What a plugin shows in one slot.

    ``slot`` is one of the list, ``template`` a file below the plugin's ``templates/`` (``<plugin>/badge.html``),
    ``order`` says who stands first where several plugins fill one slot (lower first, then the order of the list of
    plugins).
    The template is rendered in the plugin's own namespace, escaped, with what :meth:`fill` gave for the id.
    """

    slot: ClassVar[str]
    template: ClassVar[str]
    order: ClassVar[int] = 100

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def fill(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """The template's values by id, in one call for all ids of a page; an id left out shows nothing."""
