"""Steps of a milestone, and the only writers of its state: taken by people or the clock, settled by the money."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select, update

from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts import course, dues, events
from marketwright.features.contracts.ending import end_when_all_ended
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.log import Entry, lock, step
from marketwright.features.contracts.measuring import amounts_of, command_for, kept, settles
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.standing import accepts, at_stake, client_may, roles_of, within_limit
from marketwright.features.contracts.starting import as_told, has_begun, missing_to_start
from marketwright.features.contracts.tables import (
    ApprovalRequest,
    ChangeRequest,
    Contract,
    Delivery,
    Milestone,
)
from marketwright.features.contracts.timesheets import check_sheet, dispute_days, hand_in
from marketwright.features.contracts.waiting import Turn, check_turn, missing_for, unmet_of
from marketwright.features.invoicing import service as invoicing
from marketwright.features.payments import service as payments
from marketwright.features.payments.amounts import Amounts
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind, Outcome
from marketwright.strategies.processes import Action, HoldState, Judged, Process, Role, Transition

TOLD = {Action.HOLD: events.FUNDED, Action.RELEASE: events.RELEASED, Action.REFUND: events.REFUNDED,
        Action.SPLIT: events.RELEASED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """What goes with a transition: a note, what goes back to the client (``refund``), whether they proved who they are.
    """

    note: str = ""
    refund: int | None = None
    reauthenticated: bool = False
    handed_over: bool = False  # files or a note come with it; set by ``deliver``
    days: tuple[date, ...] = ()  # of a timesheet, that are disputed


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a transition: the state now, the payment command to run after the commit, or '' for none.

    ``waiting`` says that it exceeds what the member may accept alone; somebody who may was asked.
    """

    milestone: str
    state: str
    command: str = ""
    waiting: bool = False


def take(uow: UnitOfWork, *, milestone: str, transition: str, ask: Ask | None = None) -> Taken:
    """Take ``transition`` as the actor (C1). With a money action the hold is reserved in the same commit (E3).

    Raises ``Conflict`` with the state and what is allowed, ``GateClosed`` naming unmet conditions, ``NotAllowed``
    (code ``reauthenticate`` when the password must be typed again), ``InvalidInput`` for a missing note or amount.
    """
    ask = ask or Ask()
    row, contract, process = load(uow.session, milestone)
    way, role = _choose(uow, row, contract, process, transition)
    if role is Role.CLIENT and not client_may(uow.session, contract, uow.actor.id, way):
        raise NotAllowed("Your role in this {organisation} does not cover this step.")
    return _taken(uow, (row, contract, process), way, role, ask)


def take_judged(uow: UnitOfWork, *, milestone: str, met: bool) -> Taken | None:
    """Take what the judgement of the delivery before it takes by itself; ``None`` where people have to look."""
    row, contract, process = load(uow.session, milestone)
    wanted = Judged.MET if met else Judged.MISSED
    way = next((t for t in process.ways_from(row.state) if t.judged is wanted), None)
    if way is None or missing_for(uow.session, uow.ports.get(Plugins), row, way.name, uow.now):
        return None
    return _taken(uow, (row, contract, process), way, Role.PLUGIN, Ask())


def _taken(
    uow: UnitOfWork, where: tuple[Milestone, Contract, Process], way: Transition, role: Role, ask: Ask
) -> Taken:
    row, contract, process = where
    left = _left(uow, row, contract, process, way)
    _check_ask(uow, row, way, ask, left)
    _check_conditions(uow, row, way)
    check_turn(row, way, Turn(uow.ports.get(Horizon).opens_at(process, row, contract.provider), uow.now))
    _check_start(uow, contract, process, way)
    part = kept(uow.session, row, process, way, role, today=today_of(uow), currency=contract.currency)
    sum_ = at_stake(way, row.work, part.work)
    if role is Role.CLIENT and sum_:
        if not within_limit(uow.session, contract, uow.actor.id, way, sum_):
            return _wait_for_approver(uow, row, contract, way, sum_)
        if course.money_action(way) is not Action.HOLD:
            _check_identity(uow, sum_, ask)
    command = _reserve(uow, row, way, role, ask, part, left)
    _leave(uow, row, way, role, ask, command)
    _write_asked(uow, row, way, ask, left)
    if not command:
        _arrived(uow, row, contract, process, way, role, ask.note)
    else:
        _tell_accepted(uow, row, way, role)
    return Taken(row.id, row.state, command)


