"""A contract as its page shows it: stations, whose turn it is, each milestone, what happened. Plain values out."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

from marketwright.features.contracts import course
from marketwright.features.contracts.conditions import said_of
from marketwright.features.contracts.queries import ContractRow, MilestoneRow, StepRow
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, Process, Role, State, Transition
from marketwright.web.formats import show_date, show_datetime, show_days, show_money
from marketwright.web.i18n import gettext

LONG = "EEEE d MMMM, HH:mm"
LOOKS = {
    "to_fund": "todo", "work": "active", "delivered": "delivered", "changes": "changes", "deciding": "disputed",
    "released": "released", "refunded": "refunded", "shared": "settled", "cancelled": "closed", "billed": "sent",
    "confirming": "pending", "paid": "paid", "unpaid": "refused", "late": "todo", "submitted": "delivered",
    "approved": "released", "agreed": "settled", "called_off": "closed", "offered": "countered",
}  # fmt: skip
PENDING = {
    Action.HOLD: ("funding", N_("Being paid in")), Action.RELEASE: ("releasing", N_("Being released")),
    Action.REFUND: ("refunding", N_("Being refunded")), Action.SPLIT: ("releasing", N_("Being shared")),
}  # fmt: skip
OWNERS = {
    Role.CLIENT: N_("the {client}"), Role.FREELANCER: N_("the {freelancer}"), Role.OPERATOR: N_("the marketplace"),
    Role.PROVIDER: N_("the payment provider"), Role.TIMER: N_("the clock"), Role.PLUGIN: N_("an outside service"),
}  # fmt: skip
CONTRACT_STEPS = {
    "DRAFT": N_("Drawn up from the accepted {proposal}"), "SENT": N_("Sent for signature"),
    "SIGNED": N_("Signed by both"), "ENDED": N_("The {contract} ended"),
}  # fmt: skip
END_REASONS = {
    "completed": N_("completed"), "cancelled": N_("cancelled"), "withdrawn": N_("withdrawn before both had signed"),
    "not_signed": N_("not signed in time"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the course: ``state`` is done, now or todo."""

    label: str
    note: str = ""
    state: str = "todo"


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to do: ``look`` is main, plain, quiet or danger."""

    label: str
    url: str
    look: str = "plain"


@dataclass(frozen=True, slots=True)
class NextAction:
    """Whose turn it is, until when, and what happens if nobody moves."""

    title: str
    text: str = ""
    until: str = ""
    mine: bool = False
    who: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """One delivery: its files are (name, address)."""

    number: int
    at: datetime
    note: str
    files: tuple[tuple[str, str], ...] = ()
    report: tuple[str, str] | None = None  # what was handed over in a form: its name, its page
    met: bool | None = None  # what its measure said


@dataclass(frozen=True, slots=True)
class Part:
    """One milestone as a line of the page."""

    id: str
    title: str
    detail: str
    text: str
    amount: Money
    state: str
    state_label: str
    current: bool
    description: str = ""
    trouble: str = ""
    asked: str = ""
    deliveries: tuple[Handed, ...] = ()
    buttons: tuple[Button, ...] = ()
    sheet: tuple[str, str] | None = None  # of a period: what its timesheet says, and its address


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of what happened."""

    title: str
    by: str
    at: datetime
    state: str = "past"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes the page is made for: their roles in the process, and what their part of the client may take."""

    roles: tuple[Role, ...]
    may: frozenset[str] = field(default_factory=frozenset)  # transitions that their roles in the client cover

    def ways(self, process: Process, milestone: MilestoneRow) -> tuple[Transition, ...]:
        """What they may take of ``milestone`` now."""
        place = course.Place(milestone.state, milestone.pending)
        found = dict.fromkeys(t for role in self.roles for t in course.ways(process, place, role))
        return tuple(t for t in found if Role.CLIENT not in self.roles or self._covered(t))

    def _covered(self, transition: Transition) -> bool:
        others = set(self.roles) - {Role.CLIENT}
        return transition.name in self.may or bool(others & set(transition.actors))


def current(process: Process, milestones: Sequence[MilestoneRow], reader: Reader) -> MilestoneRow | None:
    """The milestone that the page opens with: one where it is the reader's turn, else the one whose time runs."""
    running = [m for m in milestones if not process.state(m.state).end]
    mine = [m for m in running if not m.pending and process.state(m.state).owner in reader.roles and m.deadline_at]
    timed = sorted((m for m in running if m.deadline_at or m.pending), key=lambda m: (not m.pending, m.number))
    return next(iter([*mine, *timed, *running]), None)


