"""A scratch marketplace at work: a folder and a database of its own, web, workers and the double as real processes."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from threading import RLock
from typing import Any

from marketwright.app import build_house
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.passwords import hash_password
from marketwright.features.desk.life import upgrade_tables
from marketwright.features.missions.tables import Mission
from marketwright.features.payments import payees
from marketwright.features.payments.destinations import COOLING, cooling_until
from marketwright.features.payments.incoming import arrivals
from marketwright.features.payments.reconciling import reconcile
from marketwright.hooks.http import STAND_INS
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.ids import new_id
from marketwright.settings.loader import load_marketplace
from marketwright.store.database import move_clock
from marketwright.store.migrate import upgrade
from marketwright.store.unit import UnitOfWork
from marketwright.testing.agreed import PASSWORD, Stage
from marketwright.testing.drill.double import Double
from marketwright.testing.drill.hiring import client_email, hire, identify, meet_freelancer
from marketwright.testing.drill.nursery import Cold, Nursery, Process
from marketwright.testing.drill.people import Broken, Person, ask, persistently, until
from marketwright.testing.live import free_port
from marketwright.web.house import House

WORK = 100_000  # minor units of a milestone's work
PARTS = 20  # milestones of a contract
STAFF, SECOND, MOVER = "staff@example.org", "second@example.org", "mara@example.org"
BESIDE = ("core_matching", "commission", "standard_contracts")  # plugins of the site, beside its provider's
START = 300.0  # seconds for a start from nothing on however busy a machine; who has ended is not waited for
COLD = 20  # of so many starts after a kill one is from nothing
_TOML = """plugins = [{plugins}]

[marketplace]
name = "Drill"
slug = "drill"
stage = "test"
languages = ["en"]
country = "FR"
currency = "EUR"

