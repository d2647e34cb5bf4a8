"""What people do with their deals: pay in, hand over, approve, give back, ask for a decision, one step at a time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from random import Random
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import Milestone
from marketwright.features.payments.tables import Hold
from marketwright.kernel.frozen import dataclass
from marketwright.testing.agreed import PASSWORD
from marketwright.testing.drill.banks import PATIENT, PAYERS, SCRIPTS, deed_of, deeds_of
from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.people import PAUSE, Answer, Person
from marketwright.testing.drill.site import PARTS, Deal, Site
from marketwright.testing.drill.standing import ENDS, Standing, standing
from marketwright.testing.drill.waits import hasten

_OPEN = (
    select(Milestone.id)
    .outerjoin(Hold, Hold.id == Milestone.id)
    .where(
        Milestone.state.not_in(ENDS)
        | (Milestone.pending != "") | (Hold.paid - Hold.withheld > Hold.paid_out)
    )
)  # fmt: skip
SHARED = {"amount": "500.01", "shown": "50001"}  # what a split gives back, and that its parts were read
COURSES = ("release",) * 6 + ("give_back", "refund", "split", "decline")
BANKS = (*SCRIPTS, *PAYERS)
PEOPLE = 4
EACH = 4.0  # seconds more for each deal that is not over: people wait for no clock of the drill's
OFTEN = 0.35  # how many deals a bank takes part in
RETURNS = 0.6  # how many payers let their browser take them back to the site
PATIENCE = 12  # times as long, at most, for a deal that was looked at often
AGAIN = 2.0  # seconds until what waits for another try is tried, while deals are brought to their end
REST = 0.25  # seconds until somebody looks at the same deal again, about
LOOKED = 1.0  # seconds between two looks at whether all processes still run
SAID = 60.0  # seconds between two words of how far it is
AT_ONCE = 40  # deals under way at a time


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


class Play:
    """The people of a site at their deals."""

    def __init__(self, site: Site, seed: int, *, banks: bool = True, say: Callable[[str], None] | None = None) -> None:
        self.banks = banks
        self._say, self._said = say or (lambda _text: None), monotonic()
        self._looked = self._said
        self.site, self.seed, self.dice, self.acked = site, seed, Random(seed), Ledger()
        self.deals: list[Deal] = []
        self.active: list[Deal] = []
        self.finished = 0
        self.in_turn, self.turn = False, 0  # whether every course is taken as often as any other
        self.pace = 0.05  # seconds that a step takes now, about
        self.lock = RLock()

    def progress(self, what: str) -> None:
        """Say how far it is, now and then."""
        with self.lock:
            looks, says = monotonic() > self._looked + LOOKED, monotonic() > self._said + SAID
            self._looked = monotonic() if looks else self._looked
            self._said = monotonic() if says else self._said
        if looks:
            self.site.keep_up()
        if says:
            self._say(what)

    def read(self, what: Callable[[Session], Any]) -> Any:
        """``what`` of a session that only reads."""
        with self.site.house.database.reading() as session:
            return what(session)

    def look(self, deal: Deal) -> Standing:
        """How ``deal`` stands now."""
        with self.site.house.database.reads.connect() as connection:
            return standing(connection, deal)

    def more(self, parts: int, *, course: str = "", moves: bool = False, of: int | None = None) -> list[Deal]:
        """A fresh contract's deals, each with a course of its own.

        ``moves``: with the freelancer who changes bank; ``of``: of that client.
        """
        made = self.site.contract(parts, moves=moves, of=of)
        with self.lock:
            for deal in made:
                deal.course = course or self._course()
            self.deals += made
        return made

    def _course(self) -> str:
        can = [name for name in BANKS if self.banks and set(deeds_of(name)) <= set(self.site.double.deeds)]
        if self.in_turn:
            self.turn += 1
            return ([*can, *dict.fromkeys(COURSES)])[self.turn % (len(can) + len(set(COURSES)))]
        return self.dice.choice(can if can and self.dice.random() < OFTEN else COURSES)

    def click(self, who: Person, deal: Deal, step: str, **form: str) -> Answer:
        """Take a step; what the site says is taken is written down."""
        began = monotonic()
        answer = who.post(deal.step(step), **form)
        if answer.status:
            self.pace += (monotonic() - began - self.pace) / 20
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
        """What its people and their banks would do next; true once the deal is over."""
        now = self.look(deal)
        if self._owes(deal) and self._bank(deal, now, dice):
            return False
        if now.frozen and not now.disputed and (now.owed or now.state not in ENDS):  # a thaw may have been refused
            self.site.staff.post(f"/console/payments/{now.funding}/thaw", reason="We have looked at it.")
        elif now.refused:
            self.site.staff.post(f"/console/payments/{now.refused}/again")
        elif now.pending == "fund":
            self._funding(deal, now, dice)
        elif not now.pending and now.state not in ENDS:
            self._step(deal, now)
        return now.over and not self._owes(deal)

    def _bank(self, deal: Deal, now: Standing, dice: Random) -> bool:
        """Play the bank's part in this deal if it is ripe; whether something was done."""
        with deal.bank:
            return self._owes(deal) and self._deed(deal, now, dice)

    def _deed(self, deal: Deal, now: Standing, dice: Random) -> bool:
        deeds = SCRIPTS[deal.course]
        deed = deeds[deal.deeds]
        if deed.at == "held":
            ripe = bool(now.funding) and not now.pending and now.state in ("work", "delivered")
        else:
            ripe = now.over and bool(now.payout)
        if not ripe and not deal.deeds:
            deal.bank_is_done = now.over  # it ended otherwise: there is nothing for the bank to do
            return False
        if deal.deeds and dice.random() < PATIENT:
            return False  # a decision comes in its own time
        deal.paid_by = deal.paid_by or now.funding
        with suppress(Silent):
            name, part = deed_of(deed.name)
            self.site.double.deed(name, now.payout if name == "return_payout" else deal.paid_by, amount=part)
            deal.deeds += 1
            deal.bank_is_done = deal.deeds == len(deeds)
        return True

    def _funding(self, deal: Deal, now: Standing, dice: Random) -> None:
        client = self.site.client_of(deal)
        if deal.course.startswith("transfer") and now.command_state in ("PAGE", "WAITING"):
            self._transfer(deal, now)
            return
        if deal.course.startswith("debit") and now.command_state in ("PAGE", "WAITING", "UNKNOWN"):
            self._debit(deal, now, dice)
            return
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

    def _transfer(self, deal: Deal, now: Standing) -> None:
        """The payer sends what is due by bank transfer, in two parts; some send too much."""
        first = now.amount * 2 // 5
        part = first if deal.visited != now.command else now.amount - first + 700 * (deal.course == "transfer_over")
        with suppress(Silent):
            if self.site.double.deed("arrive", now.command, amount=part):
                deal.visited = now.command
        self.site.client_of(deal).ask("GET", f"/payments/return/{now.command}")

    def _debit(self, deal: Deal, now: Standing, dice: Random) -> None:
        """The payer chooses a debit on the page; later their bank settles it, or sends it back the first time."""
        with suppress(Silent):
            if deal.visited != now.command:
                if self.site.double.deed("debit", now.command):
                    deal.visited = now.command
            elif dice.random() > PATIENT:
                bounces = deal.course == "debit_fails" and not deal.refusals
                deal.refusals += self.site.double.deed("bounce" if bounces else "settle", now.command) and bounces
        self.site.client_of(deal).ask("GET", f"/payments/return/{now.command}")

    def _step(self, deal: Deal, now: Standing) -> None:
        site, why = self.site, "As agreed between us."
        if now.state == "to_fund":
            self.click(site.client_of(deal), deal, "fund")
        elif now.state == "work" and deal.course == "give_back":
            self.click(site.person_of(deal), deal, "give_back", note=why)
        elif now.state == "work" and deal.course in ("refund", "split"):
            self.click(site.client_of(deal), deal, "ask_decision_work", note=why)
        elif now.state == "work":
            self.click(site.person_of(deal), deal, "deliver", note="The report, as agreed.")
        elif now.state == "changes":
            self.click(site.person_of(deal), deal, "deliver_again", note="The report, amended.")
        elif now.state == "delivered":
            self.click(site.client_of(deal), deal, "approve")
        elif now.state == "deciding":
            decision = deal.course if deal.course in ("refund", "split") else "release"
            parts = SHARED if decision == "split" else {}
            self.click(site.staff, deal, f"decide_{decision}", note=why, password=PASSWORD, **parts)

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
                now = monotonic()
                ripe = [d for d in self.active if d.look_at <= now]
                deal = dice.choice(ripe) if ripe else None
                if deal is not None:
                    deal.looks += 1
                    deal.look_at = now + dice.uniform(0.5, 1.5) * REST * min(PATIENCE, 1 + deal.looks / 20)
            if deal is None:
                PAUSE.wait(0.02)
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

    def finish(self, patience: float, *, movers: bool = True) -> list[Deal]:
        """Let people and banks end what they began; returns the deals that are not over in ``patience`` or so.

        What is tried again later is tried now and then: the waiting between two tries proves nothing. Without
        ``movers`` those are left out whose payout waits for a new bank account to cool (E13).
        """
        waiting = set(self.read(lambda session: session.scalars(_OPEN).all()))
        with self.lock:
            self.active = [d for d in self.deals if (movers or not d.moves) and (d.hold in waiting or self._owes(d))]
        stop, end = Event(), monotonic() + patience + EACH * len(self.active)
        walking = self.at_work(stop, PEOPLE)
        due = monotonic() + AGAIN
        while self.active and monotonic() < end:
            PAUSE.wait(0.2)
            if monotonic() > due:
                hasten(self.site)
                due = monotonic() + AGAIN
        stop.set()
        for thread in walking:
            thread.join(timeout=120)
        return list(self.active)

    def _owes(self, deal: Deal) -> bool:
        """Whether the bank has not done all that it does in this deal."""
        return deal.course in SCRIPTS and not deal.bank_is_done
