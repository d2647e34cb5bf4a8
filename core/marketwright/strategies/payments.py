"""Payments: commands asked of a provider, facts it reports. Nobody's vendor vocabulary.

A command has its own key and life (PENDING, SENT, CONFIRMED, FAILED, UNKNOWN) and is sent only after its reservation
was committed. A fact is applied once, whatever its way in: an answer, a message, or a look-up.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from marketwright.kernel.money import Money
from marketwright.strategies.inbox import Message


class CommandKind(StrEnum):
    """All that is ever asked of a provider."""

    FUND = "fund"  # the client pays `amount` into the hold `hold`
    RELEASE = "release"  # `amount` of the hold becomes the freelancer's (`payee`), `fee` the marketplace's
    REFUND = "refund"  # `amount` of the hold goes back to the client
    SPLIT = "split"  # `amount` to the freelancer, `fee` to the marketplace, `refund` to the client, one decision
    PAYOUT = "payout"  # `amount` of the freelancer's balance leaves for their bank


@dataclass(frozen=True, slots=True)
class Command:
    """One thing asked: ``key`` is the idempotency key (the command's id), amounts in minor units.

    ``of`` is the key of the funding that the money came in by: whatever leaves a hold names it (empty for FUND, and
    for PAYOUT, which takes from the freelancer's balance). ``payer``, ``payee`` are opaque ids of client and
    freelancer; ``return_to`` is where a person comes back to. ``mandate`` names a standing permission of the payer to
    be charged without a page; a provider that knows none ignores it.
    """

    key: str
    kind: CommandKind
    hold: str
    amount: Money
    of: str = ""
    payer: str = ""
    payee: str = ""
    fee: int = 0
    refund: int = 0
    describe: str = ""
    return_to: str = ""
    created: datetime | None = None
    mandate: str = ""


class Outcome(StrEnum):
    """What an answer says. Only a definitive refusal is FAILED; silence and nonsense are UNKNOWN."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PAGE = "page"  # a person must go to `page` first
    WAITING = "waiting"  # known to the provider, under way


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer to a command or look-up.

    ``reference`` is the provider's own id; ``reason`` a sentence for people when FAILED; ``page`` the address to send
    the person to; ``amount`` what the provider confirmed, minor units (checked against the command);
    ``fee`` what the provider itself charged; ``absent`` is true when a look-up proves that the provider never acted.
    A CONFIRMED answer without ``amount``, or with another than the command's, is taken for UNKNOWN.
    """

    outcome: Outcome
    reference: str = ""
    reason: str = ""
    page: str = ""
    amount: int | None = None
    fee: int = 0
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a provider reports about the command ``key``: the same shape as an answer, plus its own ``id``.

    The id is the provider's: the same thing reported twice carries the same one (J2).
    """

    id: str
    key: str
    answer: Answer
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do; core refuses at start what a process would need and it cannot.

    ``holder`` names who holds the funds; ``platform_holds`` true forbids holds; ``max_hold_days`` 0 is no hold.
    ``origins`` are the origins of its own pages, the only ones that enter form-action on the paying page.
    """

    holds: bool
    max_hold_days: int
    partial_release: bool
    refund_after_payout: bool
    currencies: tuple[str, ...]
    holder: str
    platform_holds: bool = False
    origins: tuple[str, ...] = ()
    test_only: bool = False


class PaymentProvider(ABC):
    """Who holds and moves the money."""

    name: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What it can do, for these settings."""

    def check(self) -> Sequence[str]:
        """What is wrong with account or keys for the stage at hand, a sentence each with its fix; may ask outside.

        Asked before going live. A provider without keys has nothing to check.
        """
        return ()

    @abstractmethod
    def execute(self, command: Command) -> Answer:
        """Carry out ``command``; the same key twice is one effect. A time-out is raised or answered UNKNOWN."""

    @abstractmethod
    def lookup(self, command: Command) -> Answer:
        """What became of ``command``; FAILED with ``absent`` when the provider surely never saw it."""

    @abstractmethod
    def read(self, message: Message) -> Sequence[Fact]:
        """Facts in a message; none for a type that it does not know.

        Core has checked the signature, as the manifest's ``inbox`` declares it. ``ValueError`` refuses the message
        for good; anything else that is raised has it read again later.
        """

    @abstractmethod
    def objects(self, since: datetime, until: datetime) -> Sequence[Fact]:
        """Every fact of a window, for reconciliation."""

    @abstractmethod
    def balance(self, currency: str) -> Money:
        """What the provider holds for the marketplace's deals, all accounts together."""
