"""Payments: commands asked of a provider, facts it reports. Nobody's vendor vocabulary.

A command has its own key and life (PENDING, SENT, CONFIRMED, FAILED, UNKNOWN) and is sent only after its reservation
was committed. A fact is applied once, whatever its way in: an answer, a message, or a look-up.

All accounts at a provider are one to core: the marketplace's own, the holds, and the balance of each freelancer. Money
comes in and leaves; a release only says whose it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR, Money
from marketwright.strategies.inbox import Message


class CommandKind(StrEnum):
    """All that is ever asked of a provider."""

    FUND = "fund"  # the client pays `amount` into the hold `hold`
    RELEASE = "release"  # `amount` of the hold becomes the freelancer's (`payee`), `fee` the marketplace's
    REFUND = "refund"  # `amount` goes back to the client: of a hold, of what was released (`reclaim`), of an `arrival`
    SPLIT = "split"  # `amount` to the freelancer, `fee` to the marketplace, `refund` to the client, one decision
    PAYOUT = "payout"  # `amount` of the freelancer's balance leaves for their bank
    ONBOARD = "onboard"  # the freelancer (`payee`) opens, or completes, what is needed to be paid; moves no money


@dataclass(frozen=True, slots=True)
class Command:
    """One thing asked: ``key`` is the idempotency key (the command's id), amounts in minor units.

    ``of`` is the key of the funding that the money came in by: whatever leaves a hold names it (empty for FUND,
    ONBOARD, and PAYOUT, which takes from the freelancer's balance). ``payer``, ``payee`` are opaque ids of client and
    freelancer; ``return_to`` is where a person comes back to. ``mandate`` names a standing permission of the payer to
    be charged without a page; a provider that knows none ignores it.

    ``reclaim`` is what first goes back from the freelancer's balance to the marketplace's: with a REFUND after
    release, the freelancer's share of it; with a PAYOUT, what they owe from earlier, as far as it lies there beside
    ``amount``, and nothing while there is too little for that. ``arrival`` is the provider's reference of money that
    nobody asked for, or too much of it, which a REFUND without a hold gives back.
    ``country`` (ISO 3166) and ``language`` are the payee's, for ONBOARD, whose amount is 0: the account is opened once
    a payee, whatever the key, and each key gives its own way there.

    ``reference`` is what the provider's own answers have called this command so far, '' where none did: a look-up may
    begin there, and must do without it as well.
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
    reclaim: int = 0
    arrival: str = ""
    country: str = ""
    language: str = ""
    reference: str = ""


class Need(StrEnum):
    """What a payee may still owe a provider; core has the words for each, in every language."""

    IDENTITY = "identity"  # name, date of birth
    IDENTITY_DOCUMENT = "identity_document"
    ADDRESS = "address"
    CONTACT = "contact"  # e-mail, telephone
    BUSINESS = "business"  # name, form and registration of the business
    BUSINESS_DOCUMENT = "business_document"
    REPRESENTATIVE = "representative"  # who acts for the business
    OWNERS = "owners"  # beneficial owners
    ACTIVITY = "activity"  # what is sold, the web site
    TAX_NUMBER = "tax_number"
    BANK_ACCOUNT = "bank_account"
    TERMS = "terms"  # the provider's terms of service
    REVIEW = "review"  # the provider is looking at it: nothing to be done
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is missing before a payee can be paid: by when, and the provider's own ``detail`` if any."""

    need: Need
    due: datetime | None = None
    detail: str = ""


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
    the person to (with WAITING: where they read what is expected of them, such as a transfer from their bank);
    ``amount`` what the provider confirmed, minor units (checked against the command); ``fee`` what the provider itself
    charged; ``absent`` is true when a look-up proves that the provider never acted, or,
    with WAITING, when nothing of the command was done yet (too little money in a balance).
    A CONFIRMED answer without ``amount``, or with another than the command's, is taken for UNKNOWN.

    ``reclaimed`` is what came back from the freelancer's balance where ``reclaim`` was asked (``None``: all of it);
    the rest is owed. ``missing`` tells, of a payee, what PAGE and WAITING wait for. ``marks`` are opaque fingerprints
    of the card or bank account that paid (FUND) or is paid (ONBOARD): the same account always gives the same mark.
    """

    outcome: Outcome
    reference: str = ""
    reason: str = ""
    page: str = ""
    amount: int | None = None
    fee: int = 0
    absent: bool = False
    reclaimed: int | None = None
    missing: tuple[Requirement, ...] = ()
    marks: tuple[str, ...] = ()


class FactKind(StrEnum):
    """What a fact is about. All but ANSWER come without having been asked for, and say ``CONFIRMED``.

    What lives through several facts (a dispute, an arrival) carries the same ``answer.reference`` in each of them.
    Facts may come in any order: each says how things stand, never by how much they changed.
    """

    ANSWER = "answer"  # how the command `key` stands
    DISPUTE_OPENED = "dispute_opened"  # about the funding `key`; `amount`: taken so far, 0 while it only asks
    DISPUTE_WON = "dispute_won"  # `amount` is back; `fee`: what the dispute has cost in all (in every dispute fact)
    DISPUTE_LOST = "dispute_lost"  # `amount` is gone for good
    FUNDING_FAILED = "funding_failed"  # a confirmed funding `key` was taken back by the bank: all of `amount` is gone
    PAYOUT_RETURNED = "payout_returned"  # a confirmed payout `key` came back to the freelancer's balance, all of it
    PAYEE_CHANGED = "payee_changed"  # how `payee` stands now: CONFIRMED, WAITING or FAILED, as to ONBOARD
    ARRIVED = "arrived"  # `amount` came by bank transfer, for the funding `key` that it pays for, or for nobody
    ARRIVAL_LEFT = "arrival_left"  # the arrival `reference` went back to its sender without our asking
    FEE = "fee"  # the provider took `amount` for itself, for no command of ours
    ADJUSTMENT = "adjustment"  # anything else that moved the balance: `amount` is signed, above zero came in


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a provider reports: about the command ``key`` the same shape as an answer, plus its own ``id``.

    The id is the provider's and names the thing and its state, not the message that brought it: the same thing
    reported twice, by message and by ``objects``, carries the same one (J2). ``key`` is empty where it is about no
    command of ours; then ``currency`` is needed, and ``payee`` or ``payer`` where known. ``due`` is until when
    somebody must act: evidence in a dispute.
    """

    id: str
    key: str
    answer: Answer
    at: datetime | None = None
    kind: FactKind = FactKind.ANSWER
    currency: str = ""
    payer: str = ""
    payee: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do; core refuses at start what a process would need and it cannot.

    ``holder`` names who holds the funds; ``platform_holds`` true forbids holds; ``max_hold_days`` 0 is no hold.
    ``origins`` are the origins of its own pages, the only ones that enter form-action on the paying page. ``escrow``
    says that its terms allow the word. ``key_hours`` is how long it knows a key again (0: for ever). ``least`` and
    ``most`` bound one payment of a client, in minor units of whichever currency.

    Of what it can be asked: ``refund_after_release`` a REFUND with ``reclaim``, and of money that has left for the
    bank as well with ``refund_after_payout``; ``onboarding`` ONBOARD, without which no money moves to a payee.
    Of what it reports: ``disputes``, ``late_failures`` (FUNDING_FAILED), ``payout_returns``, and ``arrivals``, money
    by bank transfer that may be too little, too much, late or unasked, which a REFUND names by ``arrival``.
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
    refund_after_release: bool = False
    onboarding: bool = False
    disputes: bool = False
    late_failures: bool = False
    payout_returns: bool = False
    arrivals: bool = False
    escrow: bool = False
    key_hours: int = 24
    least: int = 1
    most: int = MAX_MINOR


class PaymentProvider(ABC):
    """Who holds and moves the money.

    ``holding`` false says of the whole class that it never holds any, whatever its settings: a marketplace that is
    baked with it offers only processes without a hold. ``refuses`` are currencies that it never moves, whatever its
    settings, each with a sentence that says why and what to do: a marketplace in one of them is not baked with it, and
    does not start.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    holding: ClassVar[bool] = True
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType({})

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
        """Every fact of a window, for reconciliation: all that moved the balance, and each command settled in it."""

    @abstractmethod
    def balance(self, currency: str) -> Money:
        """What the provider holds for the marketplace's deals, all accounts together."""
