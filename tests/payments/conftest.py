"""A marketplace's money in miniature: a database, the sandbox as provider, and a course that listens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

import pytest

import marketwright_sandbox
from marketwright.features.accounts.ports import Gate, OpenGate
from marketwright.features.inbox import jobs as inbox_jobs
from marketwright.features.ledger import queries as ledger
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.verify import verify as verify_ledger
from marketwright.features.payments import inbox, incoming, jobs, queries, service
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.ports import Course
from marketwright.features.payments.verify import verify as verify_payments
from marketwright.hooks.desk import Desk, NoActions
from marketwright.hooks.manager import Entry, Plugin, Plugins
from marketwright.kernel.actors import system
from marketwright.kernel.time import SystemClock
from marketwright.store.jobs import Worker
from marketwright.strategies.payments import Answer, Capabilities, Command, CommandKind, Outcome, PaymentProvider
from marketwright_sandbox.deeds import Deeds
from marketwright_sandbox.provider import Sandbox
from marketwright_sandbox.settings import SandboxSettings

PRICE = Amounts("EUR", work=100_000, work_tax=20_000, client_fee=5_000, client_fee_tax=1_000,
                freelancer_fee=5_000, freelancer_fee_tax=1_000)  # fmt: skip
_numbers = count(1)


class Listening:
    """A course that remembers what it was told, and may refuse once."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, str, str]] = []
        self.taken: list[tuple[str, bool]] = []
        self.returns: list[tuple[str, str, Any]] = []
        self.breaks = False

    def settled(self, uow: Any, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        if self.breaks:
            msg = "the course fell over"
            raise RuntimeError(msg)
        self.heard.append((hold, str(kind), str(outcome), str(reason)))

    def taken_back(self, uow: Any, hold: str, *, settled: bool, reason: str) -> None:
        self.taken.append((hold, settled))

    def gone_back(self, uow: Any, hold: str, cause: tuple[str, str], parts: Any, *, released: bool) -> None:
        self.returns.append((hold, cause[0], parts))


class Wire(PaymentProvider):
    """The sandbox behind a wire on which things happen: ``before`` and ``after`` may raise, ``instead`` answers."""

    name, label = "sandbox", "Sandbox behind a wire"

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.before: Callable[[str, Command], Any] = lambda verb, command: None
        self.after: Callable[[str, Command, Answer], Any] = lambda verb, command, answer: answer
        self.instead: Answer | None = None  # what is answered without the sandbox being asked

    @property
    def capabilities(self) -> Capabilities:
        return self.sandbox.capabilities

    def execute(self, command: Command) -> Answer:
        self.before("execute", command)
        if self.instead is not None:
            return self.instead
        return self.after("execute", command, self.sandbox.execute(command))

    def lookup(self, command: Command) -> Answer:
        self.before("lookup", command)
        if self.instead is not None:
            return self.instead
        return self.after("lookup", command, self.sandbox.lookup(command))

    def read(self, message: Any) -> Any:
        return self.sandbox.read(message)

    def objects(self, since: Any, until: Any) -> Any:
        return self.sandbox.objects(since, until)

    def balance(self, currency: str) -> Any:
        return self.sandbox.balance(currency)


@dataclass
class Till:
    """What the tests work at; ``house_like`` for the room's own functions."""

    database: Any
    plugins: Plugins
    marketplace: Any
    wire: Wire
    course: Listening
    folder: Any
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker(self.database)
        jobs.wire(self.worker, self)
        inbox_jobs.wire(self.worker, self, (partial(inbox.take, self),))

    @property
    def clock(self) -> Any:
        return self.database.clock

    def open(self, hold: str = "", amounts: Amounts = PRICE, **kw: Any) -> str:
        hold = hold or f"milestone{next(_numbers)}"
        with self.database.unit(system("tests")) as uow:
            service.open_hold(
                uow, hold=hold, contract="contract1", organisation="client1", freelancer="freelancer1",
                amounts=amounts, provider="sandbox", describe="Audit, part one", **kw,
            )  # fmt: skip
            uow.commit()
        return hold

    def reserve(self, hold: str, kind: CommandKind, cause: str = "", refund: int = 0) -> str:
        what = "approval" if kind is CommandKind.RELEASE else "decision" if kind is CommandKind.SPLIT else "request"
        with self.database.unit(system("tests")) as uow:
            made = service.reserve(
                uow, hold=hold, kind=kind, cause=cause or f"{what}:{next(_numbers)}", by="person:anna", refund=refund
            )
            uow.commit()
        return made

    def run(self, command: str, **kw: Any) -> Answer:
        return service.run(self, command, **kw)

    def pay(self, command: str, way: str = "pay") -> None:
        entry = self.wire.sandbox.books.lookup(command)
        self.wire.sandbox.books.choose(entry.token, way)

    def fund(self, hold: str) -> str:
        command = self.reserve(hold, CommandKind.FUND)
        self.run(command)
        self.pay(command)
        self.run(command)
        return command

    def do(self, hold: str, kind: CommandKind, **kw: Any) -> str:
        command = self.reserve(hold, kind, **kw)
        self.run(command)
        return command

    def drain(self) -> None:
        """Run every wake-up there is, whenever it is due."""
        for _ in range(20):
            for row in self.open_commands():
                self.run(row.id)
            if not self.open_commands():
                return

    def open_commands(self) -> list[Any]:
        with self.database.reading() as session:
            return [c for c in queries.commands(session) if not c.settled]

    def hold(self, hold: str) -> Any:
        with self.database.reading() as session:
            return queries.hold(session, hold)

    def command(self, command: str) -> Any:
        with self.database.reading() as session:
            return queries.command(session, command)

    def commands(self, hold: str) -> list[Any]:
        with self.database.reading() as session:
            return queries.commands(session, hold=hold)

    def balance(self, account: str) -> int:
        with self.database.reading() as session:
            return ledger.balance(session, account, currency="EUR").amount

    def effects(self, kind: str = "") -> list[tuple[str, str, int]]:
        """(effect, key, amount) of all that the referee did."""
        return [(e.effect, e.key, e.amount) for e in self.wire.sandbox.books.effects() if kind in ("", e.effect)]

    def facts(self) -> list[Any]:
        """All that the provider has to tell."""
        return list(self.wire.objects(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)))

    def arrivals(self) -> list[Any]:
        """Money that waits for staff."""
        with self.database.reading() as session:
            return incoming.arrivals(session)

    def findings(self) -> list[Any]:
        seal_all(self.database, self.folder)
        with self.database.reading() as session:
            found = [*verify_ledger(session, folder=self.folder), *verify_payments(session)]
        provider = self.wire.balance("EUR").amount
        if provider != self.balance("psp_clearing"):
            found.append(f"E14: the provider has {provider}, the ledger says {self.balance('psp_clearing')}")
        return found


