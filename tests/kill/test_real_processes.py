"""Web and worker killed with -9 at each step of funding, release and payout, and started again: the real processes.

People sign in, pay on the provider's page, deliver and approve over HTTP. The step of each kill is certain: the file
that would be written next is locked at the very moment at which that step is seen in the database or in the referee's
books, and who waits there is killed there. Nothing may be lost, done twice, or stuck.
"""

import importlib.util
import json
import subprocess
import sys
from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from marketwright.app import build_house
from marketwright.features.missions.tables import Mission
from marketwright.kernel.ids import new_id
from marketwright.settings.loader import load_marketplace
from marketwright.store.migrate import upgrade
from marketwright.testing.agreed import PASSWORD, Stage
from marketwright.testing.live import bake

_spec = importlib.util.spec_from_file_location("street", Path(__file__).with_name("street.py"))
street = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(street)
until, Missed, Waiting = street.until, street.Missed, street.Waiting

TEMPLATE = Path(__file__).parents[2] / "templates-cookiecutter" / "marketplace"
WORK = 100_000  # minor units
MOMENTS = {
    "asked": "the request is sent, nothing is reserved",
    "reserved": "the command is committed, PENDING",
    "sent": "SENT, the provider has done nothing yet",
    "provider": "the provider has done it, we do not know",
    "paid": "the client has paid on the page, we do not know",
    "applied": "hold, ledger and course are committed",
}
STEPS = (
    "fund:asked", "fund:reserved", "fund:sent", "fund:provider", "fund:paid", "fund:applied",
    "release:asked", "release:reserved", "release:sent", "release:provider", "release:applied",
    "payout:sent", "payout:provider", "payout:applied",
)  # fmt: skip
WAYS = {"fund": "fund", "release": "approve", "payout": "approve"}
AFTER = ("SENT", "PAGE", "UNKNOWN", "CONFIRMED")
MOVEMENTS = ["charge", "fee", "payout", "transfer"]
TRIES = 5


@dataclass
class Deal:
    """One signed contract with one milestone."""

    contract: str
    hold: str

    def step(self, name):
        return f"/contracts/{self.contract}/milestones/{self.hold}/{name}"


@dataclass
class Town:
    """The running marketplace, its two people, and their deals."""

    street: object
    client: object
    freelancer: object
    fresh: list = field(default_factory=list)
    ready: list = field(default_factory=list)
    deals: list = field(default_factory=list)
    kills: Counter = field(default_factory=Counter)

    def kill(self, name, step):
        self.street.kill(name)
        self.kills[step, name] += 1

    def click(self, deal, name):
        return self.client.post(deal.step(name))

    def behind(self, deal, name):
        return Waiting(lambda: self.click(deal, name))

    def pay(self, deal):
        """Pay on the provider's page; returns the address that it sends the payer back to."""
        page = self.street.house.one(
            "SELECT page FROM payment_commands WHERE hold_id = ? AND kind = 'fund' AND state = 'PAGE'", deal.hold
        )
        if not page or self.street.at_provider(deal.hold, "fund") != "page":
            return ""
        assert "Pay" in self.client.ask("GET", page).text
        return self.client.ask("POST", page, {"way": "pay"}).location

    def nudge(self, deal, target):
        """What its people would do next; true once ``deal`` has come to ``target``."""
        state, pending = self.street.milestone(deal.hold)
        if pending:
            back = self.pay(deal) if pending == "fund" else ""
            if back:
                self.client.ask("GET", back)
        elif state == "to_fund":
            self.click(deal, "fund")
        elif state == "work":
            self.freelancer.post(deal.step("deliver"), note="The report, as agreed.")
        elif state == "delivered" and target != "delivered":
            self.click(deal, "approve")
        return state == target == "delivered" or self.street.state(deal.hold, "payout") == "CONFIRMED"

    def bring(self, deals, target):
        waiting = list(deals)

        def all_there():
            waiting[:] = [d for d in waiting if not self.nudge(d, target)]
            return not waiting

        until(all_there, lambda: f"{target}: {self.street.stuck(waiting)}", patience=600, pause=0.05)


def make_deals(folder, count):
    """People and ``count`` signed contracts, through the services."""
    house = build_house(load_marketplace(folder, {}))
    upgrade(house.database)
    first = Stage(house).meet()
    deals = []
    for _ in range(count):
        stage = copy(first)
        with stage.unit() as uow:
            stage.mission = another_mission(uow, first.mission)
            uow.commit()
        stage.signed(WORK)
        deals.append(Deal(stage.contract, stage.milestones[0]))
    house.database.dispose()
    return deals


def another_mission(uow, like):
    row = uow.session.get_one(Mission, like)
    values = {c.key: getattr(row, c.key) for c in Mission.__table__.columns}
    made = new_id()
    uow.session.add(Mission(**values | {"id": made}))
    uow.flush()
    return made


