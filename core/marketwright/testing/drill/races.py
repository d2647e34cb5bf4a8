"""Races: two or more hands on one deal at the same moment. Of steps that exclude each other one may be granted."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from threading import Barrier, BrokenBarrierError, Event, Thread

from marketwright.testing.agreed import PASSWORD
from marketwright.testing.drill.messages import Post
from marketwright.testing.drill.people import PAUSE, Answer, Person
from marketwright.testing.drill.play import Play, Standing, standing
from marketwright.testing.drill.site import Deal

WHY = "We have talked about it."
Lane = Callable[["Heat"], Answer | None]


@dataclass
class Heat:
    """One race about to begin: the deal, how it stands, the postman."""

    play: Play
    post: Post
    deal: Deal
    now: Standing

    def click(self, who: Person, step: str, **form: str) -> Answer:
        """Take a step as ``who``."""
        return self.play.click(who, self.deal, step, **form)


@dataclass(frozen=True, slots=True)
class Race:
    """``start`` is the state of the milestone (``page``: its payment page is open, ``paid``: it was paid there)."""

    start: str
    lanes: Sequence[Lane]


def client(step: str, **form: str) -> Lane:
    """The client takes ``step``."""
    return lambda heat: heat.click(heat.play.site.client, step, **form)


def freelancer(step: str, **form: str) -> Lane:
    """The freelancer takes ``step``."""
    return lambda heat: heat.click(heat.play.site.freelancer, step, **form)


def staff(step: str, **form: str) -> Lane:
    """Staff decides ``step``."""
    return lambda heat: heat.click(heat.play.site.staff, step, note=WHY, password=PASSWORD, **form)


def freeze(heat: Heat) -> None:
    """Staff freezes the hold and, a moment later, lets it move again."""
    site, command = heat.play.site, heat.now.funding
    site.staff.post(f"/console/payments/{command}/freeze", reason=WHY)
    PAUSE.wait(0.05)
    site.staff.post(f"/console/payments/{command}/thaw", reason=WHY)


def pay(heat: Heat) -> None:
    """The payer pays on the provider's page."""
    heat.play.pay(heat.deal, heat.now)


def decline(heat: Heat) -> None:
    """Another tab's card is declined."""
    heat.play.pay(heat.deal, heat.now, "decline")


def come_back(heat: Heat) -> None:
    """The payer's browser comes back to the site."""
    heat.play.site.client.ask("GET", f"/payments/return/{heat.now.command}")


def pay_later(heat: Heat) -> None:
    """The payer says that they will pay later."""
    heat.play.site.client.post(f"/payments/{heat.now.command}/later")


def told(heat: Heat) -> None:
    """The provider's message comes in."""
    message = heat.post.about(heat.now.command)
    if message is not None:
        heat.post.deliver(message)


def looked_up(heat: Heat) -> None:
    """Staff asks the provider how it stands."""
    heat.play.site.staff.post(f"/console/payments/{heat.now.command}/ask")


def woken(heat: Heat) -> None:
    """The leases of all workers run out while they work: another one takes what they have."""
    heat.play.site.let_leases_run_out()