def _choose(
    uow: UnitOfWork, row: Milestone, contract: Contract, process: Process, name: str
) -> tuple[Transition, Role]:
    roles = roles_of(uow.session, contract, uow.actor)
    if not roles:
        raise NotFound("There is no such {milestone}.")
    if contract.state != "ACTIVE":
        raise Conflict("The {contract} is not under way.", state=contract.state, code="C1")
    place = course.Place(row.state, row.pending)
    for role in roles:
        if any(t.name == name for t in course.ways(process, place, role)):
            return course.choose(process, place, name, role), role
    return course.choose(process, place, name, roles[0]), roles[0]


def _left(uow: UnitOfWork, row: Milestone, contract: Contract, process: Process, way: Transition) -> Amounts:
    """What is left of the amounts of ``row`` where ``way`` shares them out: a lost dispute may have taken a part."""
    shares = "amount" in way.asks or Action.SPLIT in way.actions
    return payments.left_in(uow, hold=row.id) if process.holds and shares else amounts_of(row, contract.currency)


def _check_ask(uow: UnitOfWork, row: Milestone, way: Transition, ask: Ask, left: Amounts) -> None:
    if "files" in way.asks and not ask.handed_over:
        raise InvalidInput({"note": [say("Say what you hand over, or attach a file.")]})
    told = way.asks in (("note",), ("days", "note"), ("amount", "note")) and way.name not in ("mark_paid",)
    if told:
        check_reason(ask.note)
    if "sheet" in way.asks:
        check_sheet(uow, row.id)
    if "days" in way.asks and not ask.days:
        raise InvalidInput({"days": [say("Please mark the days that you dispute.")]})
    if "amount" in way.asks:
        check_back(ask.refund, left.client_pays)


def check_reason(note: str) -> None:
    """``InvalidInput`` at ``note`` where nothing is said."""
    if not note.strip():
        raise InvalidInput({"note": [say("Please say why, in a sentence or two: the other side reads it.")]})


def check_back(refund: int | None, held: int) -> None:
    """``InvalidInput`` at ``amount`` unless ``refund`` minor units leave each side something of what is ``held``."""
    if refund is None or not 0 < refund < held:
        raise InvalidInput({"amount": [say("More than nothing and less than all that is held.")]})


def _check_conditions(uow: UnitOfWork, row: Milestone, way: Transition) -> None:
    missing = missing_for(uow.session, uow.ports.get(Plugins), row, way.name, uow.now)
    if missing:
        raise GateClosed(way.name, missing)


def _check_start(uow: UnitOfWork, contract: Contract, process: Process, way: Transition) -> None:
    """The gate ``start``, before the first money of a contract comes in; one that has begun is never stopped by it."""
    if Action.HOLD not in way.actions:
        return
    states = uow.session.scalars(select(Milestone.state).where(Milestone.contract_id == contract.id))
    if has_begun(states, process):
        return
    missing = missing_to_start(uow.session, uow.ports.get(Gate), contract)
    if missing:
        side = "freelancer" if uow.actor.id == contract.freelancer_id else "client"
        raise GateClosed("start", as_told(missing, side))


def _check_identity(uow: UnitOfWork, amount: int, ask: Ask) -> None:
    threshold = uow.ports.get(Marketplace).deal.reauthenticate_above
    if uow.actor.is_person and amount > threshold and not ask.reauthenticated:
        raise NotAllowed("Please type your password again to accept this amount.", code="reauthenticate")


def _wait_for_approver(uow: UnitOfWork, row: Milestone, contract: Contract, way: Transition, amount: int) -> Taken:
    """Keep that the actor says yes and tell those who may; asked twice it stays one request."""
    a = ApprovalRequest
    found = uow.session.scalar(select(a.id).where(a.milestone_id == row.id, a.closed_at.is_(None)))
    if found is None:
        request = ApprovalRequest(
            id=new_id(), milestone_id=row.id, transition=way.name, amount=amount, by=uow.actor.id, at=uow.now
        )
        uow.session.add(request)
        uow.flush()
        uow.emit(events.APPROVAL_WAITING, row.id, contract=contract.id, by=uow.actor.id)
        uow.audit("approval.asked", row.id, transition=way.name)
    return Taken(row.id, row.state, waiting=True)


def today_of(uow: UnitOfWork) -> date:
    """Today where the marketplace is, in business time."""
    return uow.ports.get(Marketplace).day_of(uow.now)


def _reserve(
    uow: UnitOfWork, row: Milestone, way: Transition, role: Role, ask: Ask, part: Amounts, left: Amounts
) -> str:  # fmt: skip
    action = course.money_action(way)
    if action is None:
        return ""
    kind, refund = command_for(row, way, action, part=part, left=left, asked=ask.refund or 0)
    what = {Role.OPERATOR: "decision", Role.TIMER: "deadline"}.get(
        role, "approval" if role is Role.CLIENT and action is not Action.HOLD else way.name
    )
    return payments.reserve(
        uow, hold=row.id, kind=kind, cause=f"{what}:{row.id}:{row.version + 1}", by=uow.actor.label, refund=refund,
    )  # fmt: skip