@pytest.fixture
def found_town(tmp_path):
    """Make a town with so many deals; it is shut down after the test."""
    opened = []

    def make(count):
        folder = bake(tmp_path, TEMPLATE, project_name="Kill", project_slug="kill", niche="blank", theme="none")
        with (folder / "marketplace.toml").open("a") as file:
            here = street.Street(folder)
            file.write(f'\n[plugin.sandbox]\norigin = "{here.provider}"\n')
        deals = make_deals(folder, count)
        opened.append(here)
        here.open()
        people = [street.Person(here.url).sign_in(f"{n}@example.org", PASSWORD) for n in ("helene", "tomasz")]
        return Town(here, *people, fresh=list(deals), deals=deals)

    yield make
    for here in opened:
        here.close()


# -- how each moment is reached: every one of these ends with the processes held still there -------------------------


def hold_asked(town, deal, kind, _who):
    town.street.house.shut()
    request = town.behind(deal, WAYS[kind])
    for _ in range(100):  # it cannot be answered: nothing can be reserved
        assert request.answer is None
        street._PAUSE.wait(0.002)
    return request


def reserve(town, deal, kind, who, *, provider_silent=False):
    """Let ``who`` carry out what a person asks for: the other process stands still, one way or the other."""
    here = town.street
    here.hold_quietly("worker")
    if who == "worker":
        here.hold_quietly("web")
    if provider_silent:
        here.books.shut()
    request = town.behind(deal, WAYS[kind])
    if who == "worker":
        here.creep("web", lambda: here.state(deal.hold, kind), "PENDING", AFTER)
        if not here.house.shut_now():  # it has gone on to take the command: the worker is to take it
            town.kill("web", f"{kind}:reserved")
        here.house.open()
    return request


def hold_reserved(town, deal, kind, who):
    here = town.street
    request = reserve(town, deal, kind, who)
    here.creep(who, lambda: here.state(deal.hold, kind), "CLAIMED" if who == "worker" else "PENDING", AFTER)
    return request


def hold_sent(town, deal, kind, who):
    here = town.street
    if kind == "payout":
        request, who = released(town, deal), "worker"
        here.books.shut()
    else:
        request = reserve(town, deal, kind, who, provider_silent=True)
    here.wake(who)
    until(lambda: sent_or_missed(here.state(deal.hold, kind)), f"{kind} is sent")
    return request


def sent_or_missed(state):
    if state in ("PAGE", "UNKNOWN", "CONFIRMED"):
        raise Missed(state)
    return state == "SENT"


def hold_provider(town, deal, kind, who):
    here = town.street
    request = hold_sent(town, deal, kind, who)
    here.house.shut()
    if here.state(deal.hold, kind) != "SENT":
        raise Missed
    here.books.open()
    done = "page" if kind == "fund" else "confirmed"
    until(lambda: here.at_provider(deal.hold, kind) == done, f"the provider has done the {kind}")
    return request


def paying(town, deal, who):
    """The client has paid on the provider's page; ``web`` asks how it stands, the worker is told by a message."""
    here = town.street
    town.click(deal, "fund")
    until(lambda: here.state(deal.hold, "fund") == "PAGE", "the provider's page is known")
    here.hold_quietly("worker")
    back = town.pay(deal)
    assert here.at_provider(deal.hold, "fund") == "confirmed"
    if who == "worker":
        return Waiting(lambda: street.Answer(200))
    here.hold_quietly("web")
    return Waiting(lambda: town.client.ask("GET", back))


def hold_paid(town, deal, _kind, who):
    here = town.street
    request = paying(town, deal, who)
    if who == "worker":
        here.creep("worker", lambda: here.told(deal.hold), "CLAIMED", ("CONFIRMED",))
        return request
    here.house.shut()
    here.wake("web")
    for _ in range(100):  # it cannot be answered: nothing can be booked
        assert request.answer is None
        street._PAUSE.wait(0.002)
    return request


def hold_applied(town, deal, kind, who):
    here = town.street
    if kind == "payout":
        request, who = released(town, deal), "worker"
    else:
        request = paying(town, deal, who) if kind == "fund" else reserve(town, deal, kind, who)
    here.creep(who, lambda: here.state(deal.hold, kind), "CONFIRMED")
    if kind == "release":
        assert here.state(deal.hold, "payout") == "PENDING"
    return request


def released(town, deal):
    """Released and booked, the worker asleep: the payout waits for it."""
    town.street.hold_quietly("worker")
    answer = town.click(deal, "approve")
    assert town.street.state(deal.hold, "payout") == "PENDING", answer.text
    return Waiting(lambda: answer)


HOLD = {"asked": hold_asked, "reserved": hold_reserved, "sent": hold_sent, "provider": hold_provider,
        "paid": hold_paid, "applied": hold_applied}  # fmt: skip


def hit(town, step, victims, *, wait):
    """Kill ``victims`` at ``step`` of a deal of its own, then start them again."""
    kind, _, moment = step.partition(":")
    here = town.street
    queue = town.fresh if kind == "fund" else town.ready
    for _ in range(TRIES):
        deal = queue.pop(0)
        try:
            request = HOLD[moment](town, deal, kind, victims[0])
        except Missed:
            here.go_on()
            here.start(*here.missing())
            town.bring([deal], "delivered" if kind == "fund" else "paid")
            continue
        for name in victims:
            if name in here.running:
                town.kill(name, step)
        if not wait:
            here.let_leases_run_out()
        here.go_on()
        here.start(*here.missing())
        request.over()
        return
    raise AssertionError(f"{step} was missed {TRIES} times")