_deliver, _give_back = freelancer("deliver", note=WHY), freelancer("give_back", note=WHY)
_theirs, _mine = client("ask_decision_work", note=WHY), freelancer("ask_decision_delivered", note=WHY)
_approve, _changes = client("approve"), client("ask_changes", note=WHY)
_dispute = client("ask_decision_delivered", note=WHY)
_release, _refund, _split = staff("decide_release"), staff("decide_refund"), staff("decide_split", amount="500.01")
RACES: dict[str, Race] = {
    "fund, double click": Race("to_fund", (client("fund"),) * 2),
    "fund, 8 tabs": Race("to_fund", (client("fund"),) * 8),
    "fund against cancel": Race("to_fund", (client("fund"), freelancer("cancel", note=WHY))),
    "fund against both cancelling": Race("to_fund", (client("fund"), freelancer("cancel", note=WHY),
                                                     client("cancel", note=WHY))),
    "pay, two tabs": Race("page", (pay, pay, come_back)),
    "pay against decline": Race("page", (pay, decline, come_back)),
    "pay against pay later": Race("page", (pay, pay_later)),
    "pay against fund once more": Race("page", (pay, client("fund"))),
    "pay later, double click": Race("page", (pay_later, pay_later, pay)),
    "pay against a lookup": Race("page", (pay, looked_up, come_back)),
    "redirect against webhook": Race("paid", (come_back, told)),
    "redirect against webhook against lookup": Race("paid", (come_back, told, looked_up)),
    "redirect, four times": Race("paid", (come_back,) * 4),
    "webhook, four times": Race("paid", (told,) * 4),
    "webhook against pay later": Race("paid", (told, pay_later)),
    "webhook against two workers": Race("paid", (told, woken, looked_up)),
    "deliver, double click": Race("work", (_deliver, _deliver)),
    "deliver against give back": Race("work", (_deliver, _give_back)),
    "deliver against dispute": Race("work", (_deliver, _theirs)),
    "give back, double click": Race("work", (_give_back, _give_back)),
    "give back against dispute": Race("work", (_give_back, _theirs)),
    "give back against freeze": Race("work", (_give_back, freeze)),
    "release, double click": Race("delivered", (_approve, _approve)),
    "release, 8 tabs": Race("delivered", (_approve,) * 8),
    "release against changes": Race("delivered", (_approve, _changes)),
    "release against dispute": Race("delivered", (_approve, _dispute)),
    "release against the other side's dispute": Race("delivered", (_approve, _mine)),
    "release against freeze": Race("delivered", (_approve, freeze)),
    "release against two workers": Race("delivered", (_approve, woken, woken)),
    "release against refund, decided": Race("deciding", (_release, _refund)),
    "release against split, decided": Race("deciding", (_release, _split)),
    "refund against split, decided": Race("deciding", (_refund, _split)),
    "release against going on, decided": Race("deciding", (_release, staff("decide_continue"))),
    "three decisions": Race("deciding", (_release, _refund, _split)),
    "refund, decided by two": Race("deciding", (_refund, _refund)),
    "split, decided by two": Race("deciding", (_split, _split)),
}  # fmt: skip
COURSE = {"deciding": "refund", "delivered": "release"}


def race(play: Play, rounds: int, only: Sequence[str] = ()) -> Counter[str]:
    """Run each race (or those in ``only``) ``rounds`` times; how often each was run."""
    ran: Counter[str] = Counter()
    names = list(only or RACES)
    post, stop = Post(play), Event()
    play.site.double.keep_back(on=True)
    walking = [post.rounds(stop), *play.at_work(stop, 2)]
    try:
        for _ in range(rounds):
            deals = play.more(len(names), course="release")
            for deal, name in zip(deals, names, strict=True):
                deal.course = COURSE.get(RACES[name].start, "release")
            _line_up(play, [(d, RACES[n].start) for d, n in zip(deals, names, strict=True)])
            for deal, name in zip(deals, names, strict=True):
                if _run(play, post, deal, name):
                    ran[name] += 1
                with play.lock:
                    play.active.append(deal)
    finally:
        stop.set()
        for thread in walking:
            thread.join(timeout=120)
    return ran


def _line_up(play: Play, wanted: Sequence[tuple[Deal, str]]) -> None:
    """Bring each deal to where its race starts, several at a time."""
    left, threads = list(wanted), []

    def work(number: int) -> None:
        dice = Random(number)
        while left:
            try:
                deal, start = left.pop()
            except IndexError:
                return
            for _ in range(400):
                if _ready(play, deal, start, dice):
                    break
                PAUSE.wait(0.03)

    for number in range(4):
        threads.append(Thread(target=work, args=(number,), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _ready(play: Play, deal: Deal, start: str, dice: Random) -> bool:
    """Whether the deal stands at the start; else it is nudged on."""
    now: Standing = play.read(lambda s: standing(s, deal))
    opened = now.pending == "fund" and now.command_state == "PAGE"
    if start in ("page", "paid") and opened:
        return True
    if now.state == start and not now.pending:
        return True
    play.nudge(deal, dice)
    return False


def _run(play: Play, post: Post, deal: Deal, name: str) -> bool:
    """One race; false when the deal was not where it starts. Two granted steps are a finding."""
    this = RACES[name]
    now: Standing = play.read(lambda s: standing(s, deal))
    at_page = now.pending == "fund" and now.command_state == "PAGE"
    if not (at_page if this.start in ("page", "paid") else now.state == this.start and not now.pending):
        return False
    heat = Heat(play, post, deal, now)
    if this.start == "paid":
        pay(heat)
    gate = Barrier(len(this.lanes))
    answers: list[Answer] = []

    def lane(go: Lane) -> None:
        try:
            gate.wait(timeout=30)
        except BrokenBarrierError:
            return
        answer = go(heat)
        if answer is not None:
            answers.append(answer)

    threads = [Thread(target=lane, args=(go,), daemon=True) for go in this.lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    granted = sum(a.done for a in answers)
    if granted > 1:
        play.acked.wrongly.append(f"{name}: {granted} were granted for {deal.hold}")
    return True