def _write_asked(uow: UnitOfWork, row: Milestone, way: Transition, ask: Ask, left: Amounts) -> None:
    """Keep what the step brought besides words: the offer, the timesheet, the disputed days.

    An offer is kept with what has gone back before it: as all that the client then has.
    """
    if "sheet" in way.asks:
        hand_in(uow, milestone=row.id)
    if "days" in way.asks:
        dispute_days(uow, milestone=row.id, days=ask.days)
    if "amount" in way.asks and course.money_action(way) is None:
        row.offered_back = amounts_of(row, left.currency).client_pays - left.client_pays + (ask.refund or 0)
        uow.flush()


def _leave(uow: UnitOfWork, row: Milestone, way: Transition, role: Role, ask: Ask, command: str) -> None:
    """The one conditional update: right state, right version, nothing pending, no unmet condition (E3)."""
    place = course.take(course.Place(row.state), way)
    entry = Entry(
        "taken" if command else "entered", way.target, str(role), source=row.state, transition=way.name,
        cause=f"command:{command}" if command else "", note=ask.note,
    )  # fmt: skip
    still = (Milestone.state == row.state, Milestone.pending == "", ~exists().where(*unmet_of(row, way.name)))
    step(
        uow, row, entry, *still,
        state=place.state, pending=place.pending, command=command, trouble="",
    )  # fmt: skip
    uow.audit("milestone.taken", row.id, transition=way.name, state=row.state)


def settled(uow: UnitOfWork, *, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
    """The money of a pending transition has moved, or was refused for good; anything else is no concern of a course."""
    if uow.session.get(Milestone, hold) is None:
        return
    row, contract, process = load(uow.session, hold)
    lock(uow, row)
    if not row.pending or outcome not in (Outcome.CONFIRMED, Outcome.FAILED):
        return
    way = process.way(row.pending)
    action = course.money_action(way)
    if action is None or not settles(way, action, kind):
        return
    confirmed = outcome is Outcome.CONFIRMED
    command, trouble = row.command, "" if confirmed else reason
    state = course.settle(process, course.Place(row.state, row.pending), confirmed=confirmed).state
    entry = Entry(
        "entered" if confirmed else "returned", state, str(Role.PROVIDER), source=row.state, transition=way.name,
        cause=f"command:{command}", note=trouble,
    )  # fmt: skip
    step(uow, row, entry, state=state, pending="", command="", trouble=trouble)
    if confirmed:
        _arrived(uow, row, contract, process, way, Role.PROVIDER, "")
        dues.owe_released(uow, contract, row, command)
        uow.emit(events.REFUNDED if kind is CommandKind.REFUND else TOLD[action], row.id, contract=contract.id)
        return
    if way.actor is Role.TIMER and not way.expiry:  # the end of the hold waits by itself, and moves no other clock
        row.deadline_at = max(row.deadline_at or uow.now, uow.now + course.RETRY)
    begin(uow, contract, process)
    uow.emit(events.RETURNED, row.id, contract=contract.id, transition=way.name)


def _arrived(
    uow: UnitOfWork, row: Milestone, contract: Contract, process: Process, way: Transition, role: Role, note: str
) -> None:
    """What entering a state brings: its deadline, what was asked, a bill, the next milestone, the contract's end."""
    enter(uow, row, process)
    _keep_requests(uow, row, way, note)
    if not course.money_action(way):
        _tell_accepted(uow, row, way, role)
    if Action.BILL in way.actions:
        due = row.deadline_at or uow.now
        part = kept(uow.session, row, process, way, role, today=today_of(uow), currency=contract.currency)
        bill = invoicing.issue(uow, _billed(contract, row, part), due=due)
        dues.owe_billed(uow, contract, row, part, bill, due)
    state = process.state(row.state)
    if state.end:
        if process.holds and course.money_action(way) is None:
            payments.close_hold(uow, hold=row.id)
        if not process.holds:
            invoicing.close(uow, milestone=row.id, paid=Action.PAID in way.actions)
        begin(uow, contract, process)
        end_when_all_ended(uow, contract, process, str(role))
    uow.emit(events.MOVED, row.id, contract=contract.id, transition=way.name, state=row.state)
    if way.name.startswith("ask_decision"):
        uow.emit(events.DECISION_ASKED, row.id, contract=contract.id)
    if role is Role.OPERATOR:
        uow.emit(events.DECIDED, row.id, contract=contract.id, transition=way.name)


def _billed(contract: Contract, m: Milestone, part: Amounts) -> invoicing.Billed:
    parties = {side: contract.terms.get(side, {}) for side in ("client", "freelancer", "marketplace")}
    return invoicing.Billed(
        contract=contract.id, milestone=m.id, organisation=contract.organisation_id, freelancer=contract.freelancer_id,
        title=m.title, reference=contract.reference, purchase_order=contract.purchase_order,
        currency=contract.currency, work=part.work, work_tax=part.work_tax, client_fee=part.client_fee,
        client_fee_tax=part.client_fee_tax, freelancer_fee=part.freelancer_fee,
        freelancer_fee_tax=part.freelancer_fee_tax,
        parties=parties,
    )  # fmt: skip


def _keep_requests(uow: UnitOfWork, row: Milestone, way: Transition, note: str) -> None:
    """Close what the step answers; open what it asks."""
    for table in (ChangeRequest, ApprovalRequest):
        uow.session.execute(
            update(table).where(table.milestone_id == row.id, table.closed_at.is_(None)).values(closed_at=uow.now)
        )
    if way.name == "ask_changes":
        request = ChangeRequest(id=new_id(), milestone_id=row.id, text=note, by=uow.actor.id, at=uow.now)
        uow.session.add(request)
        uow.flush()
        uow.emit(events.CHANGES_ASKED, row.id, contract=row.contract_id, request=request.id)


def _tell_accepted(uow: UnitOfWork, row: Milestone, way: Transition, role: Role) -> None:
    if accepts(way):
        uow.emit(events.APPROVED, row.id, contract=row.contract_id, role=str(role))


def deliver(
    uow: UnitOfWork, *, milestone: str, transition: str, note: str = "", has_files: bool = False
) -> tuple[Taken, str]:
    """Hand work over: a delivery row, then the transition. Returns both; files are stored on the delivery after it."""
    if not note.strip() and not has_files:
        raise InvalidInput({"note": [say("Say what you hand over, or attach a file.")]})
    done = take(uow, milestone=milestone, transition=transition, ask=Ask(note=note, handed_over=True))
    number = uow.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.milestone_id == milestone))
    row = Delivery(
        id=new_id(), milestone_id=milestone, number=(number or 0) + 1, note=note, by=uow.actor.id, at=uow.now
    )
    uow.session.add(row)
    uow.flush()
    uow.emit(events.DELIVERED, milestone, contract=_contract_of(uow, milestone), delivery=row.id)
    return done, row.id


