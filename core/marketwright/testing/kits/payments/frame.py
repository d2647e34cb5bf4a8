"""What the payment tests share: the service behind the provider, the line to it, and the commands of a deal."""

import base64
import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from marketwright.hooks.desk import Desk
from marketwright.hooks.http import Transport
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.inbox import BODY, STANDARD, Inbox, Message, check, sign
from marketwright.strategies.payments import Answer, Command, CommandKind, Fact, Outcome, PaymentProvider
from marketwright.testing.desks import make_desk
from marketwright.testing.kits.frame import StrategyKit
from marketwright.testing.kits.line import Line

WORK, FEE = 90_000, 10_000
PRICE = WORK + FEE
GUESSABLE = (b"", b"secret", b"test", b"changeme")


@dataclass(frozen=True, slots=True)
class Effect:
    """One movement of money in the service's own books: ``kind`` is charge, transfer, fee, refund, payout or cost.

    ``cost`` is what the service itself keeps; ``key`` the command's; ``amount`` minor units.
    """

    kind: str
    key: str
    amount: int
    currency: str


class FarSide(ABC):
    """The service behind a provider, as your tests play it: written once, beside the kit.

    ``http`` answers what the provider asks over ``desk.http``; ``None`` for a provider that asks nobody.
    """

    http: Transport | None = None

    def __init__(self, folder: Path, clock: FrozenClock) -> None:
        self.folder, self.clock = folder, clock
        self.provider: Any = None

    def meet(self, provider: PaymentProvider) -> None:
        """The provider on this side was built, or built anew."""
        self.provider = provider

    @abstractmethod
    def pay(self, command: Command, answer: Answer) -> None:
        """A person pays ``command`` on the page of ``answer``."""

    @abstractmethod
    def decline(self, command: Command, answer: Answer) -> None:
        """A person's card is declined there."""

    @abstractmethod
    def effects(self) -> Sequence[Effect]:
        """Every movement of money so far, in order."""

    def told(self) -> Sequence[bytes]:
        """The body of every message that the service has sent, oldest first; none where it sends none."""
        return ()

    def strange(self) -> bytes:
        """The body of a message of a kind that the provider does not know."""
        return b'{"id": "strange-1", "type": "kitchen.sink"}'

    def bank(self, deed: str, command: Command) -> None:
        """What a bank does to ``command`` unasked: ``dispute`` it, only ``inquire``, let it ``win`` or ``lose`` that,
        ``take_back`` a debit that had come in, ``return_payout``; or a transfer not asked for ``arrive``s for it.

        Only for what the flags declare (``disputes``, ``late_failures``, ``payout_returns``, ``arrivals``).
        """
        raise NotImplementedError

    def rotate(self) -> bytes:
        """Begin to sign with a second secret and return it: only for an inbox with ``keys`` of its own."""
        raise NotImplementedError