[deal]
provider = "{provider}"
processes = ["milestones"]
"""


@dataclass(slots=True)
class Deal:
    """One milestone of a signed contract; its id is that of its hold. ``course`` is what its people mean to do."""

    contract: str
    hold: str
    course: str = "release"
    visited: str = ""  # the funding whose page was visited last
    refusals: int = 0
    deeds: int = 0  # how many of its bank's deeds are done
    bank_is_done: bool = False
    paid_by: str = ""  # the funding that its bank has to do with
    bank: RLock = field(default_factory=RLock)
    looks: int = 0
    look_at: float = 0.0  # when somebody looks at it again, monotonic
    client: int = 0  # which of the clients
    moves: bool = False  # its freelancer is the one who changes their bank
    asked_back: bool = False  # a part was asked back after the release

    def step(self, name: str) -> str:
        """The address of a step."""
        return f"/contracts/{self.contract}/milestones/{self.hold}/{name}"


@dataclass
class Site:
    """The running marketplace. ``workers`` is how many worker processes there are, ``people`` how many clients."""

    folder: Path
    database_url: str
    provider: str
    double_command: Sequence[str]
    workers: int = 1
    people: int = 1
    port: int = field(default_factory=free_port)
    processes: dict[str, Process] = field(default_factory=dict)
    starts: int = 0
    cold: int = 0
    crashes: list[str] = field(default_factory=list)  # what has ended by itself
    hunted: bool = False  # whether somebody kills its processes now, and starts them again
    lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = self.folder / "var"
        self.books = self.var / "plugins" / self.provider
        self.double = Double(free_port())
        self._nursery: Nursery | None = None
        self.stage: Stage | None = None
        self.stages: list[Stage] = []  # one for each client, with the freelancer they hire
        self.clients: list[Person] = []
        self.environment = dict(os.environ)
        self.began = datetime.now(UTC)
        self._numbers = count(self.people + self.people % 2, 2)  # even: of clients who hire a freelancer of their own

    @property
    def plugin(self) -> str:
        """The plugin that brings the provider."""
        return self.provider

    @property
    def names(self) -> list[str]:
        """The processes that belong to the site."""
        return ["web", *(f"worker{n}" for n in range(1, self.workers + 1)), "double"]

    # -- from nothing to work --------------------------------------------------------------------------------------

    def open(self) -> None:
        """Write the folder, make the schema and the people, start everything; returns when all is at work."""
        self.books.mkdir(parents=True)
        self.start("double")
        known = self.double.known
        self._write(known.get("settings", {}))
        self.environment = os.environ | {
            "MARKETWRIGHT_BASE_URL": self.url, "MARKETWRIGHT_DATABASE_URL": self.database_url,
            STAND_INS: " ".join(f"{h}={o}" for h, o in known.get("hosts", {}).items()),
            "PYTHONUNBUFFERED": "1", **known.get("environment", {}),
        }  # fmt: skip
        os.environ.update({k: self.environment[k] for k in (STAND_INS, *known.get("environment", {}))})
        nursery = Nursery(self.environment, self.var / "nursery.log")
        self.house = self._make_house()
        nursery.warm(self.folder, self.double_module)
        self._nursery = nursery
        for name in self.names[:-1]:
            self.start(name)
        assert self.stage is not None
        for who in (*{s.freelancer for s in self.stages}, self.mover_id):
            self._onboard(who)
        self.mover, self.staff = (Person(self.url).sign_in(email, PASSWORD) for email in (MOVER, STAFF))
        self.freelancers = {name: Person(self.url).sign_in(email, PASSWORD) for name, email in self._emails.items()}
        self.clients = [Person(self.url).sign_in(client_email(n), PASSWORD) for n in range(len(self.stages))]

    @property
    def double_module(self) -> str:
        """The module that is the double's program, '' for another kind of program."""
        command = list(self.double_command)
        return command[2] if len(command) == 3 and command[:2] == [sys.executable, "-m"] else ""

    def _write(self, settings: Mapping[str, Any]) -> None:
        plugins = ", ".join(f'"{p}"' for p in (*BESIDE, self.provider))
        text = _TOML.format(plugins=plugins, provider=self.provider)
        if settings:
            text += f"\n[plugin.{self.provider}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in settings.items())
        (self.folder / "marketplace.toml").write_text(text, "utf-8")

    def _make_house(self) -> House:
        marketplace = load_marketplace(self.folder, self.environment)
        house = build_house(marketplace)
        upgrade(house.database)
        for outcome in upgrade_tables(house):
            if outcome.error:
                raise Broken("the tables of %(plugin)s: %(why)s", plugin=outcome.plugin, why=outcome.error)
        self.stage = Stage(house).meet()
        self._emails = {self.stage.freelancer: "tomasz@example.org"}
        with self.stage.unit() as uow:
            self.staff_ids = [hire(uow, email) for email in (STAFF, SECOND)]
            self.mover_id = meet_freelancer(uow, MOVER)
            self.stages = [self.stage, *(self._meet_client(uow, n) for n in range(1, self.people))]
            uow.commit()
        return house

    def _meet_client(self, uow: UnitOfWork, number: int) -> Stage:
        """One more client; every other one hires a freelancer of their own."""
        assert self.stage is not None
        found = copy(self.stage)
        found.client = accounts.create_account(uow, email=client_email(number), name=f"Client {number}", locale="en",
                                               is_freelancer=False, password_hash=hash_password(PASSWORD))  # fmt: skip
        found.organisation = accounts.create_organisation(
            uow, owner=found.client, name=f"Clinic {number}", country="FR", city="Lille", size=40
        )
        identify(uow, "organisation", found.organisation, f"Clinic {number}")
        found.mission = new_id()
        row = uow.session.get_one(Mission, self.stage.mission)
        values = {c.key: getattr(row, c.key) for c in Mission.__table__.columns}
        uow.session.add(Mission(**values | {"id": found.mission, "organisation_id": found.organisation,
                                            "created_by": found.client}))  # fmt: skip
        if number % 2 == 0:
            email = f"freelancer{number}@example.org"
            found.freelancer = meet_freelancer(uow, email)
            self._emails[found.freelancer] = email
        return found

    def _onboard(self, who: str) -> None:
        """A freelancer fills in what the provider asks for before it can pay them, where it asks."""
        entry = self.house.plugins.payment_providers[self.provider]
        if not entry.ask("capabilities", lambda p: p.capabilities).onboarding:
            return
        back = f"{self.url}/account/getting-paid/return"

        def ready() -> bool:  # a busy machine may need more than the time that a person waits
            page = payees.ask(self.house, self.provider, who, return_to=back, country="FR", language="en")
            if page:
                self.double.visit(page)
            payees.look(self.house, self.provider, who)
            with self.house.database.reading() as session:
                return payees.is_ready(session, self.provider, who)

        until(ready, f"a freelancer can be paid through {self.provider}")

    def newcomers(self) -> int:
        """One more client and a freelancer of their own, who opens an account at the provider; the client's number."""
        assert self.stage is not None
        with self.stage.unit() as uow:
            number = next(self._numbers)  # never again, should a fault keep these two from coming to an account
            stage = self._meet_client(uow, number)
            uow.commit()
        self._onboard(stage.freelancer)
        self.freelancers[stage.freelancer] = Person(self.url).sign_in(self._emails[stage.freelancer], PASSWORD)
        client = Person(self.url).sign_in(client_email(number), PASSWORD)
        with self.lock:
            self.clients.append(client)
            self.stages.append(stage)
            return len(self.stages) - 1

    @property
    def strange(self) -> int:
        """How often somebody who had signed in was sent to do so again."""
        return sum(p.strange for p in {*self.clients, self.mover, self.staff, *self.freelancers.values()})

    def person_of(self, deal: Deal) -> Person:
        """The freelancer of ``deal``, at their browser."""
        return self.mover if deal.moves else self.freelancers[self.freelancer_of(deal)]

    def freelancer_of(self, deal: Deal) -> str:
        """Their account."""
        return self.mover_id if deal.moves else self.stages[deal.client].freelancer

    def client_of(self, deal: Deal) -> Person:
        """The client of ``deal``, at their browser."""
        return self.clients[deal.client]

    def actor_of(self, deal: Deal) -> Actor:
        """The same as an actor."""
        assert self.stage is not None
        return self.stage.actor(self.freelancer_of(deal))

    def staff_member(self, number: int) -> Actor:
        """One of the two people of the staff as an actor."""
        return Actor(kind="person", id=self.staff_ids[number], name="Staff", staff=frozenset(["admin", "finance"]))

    def contract(self, parts: int = PARTS, *, moves: bool = False, of: int | None = None) -> list[Deal]:
        """A signed contract with ``parts`` milestones, through the services; ``moves`` as in ``Deal``.

        ``of`` is the number of its client, any of them otherwise.
        """
        number = Random(new_id()).randrange(len(self.stages)) if of is None else of
        stage = copy(self.stages[number])
        stage.freelancer = self.mover_id if moves else stage.freelancer
        with stage.unit() as uow:
            row = uow.session.get_one(Mission, stage.mission)
            values = {c.key: getattr(row, c.key) for c in Mission.__table__.columns}
            stage.mission = new_id()
            uow.session.add(Mission(**values | {"id": stage.mission}))
            uow.commit()
        stage.signed(*(WORK + n for n in range(parts))).begin_all()
        return [Deal(stage.contract, hold, client=number, moves=moves) for hold in stage.milestones]

    # -- processes -------------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        """Start one of ``names``, forked or (one of ``COLD``, and all before there is a nursery) from nothing.

        Returns when it is at work.
        """
        log = self.var / f"{name}.log"
        log.touch()
        end = log.stat().st_size
        self.processes[name] = process = self._begin(name, log)

        def up() -> bool:
            if not process.lives():
                raise Broken("%(name)s has ended by itself\n%(log)s", name=name, log=self.log())
            if name == "double":
                return self.double.answers()
            if name == "web":
                return ask("GET", f"{self.url}/healthz").status == 200
            with log.open("rb") as said:
                said.seek(end)
                return b"is at work" in said.read()

        until(up, f"{name} is at work", patience=START, pause=0.02)

    def _begin(self, name: str, log: Path) -> Process:
        if name == "double":
            module, command = self.double_module, list(self.double_command)
            arguments = ["--port", str(self.double.port), "--folder", str(self.books), "--webhook",
                         f"{self.url}/in/{self.provider}"]  # fmt: skip
        else:
            module, command = "marketwright", [sys.executable, "-m", "marketwright"]
            arguments = ["--folder", str(self.folder), *(("run", "--port", str(self.port)) if name == "web"
                                                         else ("worker",))]  # fmt: skip
        with self.lock:
            self.starts += 1
            if module and self._nursery is not None and self.starts % COLD:
                return self._nursery.start(module, arguments, log)
            self.cold += 1
        return Cold([*command, *arguments], log, self.environment)

    def kill(self, name: str) -> bool:
        """``kill -9`` by its own id; false when it was dead already."""
        there = self.processes[name].kill()
        if not there:
            self.crashes.append(name)
        return there

    def keep_up(self) -> None:
        """Start again what has ended by itself, as a keeper of services does; ``crashes`` names it."""
        for name in [] if self.hunted else self.names:
            if name in self.processes and not self.processes[name].lives():
                self.crashes.append(name)
                self.start(name)

    def hire(self, count: int) -> None:
        """Have ``count`` workers at least."""
        for number in range(self.workers + 1, count + 1):
            self.start(f"worker{number}")
            self.workers = number

    def let_it_cool(self) -> bool:
        """Move the site's clock past the time in which a new bank account is not paid to; false where none cools."""
        with self.house.database.unit(system("drill")) as uow:
            if cooling_until(uow.session, self.mover_id, uow.now) is None:
                return False
            move_clock(uow, COOLING + timedelta(hours=1))
            uow.commit()
        self.house.database.clock.forget()
        return True

    def reconcile(self, window: timedelta | None = None, *, earlier: timedelta = timedelta(minutes=1)) -> list[str]:
        """What the hourly job does, over the whole drill or its last ``window``; what does not match, in words.

        ``earlier`` as for :func:`reconcile`.
        """
        now = datetime.now(UTC)
        began = self.began - timedelta(minutes=5)
        since = now - window if window else began
        found: dict[str, str] = {}
        while since < now:
            back = earlier if window else since - began + earlier  # all, for what was heard of late
            report = persistently(partial(reconcile, self.house, self.provider, since, now, earlier=back))
            found |= {odd.what: f"E14 {odd.what} ({odd.kind}): {odd.why}" for odd in report.odd}
            if report.unbalanced:
                found["balances"] = f"E14 {report.unbalanced}"
            if report.trouble:
                return [*found.values(), f"E14 {report.trouble}"]
            since = report.until
        return [text for what, text in found.items() if what != "messages"]

    def give_back(self) -> None:
        """Staff sends back what came and nobody asked for."""
        with self.house.database.reading() as session:
            waiting = [row.id for row in arrivals(session) if row.open.amount]
        for name in waiting:
            self.staff.post(f"/console/arrivals/{name}/give-back", reason="Nobody asked for it.")

    def close(self) -> None:
        """End what was started, and nothing else."""
        for process in self.processes.values():
            if isinstance(process, Cold):
                process.kill()
        if self._nursery is not None:
            self._nursery.close()
        if self.stage is not None:
            self.house.database.dispose()

    def log(self) -> str:
        """The end of what each process wrote."""
        return "\n".join(f"== {f.name}\n{f.read_text()[-3000:]}" for f in sorted(self.var.glob("*.log")))
