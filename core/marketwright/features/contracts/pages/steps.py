"""One step of a milestone on a page of its own: what it does, what it asks for, then it is taken."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import course, queries, registry, service, sheets, steps
from marketwright.features.contracts.conditions import meet as meet_condition
from marketwright.features.contracts.measuring import booked, command_for, kept
from marketwright.features.contracts.pages.base import PARTIES, Seen, check_password, find, pages
from marketwright.features.contracts.pages.handing import form_of
from marketwright.features.contracts.pages.parts import label_of, turn_of
from marketwright.features.contracts.queries import ContractRow, MilestoneRow
from marketwright.features.contracts.standing import accepts, at_stake, within_limit
from marketwright.features.contracts.steps import Ask, Taken, check_back, check_reason
from marketwright.features.contracts.waiting import check_turn, missing_for
from marketwright.features.files import service as files
from marketwright.features.files.checks import Checked
from marketwright.features.files.uploads import received
from marketwright.features.payments import queries as payments
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.paying import next_address
from marketwright.features.payments.running import run_waited_for
from marketwright.features.proposals.offers import whole_or_half
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.strategies.conditions import Condition
from marketwright.strategies.payments import CommandKind, Outcome
from marketwright.strategies.processes import Action, HoldState, Role, Transition
from marketwright.web.fields import DateField, MoneyField, Secret, TextField
from marketwright.web.formats import show_date, show_days
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, the_viewer, unit
from marketwright.web.i18n import gettext, translate
from marketwright.web.render import render, tell


def step_schema(currency: str, most: int) -> Schema:
    """What a step may ask for."""
    return Schema.from_dict({
        "note": TextField(longest=4000, lines=True), "amount": MoneyField(currency, most=most),
        "shown": TextField(longest=20), "password": Secret(),
        "days": fields.List(DateField(), load_default=list),
    })()  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepContext:
    """``asks`` are note, files, amount, days; ``missing`` what must be met first.

    Of what is ``left`` in the hold ``pays`` is for the freelancer's part, of which ``receives`` is theirs; ``returns``
    goes back: to the minor unit what will be booked.
    A step that asks for an amount says first what each side would get (``shown``), and is taken once that was read.
    Where nobody holds (``held`` is false) ``direct`` goes from client to freelancer, and ``bills`` is the days in which
    an invoice that this step makes out is to be paid, else ``None``.
    """

    contract: ContractRow
    milestone: MilestoneRow
    title: str
    action: str
    danger: bool
    asks: Sequence[str]
    shown: Money | None
    password: bool
    form: Form
    button: str
    moves: bool
    holder: str
    missing: Sequence[Missing]
    approvers: Sequence[str]
    silence: str
    currency: str
    here: str
    lines: Sequence[tuple[str, Money]]
    their_fee: Money
    left: Money
    pays: Money
    receives: Money
    returns: Money
    held: bool
    direct: Money
    client_fee: Money
    bills: int | None
    by_day: bool
    days: Sequence[tuple[str, str, str]]
    by_staff: bool


@pages.form("/contracts/<contract>/milestones/<milestone>/<transition>", PARTIES)
def step(contract: str, milestone: str, transition: str) -> BaseResponse:
    """Look at a step, then take it."""
    seen, row, way = _find(contract, milestone, transition)
    if way.delivers:
        answer = form_of(seen, row, way)
        return _leave(seen, way, answer) if isinstance(answer, Taken) else answer
    form = Form(step_schema(row.amounts.currency, row.amounts.client_pays))
    missing: Sequence[Missing] = ()
    if request.method == "POST" and form.accept(request.form):
        try:
            if _was_shown(way, form, _left(seen, row, way)):
                return _leave(seen, way, _taken(seen, row, way, form))
        except InvalidInput as error:
            form.refuse(error)
        except GateClosed as closed:
            missing = closed.missing
    return _page(seen, row, way, form, missing)


def _find(contract: str, milestone: str, transition: str) -> tuple[Seen, MilestoneRow, Transition]:
    seen = find(contract)
    row = next((m for m in queries.milestones_of(reading(), [contract])[contract] if m.id == milestone), None)
    if row is None or transition not in {t.name for t in seen.process.transitions}:
        raise NotFound("There is no such {milestone}.")
    way = seen.process.way(transition)
    if way not in seen.reader.ways(seen.process, row) or seen.contract.state != "ACTIVE":
        role = next((r for r in seen.reader.roles if r in way.actors), next(iter(seen.reader.roles), Role.CLIENT))
        course.choose(seen.process, course.Place(row.state, row.pending), transition, role)
        raise Conflict("This cannot be done by you, or not now.", state=row.state)
    check_turn(row, way, turn_of(seen, row))
    return seen, row, way


def _was_shown(way: Transition, form: Form, left: Amounts) -> bool:
    """Whether the page has said what each side gets of this very amount; ``InvalidInput`` for one that cannot be."""
    if "amount" not in way.asks:
        return True
    back = _back(way, form)
    check_back(back.amount if back else None, left.client_pays)
    check_reason(str(form.value.get("note") or ""))
    return form.value.get("shown") == str(back.amount if back else "")


def _back(way: Transition, form: Form) -> Money | None:
    """What was typed as going back to the client, where this step asks for it and it can be."""
    found = form.value.get("amount") if "amount" in way.asks and "amount" not in form.errors else None
    return found if isinstance(found, Money) else None


def _taken(seen: Seen, row: MilestoneRow, way: Transition, form: Form) -> Taken:
    proved = _needs_password(seen, row, way)
    if proved:
        check_password(str(form.value.get("password") or ""))
    uploads = _uploads() if "files" in way.asks else []
    note, amount = str(form.value.get("note") or ""), form.value.get("amount")
    ask = Ask(note=note, refund=amount.amount if isinstance(amount, Money) else None, reauthenticated=proved,
              days=tuple(form.value.get("days") or ()))  # fmt: skip
    with unit() as uow:
        if "files" in way.asks:
            taken, delivery = steps.deliver(
                uow, milestone=row.id, transition=way.name, note=note, has_files=bool(uploads)
            )
            for checked in uploads:
                files.keep(uow, checked=checked, purpose="delivery", owner_kind="delivery", owner_id=delivery)
        else:
            taken = steps.take(uow, milestone=row.id, transition=way.name, ask=ask)
        uow.commit()
    return taken


def _uploads() -> list[Checked]:
    """The files that came with the form, checked before a unit opens."""
    found: list[Checked] = []
    for upload in request.files.getlist("files"):
        if not upload.filename:
            continue
        try:
            found.append(received(upload, "delivery", "files"))
        except InvalidInput as error:
            raise InvalidInput({"files": [m for ms in error.errors.values() for m in ms]}) from error
    return found


def _needs_password(seen: Seen, row: MilestoneRow, way: Transition) -> bool:
    """E10: letting go more than the marketplace's threshold asks for the password again; so does every decision."""
    if Role.OPERATOR in seen.reader.roles and way.actor is Role.OPERATOR:
        return course.money_action(way) is not None
    threshold = house().marketplace.deal.reauthenticate_above
    return course.money_action(way) is not Action.HOLD and _stake(seen, row, way) > threshold


