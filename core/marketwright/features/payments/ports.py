"""What payments must ask of a room above."""

from typing import Protocol

from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind, Outcome


class Course(Protocol):
    """The course of a deal, told when the money of one of its milestones or periods has moved or has not."""

    def settled(self, uow: UnitOfWork, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        """``kind`` (fund, release, refund or split; never payout) of ``hold`` came to ``outcome``.

        ``CONFIRMED``: the pending transition arrives. ``FAILED``: it returns to where it was taken from, ``reason`` is
        a sentence for people. Called once a command, in the commit that moves hold and ledger: what it raises undoes
        them all.
        """
        ...


class NoCourse:
    """Nobody stands above: holds move and nothing else."""

    def settled(self, uow: UnitOfWork, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        """Do nothing."""
