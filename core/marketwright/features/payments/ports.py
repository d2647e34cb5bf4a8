"""What payments must ask of a room above."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.features.payments.amounts import Amounts
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ports import Ports, UnfilledPort
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind, Outcome

Fence = Callable[[Session], None]
PERSON_PATIENCE = 5.0  # seconds that a person is made to wait for a provider


class Course(Protocol):
    """The course of a deal, told when the money of one of its milestones or periods has moved or has not."""

    def settled(self, uow: UnitOfWork, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        """``kind`` (fund, release, refund or split; never payout) of ``hold`` came to ``outcome``.

        ``CONFIRMED``: the pending transition arrives. ``FAILED``: it returns to where it was taken from, ``reason`` is
        a sentence for people. Called once a command, in the commit that moves hold and ledger: what it raises undoes
        them all.
        """
        ...

    def taken_back(self, uow: UnitOfWork, hold: str, *, settled: bool, reason: str) -> None:
        """The bank has taken held money back; nothing is pending.

        ``settled`` false: the payment itself came undone, the hold is empty and may be funded again. True: the client
        has won it back by a dispute, which ends the hold as a refund would. Same commit.
        """
        ...

    def gone_back(
        self, uow: UnitOfWork, hold: str, cause: tuple[str, str], parts: Amounts, *, released: bool
    ) -> None:
        """``parts`` of the amounts of ``hold`` go back to the client: a refund, a split, a dispute lost.

        ``released`` says that they were released, and invoiced, before. ``cause`` is (``payment_command`` or
        ``dispute``, its id) and comes once, before ``settled`` where that is called too. Same commit.
        """
        ...


class NoCourse:
    """Nobody stands above: holds move and nothing else."""

    def settled(self, uow: UnitOfWork, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        """Do nothing."""

    def taken_back(self, uow: UnitOfWork, hold: str, *, settled: bool, reason: str) -> None:
        """Do nothing."""

    def gone_back(
        self, uow: UnitOfWork, hold: str, cause: tuple[str, str], parts: Amounts, *, released: bool
    ) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Names of the providers that must know a freelancer before money can move to them; filled at start."""

    providers: frozenset[str] = frozenset()


def onboards(ports: Ports, provider: str) -> bool:
    """Whether ``provider`` must know a freelancer first."""
    try:
        return provider in ports.get(Onboarding).providers
    except UnfilledPort:
        return False