def _stake(seen: Seen, row: MilestoneRow, way: Transition) -> int:
    """What a member of the client decides on by this step, minor units before tax; 0 for everybody else."""
    if Role.CLIENT not in seen.reader.roles:
        return 0
    return at_stake(way, row.amounts.work, _measured(seen, row, way).work)


def _leave(seen: Seen, way: Transition, taken: Taken) -> BaseResponse:
    back = url_for("contracts.show", contract=seen.contract.id)
    if taken.waiting:
        tell(gettext("This is above your limit: your colleagues who may confirm it were told."), "info")
        return redirect(back, 303)
    done = gettext("Done: %(what)s.", what=gettext(way.did or way.label))
    if not taken.command:
        tell(done)
        return redirect(back, 303)
    db.session.remove()
    if course.money_action(way) is Action.HOLD:
        return redirect(next_address(house(), taken.command), 303)
    answer = run_waited_for(house(), taken.command)
    if answer.outcome is Outcome.CONFIRMED:
        tell(done)
    elif answer.outcome is Outcome.FAILED:
        tell(gettext("The payment provider refused: %(why)s", why=gettext(answer.reason)), "error")
    else:
        tell(gettext("The payment provider is at it; this page will say when it is done."), "info")
    return redirect(back, 303)


def _page(seen: Seen, row: MilestoneRow, way: Transition, form: Form, missing: Sequence[Missing]) -> BaseResponse:
    session, action = reading(), course.money_action(way)
    contract = service.get(session, seen.contract.id)
    if not missing:
        found = registry.load(session, row.id)[0]
        missing = missing_for(session, house().plugins, found, way.name, house().clock.business())
    stake = _stake(seen, row, way)
    limit = bool(stake) and not within_limit(session, contract, the_viewer().account, way, stake)
    able = accounts.approvers(session, contract.organisation_id, stake) if limit else []
    shown = _back(way, form)
    left = _left(seen, row, way)
    part = _part(seen, row, way, left, shown.amount if shown else 0)
    context = StepContext(
        contract=seen.contract, milestone=row, title=gettext(way.label), action=str(action or ""),
        danger=way.danger, asks=way.asks, form=form, shown=shown,
        password=_needs_password(seen, row, way) and (shown is not None or "amount" not in way.asks),
        button=label_of(way, row) if shown or "amount" not in way.asks else gettext("See what each side gets"),
        moves=action is not None,
        holder=payments.who_holds(house().plugins, seen.contract.provider), missing=missing,
        approvers=[m.name for m in able] or ([gettext("nobody yet")] if limit else []),
        silence=_silence(seen, way), currency=row.amounts.currency, here=request.path,
        lines=_lines(row, held=seen.process.holds),
        their_fee=Money(row.amounts.freelancer_fee + row.amounts.freelancer_fee_tax, row.amounts.currency),
        left=Money(left.client_pays, left.currency),
        pays=Money(part.client_pays, part.currency), receives=Money(part.freelancer_receives, part.currency),
        returns=Money(left.client_pays - part.client_pays, part.currency), held=seen.process.holds,
        direct=Money(part.work + part.work_tax, part.currency),
        client_fee=Money(row.amounts.client_fee + row.amounts.client_fee_tax, part.currency),
        bills=seen.process.state(way.target).deadline_days if Action.BILL in way.actions else None,
        by_day=seen.process.by_day,
        days=_sheet_days(row) if "days" in way.asks else (), by_staff=seen.side == "operator",
    )  # fmt: skip
    origins = payments.page_origins(house().plugins, seen.contract.provider) if action is Action.HOLD else ()
    return render("contracts/step.html", context, status=422 if form.errors else 200, form_action=origins)