@pytest.fixture
def make_till(database: Any, marketplace: Any, tmp_path: Any) -> Callable[..., Till]:
    def make(**settings: Any) -> Till:
        checked = SandboxSettings().load(settings)
        desk = Desk("sandbox", checked, SystemClock(), tmp_path / "sandbox", {}, (), "http://localhost", "demo", "EUR",
                    NoActions())  # fmt: skip
        wire = Wire(Sandbox(checked, desk))
        course = Listening()
        database.ports.fill(Course, course)
        enabled = Plugin("sandbox", marketwright_sandbox, marketwright_sandbox.manifest, checked, desk)
        plugins = Plugins((enabled,), payment_providers={"sandbox": Entry("sandbox", wire)})
        database.ports.fill(Gate, OpenGate())
        return Till(database, plugins, marketplace, wire, course, tmp_path / "var")

    return make


@pytest.fixture
def till(make_till: Callable[..., Till]) -> Till:
    return make_till()


@pytest.fixture
def deeds(till):
    """What happens at the sandbox without anybody asking."""
    return Deeds(till.wire.sandbox.books)


@pytest.fixture
def hear(till):
    """Take every fact of the provider's objects, or those given, as messages would bring them."""

    def go(facts=None):
        entry = till.plugins.payment_providers["sandbox"]
        for fact in facts if facts is not None else till.facts():
            inbox.take_fact(till, entry, fact)

    return go
