"""What people do with their deals: pay in, hand over, approve, give back, ask for a decision, one step at a time."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import Milestone
from marketwright.features.payments.tables import Hold, PaymentCommand
from marketwright.testing.agreed import PASSWORD
from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.people import PAUSE, Answer, Person
from marketwright.testing.drill.site import PARTS, Deal, Site

ENDS = ("released", "refunded", "shared", "cancelled")
COURSES = ("release",) * 6 + ("give_back", "refund", "split", "decline")
RETURNS = 0.6  # how many payers let their browser take them back to the site
AT_ONCE = 40  # deals under way at a time


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deal stands: state and pending step of its milestone, its newest command, what is left to pay out."""

    state: str
    pending: str
    command: str
    command_state: str
    page: str
    owed: bool
    funding: str
    refused: str  # the payout that was refused last, ''

    @property
    def over(self) -> bool:
        """Whether it has ended and nobody is owed anything."""
        return self.state in ENDS and not self.pending and not self.owed


@dataclass
class Ledger:
    """What the site has acknowledged to people and senders, to be held against it at the end."""

    steps: list[tuple[str, str]] = field(default_factory=list)  # (hold, step)
    messages: set[str] = field(default_factory=set)
    wrongly: list[str] = field(default_factory=list)  # what was granted and must not have been
    lock: RLock = field(default_factory=RLock)

    def step(self, hold: str, step: str) -> None:
        """The site said that ``step`` of ``hold`` is taken."""
        with self.lock:
            self.steps.append((hold, step))


def standing(session: Session, deal: Deal) -> Standing:
    """How ``deal`` stands now."""
    m, c, h = Milestone, PaymentCommand, Hold
    state, pending, command = session.execute(
        select(m.state, m.pending, m.command).where(m.id == deal.hold)
    ).one()
    newest = session.execute(select(c.state, c.page).where(c.id == command)).first() if command else None
    hold = session.execute(select(h.paid, h.paying_out, h.paid_out, h.funding).where(h.id == deal.hold)).first()
    paid, paying, paid_out, funding = hold or (0, 0, 0, "")
    refused = paid > paying and session.scalar(
        select(c.id)
        .where(c.hold_id == deal.hold, c.kind == "payout", c.state == "FAILED")
        .order_by(c.created_at.desc())
    )
    return Standing(state, pending, command, newest[0] if newest else "", newest[1] if newest else "",
                    paid > paid_out, funding, refused or "")  # fmt: skip


class Play:
    """The people of a site at their deals."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.seed, self.dice, self.acked = site, seed, Random(seed), Ledger()
        self.deals: list[Deal] = []
        self.active: list[Deal] = []
        self.finished = 0
        self.lock = RLock()

    def read(self, what: Callable[[Session], Any]) -> Any:
        """``what`` of a session that only reads."""
        with self.site.house.database.reading() as session:
            return what(session)

    def more(self, parts: int, *, course: str = "") -> list[Deal]:
        """A fresh contract's deals, each with a course of its own."""
        made = self.site.contract(parts)
        with self.lock:
            for deal in made:
                deal.course = course or self.dice.choice(COURSES)
            self.deals += made
        return made

    def click(self, who: Person, deal: Deal, step: str, **form: str) -> Answer:
        """Take a step; what the site says is taken is written down."""
        answer = who.post(deal.step(step), **form)
        if answer.done:
            self.acked.step(deal.hold, step)
        return answer

    def pay(self, deal: Deal, now: Standing, choice: str = "pay") -> str:
        """Go to the provider's page and pay; the address that the payer is sent back to."""
        back = ""
        with suppress(Silent):
            back = self.site.double.visit(now.page, choice)
            deal.visited = now.command
        return back

    def nudge(self, deal: Deal, dice: Random) -> bool:
        """What its people would do next; true once the deal is over."""
        now: Standing = self.read(lambda s: standing(s, deal))
        if now.over:
            return True
        if now.refused:
            self.site.staff.post(f"/console/payments/{now.refused}/again")
        elif now.pending == "fund":
            self._funding(deal, now, dice)
        elif not now.pending and now.state not in ENDS:
            self._step(deal, now)
        return False

    def _funding(self, deal: Deal, now: Standing, dice: Random) -> None:
        client = self.site.client
        if now.command_state != "PAGE":
            client.ask("GET", f"/payments/return/{now.command}")
            return
        if deal.visited == now.command:  # back at the site; a page where the card was declined may still be open
            client.ask("GET", f"/payments/return/{now.command}")
            deal.visited = ""
            return
        choice = "decline" if deal.course == "decline" and not deal.refusals else "pay"
        deal.refusals += choice == "decline"
        back = self.pay(deal, now, choice)
        if back and dice.random() < RETURNS:
            client.ask("GET", back)

    def _step(self, deal: Deal, now: Standing) -> None:
        site, why = self.site, "As agreed between us."
        if now.state == "to_fund":
            self.click(site.client, deal, "fund")
        elif now.state == "work" and deal.course == "give_back":
            self.click(site.freelancer, deal, "give_back", note=why)
        elif now.state == "work" and deal.course in ("refund", "split"):
            self.click(site.client, deal, "ask_decision_work", note=why)
        elif now.state == "work":
            self.click(site.freelancer, deal, "deliver", note="The report, as agreed.")
        elif now.state == "changes":
            self.click(site.freelancer, deal, "deliver_again", note="The report, amended.")
        elif now.state == "delivered":
            self.click(site.client, deal, "approve")
        elif now.state == "deciding":
            amount = {"amount": "500.01"} if deal.course == "split" else {}
            self.click(site.staff, deal, f"decide_{deal.course}", note=why, password=PASSWORD, **amount)

    # -- many at once ----------------------------------------------------------------------------------------------

    def take_up(self, count: int = AT_ONCE) -> None:
        """Have ``count`` deals under way."""
        while len(self.active) < count:
            fresh = self.more(min(PARTS, count - len(self.active)))
            with self.lock:
                self.active += fresh

    def stroll(self, stop: Event, number: int) -> None:
        """One of several people threads: nudge deals at random until ``stop`` is set."""
        dice = Random(self.dice.random() + number)
        while not stop.is_set():
            with self.lock:
                deal = dice.choice(self.active) if self.active else None
            if deal is None:
                PAUSE.wait(0.05)
            elif self.nudge(deal, dice):
                with self.lock, suppress(ValueError):
                    self.active.remove(deal)
                    self.finished += 1

    def at_work(self, stop: Event, people: int) -> list[Thread]:
        """Start so many strolling threads."""
        threads = [Thread(target=self.stroll, args=(stop, n), daemon=True) for n in range(people)]
        for thread in threads:
            thread.start()
        return threads

    def bring(self, deals: Sequence[Deal], *, to: str = "", patience: float) -> list[Deal]:
        """Nudge ``deals`` until each is over, or stands in state ``to``; those that are not by then."""
        waiting, end, dice = list(deals), monotonic() + patience, Random(1)
        while waiting and monotonic() < end:
            waiting = [d for d in waiting if not self._there(d, to) and not self.nudge(d, dice)]
            PAUSE.wait(0.02)
        return [d for d in waiting if not self._there(d, to)]

    def _there(self, deal: Deal, to: str) -> bool:
        now: Standing = self.read(lambda s: standing(s, deal))
        return bool(to) and now.state == to and not now.pending