def _lines(row: MilestoneRow, *, held: bool) -> list[tuple[str, Money]]:
    """What the client pays, line by line; lines of zero are left out, and fees where they are billed apart."""
    a = row.amounts
    named = ((gettext("Price before tax"), a.work), (gettext("Tax on the work"), a.work_tax),
             (gettext("Fee of the {client}"), a.client_fee),
             (gettext("Tax on that fee"), a.client_fee_tax))  # fmt: skip
    return [(label, Money(amount, a.currency)) for label, amount in (named if held else named[:2]) if amount]


def _left(seen: Seen, row: MilestoneRow, way: Transition) -> Amounts:
    """What is left of the amounts where this step moves or shares out what is held."""
    held = seen.process.state(way.source).hold is HoldState.FUNDED
    return payments.left_of(reading(), row.id) if held else row.amounts


def _part(seen: Seen, row: MilestoneRow, way: Transition, left: Amounts, back: int) -> Amounts:
    """What the freelancer's side keeps by this step, where ``back`` was typed: everything, or what its measure says."""
    action = course.money_action(way)
    if back and not way.measure:
        return booked(CommandKind.SPLIT, left, back)
    if not way.measure:
        return Amounts(left.currency) if action is Action.REFUND else left
    part = _measured(seen, row, way)
    if action is None:
        return part
    milestone = registry.load(reading(), row.id)[0]
    kind, refund = command_for(milestone, way, action, part=part, left=left, asked=0)
    return booked(kind, left, refund)


