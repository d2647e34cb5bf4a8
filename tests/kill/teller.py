"""A process that moves money until it reaches a step, says so, and waits to be killed there.

    python teller.py DATABASE FOLDER HOLD KIND STOP

It is test code from end to end: the stops are wrapped around the house from outside, nothing in the house knows them.
"""

import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from marketwright.features.accounts.ports import Gate, OpenGate
from marketwright.features.ledger import jobs as ledger_jobs
from marketwright.features.payments import booking as booking_room
from marketwright.features.payments import jobs, queries, running, service
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.ports import Course, NoCourse
from marketwright.hooks.desk import Desk, NoActions
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.actors import system
from marketwright.kernel.time import SystemClock
from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.store.database import Database
from marketwright.store.jobs import Worker
from marketwright.strategies.payments import CommandKind
from marketwright_sandbox.provider import Sandbox
from marketwright_sandbox.settings import SandboxSettings

PRICE = Amounts("EUR", 100_000, 20_000, 5_000, 1_000, 5_000, 1_000)
CAUSES = {"fund": "request", "release": "approval", "refund": "request", "split": "decision"}
_numbers = count(1)


@dataclass
class Till:
    """A house in miniature with its worker."""

    database: Database
    plugins: Plugins
    marketplace: Marketplace
    worker: Worker
    sandbox: Sandbox


def build(url: str, folder: Path) -> Till:
    database = Database(url, moves=True)
    database.ports.fill(Course, NoCourse())
    database.ports.fill(Gate, OpenGate())
    settings = SandboxSettings().load({})
    desk = Desk("sandbox", settings, SystemClock(), folder / "sandbox", {}, (), "http://x", "test", "EUR", NoActions())
    sandbox = Sandbox(settings, desk)
    marketplace = Marketplace(
        folder=folder, name="Kill", slug="kill", stage=Stage.TEST, languages=("en",), country="FR", currency="EUR",
        time_zone="Europe/Paris", base_url="http://x", theme="", database_url=url, secret_key="k", plugins=(),
    )  # fmt: skip
    plugins = Plugins(payment_providers={"sandbox": Entry("sandbox", sandbox)})
    till = Till(database, plugins, marketplace, Worker(database), sandbox)
    jobs.wire(till.worker, till)
    ledger_jobs.wire(till.worker, database, marketplace)
    return till


def open_hold(till: Till, hold: str) -> None:
    with till.database.unit(system("kill")) as uow:
        service.open_hold(uow, hold=hold, contract="contract1", organisation="client1", freelancer="freelancer1",
                          amounts=PRICE, provider="sandbox")  # fmt: skip
        uow.commit()


def reserve(till: Till, hold: str, kind: str) -> str:
    with till.database.unit(system("kill")) as uow:
        command = service.reserve(
            uow, hold=hold, kind=CommandKind(kind), cause=f"{CAUSES[kind]}:{hold}-{next(_numbers)}", by="person:anna",
            refund=63_000 if kind == "split" else 0,
        )  # fmt: skip
        uow.commit()
    return command


def settle(till: Till) -> None:
    """Work until nothing is open: the payer pays on every page, the worker does the rest, whatever is due when."""
    for _ in range(30):
        till.worker.drain()
        with till.database.reading() as session:
            waiting = [c.id for c in queries.commands(session) if not c.settled]
        if not waiting:
            return
        for command in waiting:
            entry = till.sandbox.books.lookup(command)
            if entry is not None and entry.state == "page":
                till.sandbox.books.choose(entry.token, "pay")
            running.run(till, command)
    msg = f"still open: {waiting}"
    raise SystemExit(msg)


def stop_here(step: str) -> None:
    sys.stdout.write(step + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def arm(till: Till, kind: str, stop: str) -> None:
    """Wrap provider, bookkeeping and run so that the process halts at ``stop`` of a command of ``kind``."""
    verb, _, moment = stop.partition(":")
    for name in ("execute", "lookup"):
        original = getattr(till.sandbox, name)

        def wrapped(command: Any, *, original: Any = original, name: str = name) -> Any:
            mine = command.kind == kind and name == verb
            if mine and moment == "before":
                stop_here(stop)
            answer = original(command)
            if mine and moment == "after":
                stop_here(stop)
            return answer

        setattr(till.sandbox, name, wrapped)
    post = booking_room.post

    def booking(uow: Any, **kw: Any) -> str:
        made = post(uow, **kw)
        with till.database.reading() as session:
            row = queries.command(session, kw["cause_id"])
        if stop == "booking" and row is not None and row.kind == kind:
            stop_here(stop)
        return made

    booking_room.post = booking  # type: ignore[assignment]
    run = running.run

    def running_on(house: Any, command: str, **kw: Any) -> Any:
        answer = run(house, command, **kw)
        with till.database.reading() as session:
            row = queries.command(session, command)
        if stop == "settled" and row is not None and row.kind == kind and row.settled:
            stop_here(stop)
        return answer

    running.run = running_on
    jobs.run = running_on  # type: ignore[attr-defined]


def main(url: str, folder: str, hold: str, kind: str, stop: str) -> None:
    till = build(url, Path(folder))
    arm(till, kind, stop)
    command_kind = "release" if kind == "payout" else kind
    reserve(till, hold, command_kind)
    if stop == "reserved":
        stop_here(stop)
    settle(till)
    sys.stdout.write("through\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