def _contract_of(uow: UnitOfWork, milestone: str) -> str:
    return uow.session.get_one(Milestone, milestone).contract_id


def begin(uow: UnitOfWork, contract: Contract, process: Process) -> None:
    """Give the next milestone its turn: those whose day has come, and the first that waits where none is open.

    That one waits for its own day all the same, and the clock gives it its turn then.
    """
    lock(uow, contract)
    rows: Sequence[Milestone] = uow.session.scalars(
        select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    open_rows = [m for m in rows if not process.state(m.state).end]
    if not open_rows:
        return
    waiting = [m for m in open_rows if m.deadline_at is None and not m.pending]
    ready = [m for m in waiting if m.opens_at is not None and m.opens_at <= uow.now]
    if len(waiting) == len(open_rows) and not ready:
        first = waiting[0]
        first.opens_at = uow.ports.get(Horizon).opens_at(process, first, contract.provider)
        ready = [first] if first.opens_at is None or first.opens_at <= uow.now else []
    for milestone in ready:
        enter(uow, milestone, process)
        uow.emit(events.BEGUN, milestone.id, contract=contract.id)


def enter(uow: UnitOfWork, row: Milestone, process: Process) -> None:
    """Start the clock of the state that ``row`` is in: its deadline, its timer, its first reminder."""
    timer, now = course.timer_of(process, row.state), uow.now
    if row.within_days and row.due_on is None and process.state(row.state).hold is HoldState.FUNDED:
        row.due_on = today_of(uow) + timedelta(days=row.within_days)
    zone = ZoneInfo(uow.ports.get(Marketplace).time_zone)
    owed = dues.payable_until(uow.session, process, row)
    until = owed or course.deadline(process, row.state, now, row.due_on, zone)
    row.entered_at, row.deadline_at = now, until
    row.timer = timer.name if timer is not None else ""
    row.remind_at = course.next_reminder(process, row.state, until, now) if until is not None else None
    uow.flush()