def _measured(seen: Seen, row: MilestoneRow, way: Transition) -> Amounts:
    """What the freelancer keeps of the whole by the measure of this step; everything where it has none."""
    milestone, contract, process = registry.load(reading(), row.id)
    role = next((r for r in seen.reader.roles if r in way.actors), way.actor)
    return kept(reading(), milestone, process, way, role, today=house().today, currency=contract.currency)


def _sheet_days(row: MilestoneRow) -> list[tuple[str, str, str]]:
    """The days that were handed in, to be marked: value, day and length, what was done."""
    found = sheets.days_of(reading(), [row.id])[row.id]
    return [
        (d.day.isoformat(), f"{show_date(d.day, 'EEEE d MMMM')}, {show_days(whole_or_half(d.half_days) or 0)}", d.note)
        for d in found if d.handed_at is not None
    ]  # fmt: skip


def _silence(seen: Seen, way: Transition) -> str:
    """What silence does in the state that this step leads to, and after how many days."""
    timer = course.timer_of(seen.process, way.target)
    if timer is None or not accepts(timer):
        return ""
    state = seen.process.state(way.target)
    if state.owner is not Role.CLIENT:
        return gettext(state.after)
    return gettext("From then on the {client} has %(n)s days; silence accepts.", n=timer.timer_days)


# -- conditions --------------------------------------------------------------------------------------------------


class MeetSchema(Schema):
    """What a condition may ask for."""

    text = TextField(longest=4000, lines=True)
    date = DateField()


@dataclass(frozen=True, slots=True)
class MeetContext:
    """One condition to be met."""

    contract: ContractRow
    condition: Condition
    label: str
    how: str
    form: Form


@pages.form("/contracts/<contract>/conditions/<name>", PARTIES)
def meet(contract: str, name: str) -> BaseResponse:
    """Hand in what a condition asks for."""
    seen = find(contract)
    entry = house().ports.get(Plugins).conditions.get(name)
    if entry is None or name not in {c.name for c in queries.conditions_of(reading(), contract)}:
        raise NotFound("There is no such condition.")
    if entry.it.fields or entry.it.paper:
        return redirect(url_for("papers.hand_in", contract=contract, name=name), 303)
    form = Form(MeetSchema())
    if request.method == "POST" and form.accept(request.form):
        try:
            _meet(contract, name, form.value, needs_file="file" in entry.it.asks)
            tell(gettext("Handed in. What waited for it can go on."))
            return redirect(url_for("contracts.show", contract=contract), 303)
        except InvalidInput as error:
            form.refuse(error)
    context = MeetContext(seen.contract, entry.it, translate(entry.it.label), translate(entry.it.how), form)
    return render("contracts/condition.html", context, status=422 if form.errors else 200)


def _meet(contract: str, name: str, value: dict[str, Any], *, needs_file: bool) -> None:
    upload = request.files.get("file")
    checked = None
    if needs_file and upload is not None and upload.filename:
        checked = received(upload, "condition")
    with unit() as uow:
        kept = ""
        if checked is not None:
            kept = files.keep(
                uow, checked=checked, purpose="condition", owner_kind="contract", owner_id=contract
            )
        on = value["date"].isoformat() if value.get("date") else ""
        meet_condition(uow, contract=contract, name=name, evidence=value["text"], file=kept, on=on)
        uow.commit()