def what_is_wrong(town):
    """Everything that is lost, done twice or stuck, in words."""
    here = town.street
    wrong = []
    printed = subprocess.run(
        [sys.executable, "-m", "marketwright_sandbox", "--folder", str(here.books_folder), "--effects"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    effects = json.loads(printed.stdout)
    for deal in town.deals:
        seen = sorted(e["effect"] for e in effects if e["hold"] == deal.hold)
        amounts = {e["effect"]: e["amount"] for e in effects if e["hold"] == deal.hold}
        if seen != MOVEMENTS or amounts["charge"] != amounts["transfer"] + amounts["fee"]:
            wrong.append(f"{deal.hold} at the referee: {seen} {amounts}")
        if here.milestone(deal.hold) != ("released", ""):
            wrong.append(f"{deal.hold} is {here.milestone(deal.hold)}")
    for what, statement in LEFTOVERS.items():
        wrong += [f"{what}: {row}" for row in here.house.all(statement)]
    ours = here.house.one("SELECT sum(amount) FROM ledger_legs WHERE kind = 'psp_clearing'")
    sign = {"charge": 1, "payout": -1, "refund": -1, "provider_fee": -1}
    theirs = sum(sign.get(e["effect"], 0) * e["amount"] for e in effects)
    if ours != theirs:
        wrong.append(f"E14: ledger {ours}, provider {theirs}")
    verified = here.command("ledger", "verify")
    if verified.returncode:
        wrong.append(verified.stdout + verified.stderr)
    return wrong


LEFTOVERS = {
    "unsettled command": "SELECT id, kind, state FROM payment_commands WHERE state NOT IN ('CONFIRMED', 'FAILED')",
    "confirmed twice": "SELECT hold_id, kind, count(*) FROM payment_commands WHERE state = 'CONFIRMED' "
                       "GROUP BY hold_id, kind HAVING count(*) > 1",
    "unsettled hold": "SELECT id, state, held FROM holds WHERE state <> 'SETTLED' OR held OR paid_out <> paid",
    "open contract": "SELECT id, state FROM contracts WHERE state <> 'ENDED'",
    "dead job": "SELECT kind, last_error FROM jobs WHERE state = 'dead'",
    "message not applied": "SELECT event_id, state FROM inbox_messages WHERE state = 'stored'",
    "event not told": "SELECT name, subject FROM events WHERE at > (SELECT min(at) FROM payment_facts) AND id NOT IN "
                      "(SELECT event_id FROM event_marks)",
    "unsealed": "SELECT id FROM ledger_transactions WHERE id NOT IN (SELECT transaction_id FROM ledger_seals)",
}  # fmt: skip
BUSY = (
    "SELECT count(*) FROM jobs WHERE state = 'leased' OR (state = 'ready' AND run_at <= "
    "strftime('%Y-%m-%d %H:%M:%f', 'now'))"
)


def kill_all(town, plan, capsys, *, wait):
    """Every kill of ``plan``, all deals brought to their payout, the table printed; what is wrong afterwards."""
    for stage, kinds in (("delivered", ("fund",)), ("paid", ("release", "payout"))):
        for step, victims in plan:
            if step.partition(":")[0] in kinds:
                hit(town, step, victims, wait=wait)
        town.bring(town.deals, stage)
        town.ready = list(town.deals)
    until(lambda: town.street.house.one(BUSY) == 0, "the worker has nothing left to do", patience=180, pause=0.05)
    with capsys.disabled():
        sys.stdout.write(f"\n  {'kills by step':<18}{'web':>5}{'worker':>8}\n")
        for step in (s for s in STEPS if s in dict(plan)):
            said = MOMENTS[step.partition(":")[2]]
            sys.stdout.write(f"  {step:<18}{town.kills[step, 'web']:>5}{town.kills[step, 'worker']:>8}   {said}\n")
    assert all(town.kills[step, name] for step, victims in plan for name in victims)


SAMPLE = [
    ("fund:asked", ("web",)), ("fund:sent", ("worker",)), ("fund:paid", ("web",)), ("release:reserved", ("web",)),
    ("release:provider", ("worker",)), ("release:applied", ("web", "worker")), ("payout:provider", ("worker",)),
]  # fmt: skip
EVERY = [(step, victims) for step in STEPS for victims in (("web",), ("worker",), ("web", "worker"))]


def test_e3_e5_killed_once_at_every_moment_all_money_arrives_once(found_town, capsys):
    town = found_town(6)
    kill_all(town, SAMPLE, capsys, wait=False)
    assert what_is_wrong(town) == []


@pytest.mark.slow
def test_e3_e5_j8_web_worker_and_both_killed_at_every_step_with_all_leases_waited_for(found_town, capsys):
    town = found_town(27)
    kill_all(town, EVERY, capsys, wait=True)
    assert what_is_wrong(town) == []
