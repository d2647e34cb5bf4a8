"""What proposals must ask of the room above."""

from typing import Protocol

from marketwright.kernel.errors import Unavailable
from marketwright.store.unit import UnitOfWork


class Deals(Protocol):
    """What becomes of an accepted proposal; contracts answers."""

    def draw_up(self, uow: UnitOfWork, proposal_id: str) -> str:
        """Make the contract of an accepted proposal in the same commit; returns the contract's id."""
        ...


class NoDeals:
    """A marketplace without contracts: nothing can be accepted."""

    def draw_up(self, uow: UnitOfWork, proposal_id: str) -> str:  # noqa: ARG002
        """Refuse."""
        raise Unavailable("Contracts are not set up on this marketplace, so nothing can be accepted yet.")