def stations(
    process: Process, contract: ContractRow, milestone: MilestoneRow | None, steps: Sequence[StepRow]
) -> list[Station]:
    """Signed, then the way of the milestone at hand: where it has been, where it is, where it goes."""
    signed = contract.signed_at
    note = gettext(N_("both, %(date)s")) % {"date": show_date(signed, "d MMM")} if signed else ""
    first = Station(gettext(N_("Signed")) if signed else gettext(N_("To be signed")), note, "done" if signed else "now")
    if contract.state == "ENDED" and not signed:
        first = Station(gettext(N_("Ended")), gettext(END_REASONS[contract.end_reason]), "now")
        return [first]
    path = course.happy_path(process)
    if milestone is None or not signed:
        return [first, *(Station(gettext(process.state(s).label)) for s in path)]
    own = [s for s in steps if s.milestone == milestone.number]
    return [first, *_way(process, milestone, path, own, signed)]


def _way(
    process: Process, m: MilestoneRow, path: tuple[str, ...], steps: Sequence[StepRow], signed: datetime
) -> list[Station]:
    entered = {s.target: s.at for s in reversed(steps) if s.step == "entered"}  # the last time of each
    here = process.state(m.state)
    reached = [n for n, name in enumerate(path) if name in entered]
    at = path.index(m.state) if m.state in path else max(reached, default=0)
    found: list[Station] = []
    for n, name in enumerate(path):
        state = process.state(name)
        left = entered.get(path[n + 1]) if n + 1 < len(path) else None
        if n < at or (here.end and m.state not in path and n in reached[:-1]):
            note = show_date(left, "d MMM") if left else ""
            found.append(Station(gettext(state.done or state.label), note, "done"))
        elif n == at:
            when = entered.get(m.state) or m.entered_at
            since = max(when, signed) if when else None  # drawn up before, it waits from the signature on
            found.append(Station(gettext(here.label), show_date(since, "d MMM") if since else "",
                                 "done" if here.end else "now"))  # fmt: skip
        elif not here.end:
            found.append(Station(gettext(state.label)))
    return found


def next_action(
    process: Process, m: MilestoneRow, reader: Reader, buttons: tuple[Button, ...], *, several: bool, now: datetime
) -> NextAction:
    """Whose turn it is with milestone ``m``."""
    state = process.state(m.state)
    place = course.Place(m.state, m.pending)
    owner = course.turn(process, place)
    words = N_("Period %(n)s, %(title)s") if process.by_day else N_("{Milestone} %(n)s, %(title)s")
    name = gettext(words) % {"n": m.number, "title": m.title} if several else ""
    if m.pending:
        action = course.money_action(process.way(m.pending))
        title = gettext(PENDING[action][1]) if action else gettext(process.way(m.pending).label)
        text = gettext(N_("The payment provider is at it. You may leave this page; nothing gets lost."))
        return NextAction(title, _join(name, text), who=gettext(OWNERS[owner]), buttons=buttons)
    if opens_later(m, now):
        text = _join(name, opening(process, m))
        return NextAction(gettext(state.next), text, who=gettext(OWNERS[owner]), buttons=buttons)
    return NextAction(
        gettext(state.next), _join(name, _silence(process, state, m, now)), until(m.deadline_at, now),
        mine=owner in reader.roles, who=gettext(OWNERS[owner]), buttons=buttons,
    )  # fmt: skip


def until(at: datetime | None, now: datetime) -> str:
    """``until Friday 3 July, 18:00``, ``overdue since …``, or ''."""
    if at is None:
        return ""
    words = N_("until %(when)s") if at > now else N_("overdue since %(when)s")
    return gettext(words) % {"when": show_datetime(at, LONG)}