@dataclass
class Scene:
    """A provider on its desk, the service behind it, and the line between them."""

    kit: Any
    strategy: type[PaymentProvider]
    folder: Path
    clock: FrozenClock
    far: FarSide
    line: Line
    stage: str = "test"
    secret: str = ""
    provider: Any = None
    desk: Any = None
    number: int = 0

    def build(self) -> PaymentProvider:
        """The provider built anew on the same folder, as after a restart."""
        settings, manifest = self.kit.checked(), self.kit.manifest()
        line = self.line if self.far.http is not None else None
        made = make_desk(manifest, settings, self.folder, clock=self.clock, stage=self.stage, http=line)
        values = {name: self.secret or value for name, value in made.secret_values.items()}
        self.desk = replace(made, secret_values=values)
        self.provider = self.strategy(settings, self.desk)
        self.far.meet(self.provider)
        return self.provider  # type: ignore[no-any-return]

    def command(self, kind: CommandKind, amount: int, **more: Any) -> Command:
        """A command with a key of its own."""
        self.number += 1
        currency = more.pop("currency", "") or self.currency
        key = more.pop("key", f"{kind}-{self.number}-key")
        given: dict[str, Any] = {
            "hold": "hold1", "payer": "client1", "payee": "freelancer1", "describe": "Scoping, Zoë & Fils",
            "return_to": f"http://marketplace.test/payments/return/{key}", "created": self.clock.business(),
        } | more  # fmt: skip
        return Command(key, kind, amount=Money(amount, currency), **given)

    @property
    def currency(self) -> str:
        """The provider's first currency."""
        return str(self.provider.capabilities.currencies[0])

    def ask(self, command: Command) -> Answer:
        """``execute`` as core takes it: whatever is raised is UNKNOWN, and so is a confirmation of another amount."""
        return self._taken(command, self.provider.execute)

    def look(self, command: Command) -> Answer:
        """``lookup`` as core takes it."""
        return self._taken(command, self.provider.lookup)

    def _taken(self, command: Command, call: Any) -> Answer:
        try:
            found = call(command)
        except Exception:  # noqa: BLE001  core takes whatever is raised for UNKNOWN
            return Answer(Outcome.UNKNOWN)
        assert isinstance(found, Answer), f"{call.__name__} gave {type(found).__name__}, not an Answer"
        return found

    def fund(self, amount: int = PRICE, **more: Any) -> tuple[Command, Answer]:
        """A payment that was asked for and not made yet."""
        command = self.command(CommandKind.FUND, amount, **more)
        return command, self.ask(command)

    def paid(self, amount: int = PRICE, **more: Any) -> Command:
        """A payment that came in."""
        command, answer = self.fund(amount, **more)
        if answer.outcome is Outcome.PAGE:
            self.far.pay(command, answer)
        return command

    def out(self, kind: CommandKind, amount: int, of: Command, **more: Any) -> Command:
        """A command that takes from the hold that ``of`` paid for."""
        return self.command(kind, amount, of=of.key, currency=of.amount.currency, **more)

    def moved(self, *kinds: str) -> list[tuple[str, int]]:
        """(kind, amount) of every movement but costs, or of ``kinds``."""
        return [(e.kind, e.amount) for e in self.far.effects() if (e.kind in kinds if kinds else e.kind != "cost")]

    @property
    def inbox(self) -> Inbox | None:
        """How the plugin's messages are signed, or ``None``."""
        found: Inbox | None = self.kit.manifest().inbox
        return found

    def inbox_keys(self) -> list[bytes]:
        """The secrets that messages may be signed with now."""
        inbox = self.inbox
        assert inbox is not None
        return keys_of(inbox, self.desk)

    def receive(self, message: Message) -> list[Fact]:
        """A message as core takes it in: its signature checked on the raw bytes, then read."""
        inbox = self.inbox
        assert inbox is not None
        check(inbox, self.inbox_keys(), message, self.clock.machine().timestamp())
        return list(self.provider.read(replace(message, at=self.clock.machine())))

    def signed(self, body: bytes, key: bytes | None = None, at: datetime | None = None) -> Message:
        """``body`` signed as the inbox says, with the first secret and the desk's clock unless given."""
        inbox = self.inbox
        assert inbox is not None
        return signed(inbox, body, self.inbox_keys()[0] if key is None else key, at or self.clock.machine())

    def heard(self) -> Iterator[Fact]:
        """Every fact in every message so far."""
        for body in tuple(self.far.told()):  # reading may have the service tell more
            yield from self.receive(self.signed(body))


def keys_of(inbox: Inbox, desk: Desk) -> list[bytes]:
    """The secrets of an inbox: its own, or those of the environment, several parted by a space."""
    if inbox.keys is not None:
        return list(inbox.keys(desk))
    return [part.encode() for name in inbox.secrets for part in desk.secret_values[name].split()]


def signed(inbox: Inbox, body: bytes, key: bytes, at: datetime) -> Message:
    """``body`` as a service signs it, in any scheme."""
    seconds = int(at.timestamp())
    if inbox.scheme == BODY:
        return Message(body, {inbox.header.lower(): hmac.new(key, body, hashlib.sha256).hexdigest()})
    if inbox.scheme == STANDARD:
        name = f"msg-{hashlib.sha256(body).hexdigest()[:12]}"
        raw = base64.b64decode(key.removeprefix(b"whsec_")) if key.startswith(b"whsec_") else key
        mark = hmac.new(raw, f"{name}.{seconds}.".encode() + body, hashlib.sha256).digest()
        headers = {"webhook-id": name, "webhook-timestamp": str(seconds),
                   "webhook-signature": f"v1,{base64.b64encode(mark).decode()}"}  # fmt: skip
        return Message(body, headers)
    return Message(body, {inbox.header.lower(): sign(body, key, at.timestamp())})


class PaymentKit(StrategyKit):
    """What every part of the kit stands on: the scene of a test."""

    hook = "register_payment_providers"
    far_side: ClassVar[type[FarSide]]

    @pytest.fixture
    def scene(self, strategy_class: type[PaymentProvider], tmp_path: Path, clock: FrozenClock) -> Scene:
        """A provider with the service behind it."""
        far = self.far_side(tmp_path / "far", clock)
        made = Scene(self, strategy_class, tmp_path / "desk", clock, far, Line(far.http))
        made.build()
        return made

    @pytest.fixture
    def build(self, scene: Scene) -> Any:
        """The provider built anew, as after a restart."""
        return scene.build

    @pytest.fixture
    def it(self, scene: Scene) -> Any:
        """The provider under test."""
        return scene.provider

    def holding(self, scene: Scene) -> None:
        """Leave a test to providers that hold money."""
        if not scene.provider.capabilities.holds:
            pytest.skip("it declares that it holds no money")

    def telling(self, scene: Scene) -> None:
        """Leave a test to providers that are told by messages."""
        if scene.inbox is None:
            pytest.skip("its manifest declares no inbox")

    def calling(self, scene: Scene) -> None:
        """Leave a test to providers that ask over HTTP."""
        if scene.far.http is None:
            pytest.skip("its manifest declares no hosts")