def _silence(process: Process, state: State, m: MilestoneRow, now: datetime) -> str:
    """What happens if nobody moves, with the amount where money would."""
    timer = course.timer_of(process, state.name)
    if timer is None or m.deadline_at is None or course.money_action(timer) is not Action.RELEASE:
        return _join(gettext(state.after) if state.after else "", _reminders(process, m, now))
    text = gettext(N_("If nobody does anything, it is accepted on %(when)s and %(amount)s is released."))
    filled = text % {"when": show_datetime(m.deadline_at, LONG), "amount": show_money(m.client_pays)}
    return _join(filled, _reminders(process, m, now))


def _reminders(process: Process, m: MilestoneRow, now: datetime) -> str:
    if m.deadline_at is None:
        return ""
    moments = [m.deadline_at - timedelta(days=d) for d in course.reminder_days(process, m.state) if d > 0]
    days = [show_date(at, "d MMMM") for at in moments if at > now]
    if not days:
        return ""
    return gettext(N_("Reminders go out on %(days)s.")) % {"days": ", ".join(days)}


def _join(*parts: str) -> str:
    return " ".join(f"{p}." if p and p[-1] not in ".!?…" else p for p in parts if p)


def part(
    process: Process, m: MilestoneRow, *, at_hand: bool, buttons: tuple[Button, ...], deliveries: tuple[Handed, ...],
    asked: str, steps: Sequence[StepRow], sheet: tuple[str, str] | None = None, begun: bool = True,
) -> Part:  # fmt: skip
    """One milestone as a line; nothing is under way before the contract has ``begun`` and its turn has come."""
    state = process.state(m.state)
    look, label = LOOKS.get(m.state, "open"), gettext(state.label)
    if not state.end and (not begun or waits_its_turn(m)):
        look, label = "todo", gettext(N_("Not begun"))
    if m.pending:
        action = course.money_action(process.way(m.pending))
        look, label = (PENDING[action][0], gettext(PENDING[action][1])) if action else (look, label)
    days = show_days(m.days) if m.days else ""
    if process.by_day and m.starts_on and m.due_on:
        days = gettext(N_("%(days)s at most")) % {"days": days} if days else ""
        dates = {"first": show_date(m.starts_on, "d MMM"), "last": show_date(m.due_on)}
        due = gettext(N_("%(first)s to %(last)s")) % dates
    else:
        due = gettext(N_("due %(date)s")) % {"date": show_date(m.due_on)} if m.due_on else ""
    return Part(
        id=m.id, title=f"{m.number}. {m.title}", detail=", ".join(p for p in (days, due) if p),
        text=_latest(process, m, steps), amount=m.work, state=look, state_label=label, current=at_hand,
        description=m.description, trouble=gettext(m.trouble) if m.trouble else "", asked=asked,
        deliveries=deliveries, buttons=buttons, sheet=sheet,
    )  # fmt: skip


def waits_its_turn(m: MilestoneRow) -> bool:
    """Whether nothing has begun in ``m`` because the one before it is not over yet, or its day has not come."""
    return m.deadline_at is None and not m.pending and (m.number > 1 or m.opens_at is not None)


def opens_later(m: MilestoneRow, now: datetime) -> bool:
    """Whether ``m`` waits for its own day."""
    return m.entered_at is None and m.opens_at is not None and m.opens_at > now


def opening(process: Process, m: MilestoneRow) -> str:
    """From when on ``m`` can be paid in, or when it begins where nothing is; '' where no day is known."""
    if not process.holds:
        return gettext(N_("It begins on %(date)s.")) % {"date": show_date(m.starts_on)} if m.starts_on else ""
    ahead = m.starts_on - timedelta(days=process.ahead_days) if process.ahead_days and m.starts_on else None
    opens = m.opens_at or ahead
    return gettext(N_("It can be paid in from %(date)s on.")) % {"date": show_date(opens)} if opens else ""


def _latest(process: Process, m: MilestoneRow, steps: Sequence[StepRow]) -> str:
    """The last thing that happened to a milestone, in a sentence."""
    mine = [s for s in steps if s.milestone == m.number and s.transition]
    if not mine:
        if not waits_its_turn(m):
            return ""
        day = opening(process, m) if process.ahead_days or m.opens_at else ""
        return day or gettext(N_("Its turn comes after the {milestone} before it."))
    last = mine[0]
    return f"{_title(process, last)}, {show_datetime(last.at)}."


def _title(process: Process, step: StepRow) -> str:
    way = process.way(step.transition)
    label = gettext(way.did or way.label)
    if step.step == "taken":
        return gettext(N_("%(what)s: asked of the payment provider")) % {"what": label}
    if step.step == "returned":
        return gettext(N_("%(what)s: it did not go through")) % {"what": label}
    return label


def happened(process: Process, contract: ContractRow, steps: Sequence[StepRow]) -> list[Happened]:
    """Everything that happened, newest first, as sentences."""
    several = len({s.milestone for s in steps if s.milestone is not None}) > 1
    found = [_contracts_own(contract, s) if s.milestone is None else None for s in steps]
    for at, step in enumerate(steps):
        if step.milestone is not None and step.transition:
            found[at] = _milestones_own(process, steps, at, several=several)
    told = [h for h in found if h is not None]
    return [replace(told[0], state="now"), *told[1:]] if told else []


def _contracts_own(contract: ContractRow, step: StepRow) -> Happened | None:
    if step.transition == "amended":
        return Happened(gettext(N_("Extended by an amendment")), "", step.at)
    if step.target not in CONTRACT_STEPS:
        return None
    text = gettext(END_REASONS.get(contract.end_reason, "")) if step.target == "ENDED" else ""
    by = "" if step.target in ("SIGNED", "ENDED") else _by(step)
    return Happened(gettext(CONTRACT_STEPS[step.target]), by, step.at, text=text)


def _milestones_own(process: Process, steps: Sequence[StepRow], at: int, *, several: bool) -> Happened | None:
    """One step of a milestone; what the provider confirmed is told once, under the name of whoever asked for it."""
    step = steps[at]
    newer = next((s for s in reversed(steps[:at]) if s.milestone == step.milestone), None)
    if step.step == "taken" and newer is not None and newer.transition == step.transition:
        return None
    title, by = _title(process, step), _by(step, process.way(step.transition))
    text = gettext(step.note) if step.step == "returned" and step.note else step.note
    if step.role == Role.PROVIDER:
        asked = next((s for s in steps[at + 1 :] if s.milestone == step.milestone and s.step == "taken"), None)
        by = _by(asked, process.way(asked.transition)) if asked else ""
        text = text or (asked.note if asked else "")
        confirmed = gettext(N_("Confirmed by the payment provider."))
        text = f"{text} {confirmed}".strip() if step.step == "entered" else text
    if several:
        words = N_("%(what)s (period %(n)s)") if process.by_day else N_("%(what)s ({milestone} %(n)s)")
        title = gettext(words) % {"what": title, "n": step.milestone}
    way = process.way(step.transition)
    handed = "files" in way.asks or bool(way.delivers)
    return Happened(title, by, step.at, text="" if handed else text)


def _by(step: StepRow, way: Transition | None = None) -> str:
    if step.role == Role.PLUGIN:
        paid = way is not None and Action.PAID in way.actions
        return gettext(N_("seen on a bank statement") if paid else N_("the measure that was agreed on"))
    if step.actor.startswith("person:"):
        return step.actor_name
    return gettext(OWNERS[Role.TIMER]) if step.role == Role.TIMER else ""


def end_reason(contract: ContractRow) -> str:
    """Why a contract ended, in words."""
    return gettext(END_REASONS.get(contract.end_reason, contract.end_reason)) if contract.end_reason else ""


def shown(evidence: str) -> str:
    """What a condition was met with, its date in the reader's way."""
    day, words = said_of(evidence)
    return ". ".join(part for part in (show_date(day) if day else "", words) if part)
