"""The milestones of a contract's page, and the buttons that each reader gets."""

from collections.abc import Mapping, Sequence

from flask import url_for

from marketwright.features.contracts import queries, sheets, view
from marketwright.features.contracts.course import money_action
from marketwright.features.contracts.handovers import HandoverRow, handovers_of
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.measuring import bills_undisputed
from marketwright.features.contracts.pages.base import Seen
from marketwright.features.contracts.queries import DeliveryRow, MilestoneRow, StepRow
from marketwright.features.contracts.sheets import DayRow, handed_half_days
from marketwright.features.contracts.statement import Statement, statement
from marketwright.features.contracts.view import Button, Handed
from marketwright.features.contracts.waiting import Turn, untimely
from marketwright.features.contracts.worth import rule_for
from marketwright.features.invoicing import queries as invoicing
from marketwright.features.payments import queries as payments
from marketwright.features.proposals.offers import whole_or_half
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Action, Measure, Role, Transition
from marketwright.web.formats import show_date, show_days, show_money, show_number
from marketwright.web.house import house, reading
from marketwright.web.i18n import gettext


def label_of(transition: Transition, m: MilestoneRow) -> str:
    """What a button says, with the amount where money moves."""
    label, action = gettext(transition.label), money_action(transition)
    amount = show_money(m.client_pays)
    if transition.measure:
        return label
    if action is Action.HOLD:
        return gettext(N_("Pay in %(amount)s")) % {"amount": amount}
    if action is Action.RELEASE and transition.actor is Role.CLIENT:
        return gettext(N_("%(what)s, release %(amount)s")) % {"what": label, "amount": amount}
    return label


def _payment(seen: Seen, m: MilestoneRow) -> list[Button]:
    """The way to the payment of what was billed, while it is to be paid; for the one who pays it comes first."""
    if not any(Action.PAID in t.actions for t in seen.process.ways_from(m.state)):
        return []
    bill = invoicing.bill_of(reading(), m.id)
    main = Role.CLIENT in seen.reader.roles and Role.FREELANCER not in seen.reader.roles
    look = "main" if main and seen.process.state(m.state).owner is Role.CLIENT else "plain"
    url = url_for("contracts.payment", bill=bill.id) if bill else ""
    return [Button(gettext(N_("How to pay, what was paid")), url, look)] if bill else []


def buttons(seen: Seen, m: MilestoneRow) -> tuple[Button, ...]:
    """What the reader may do with ``m``: the first harmless thing is the main one."""
    if seen.contract.state != "ACTIVE":
        return ()
    if m.pending:
        follow = Button(gettext(N_("Follow the payment")), f"/payments/{m.command}")
        return (follow,) if Role.CLIENT in seen.reader.roles and m.pending == "fund" else ()
    found: list[Button] = _payment(seen, m)
    owner = seen.process.state(m.state).owner in seen.reader.roles
    for way in _open_ways(seen, m):
        decides = money_action(way) is not None and way.actor is Role.OPERATOR
        url = url_for("contracts.step", contract=seen.contract.id, milestone=m.id, transition=way.name)
        if "sheet" in way.asks or (way.measure is Measure.DAYS and Role.OPERATOR not in way.actors):
            url = url_for("contracts.timesheet", contract=seen.contract.id, milestone=m.id)
        main = owner and Role.OPERATOR not in seen.reader.roles and not any(b.look == "main" for b in found)
        look = "quiet" if way.danger and not decides else "main" if main else "plain"
        found.append(Button(label_of(way, m), url, look))
    return tuple(found)


def _open_ways(seen: Seen, m: MilestoneRow) -> list[Transition]:
    """What the reader is offered now.

    Nothing before or after its time, no calling off where no rule of it fits, no bill for days that are all disputed.
    """
    today = house().today
    turn = turn_of(seen, m)
    return [
        way for way in seen.reader.ways(seen.process, m)
        if (way.measure is not Measure.CANCELLATION or rule_for(seen.process, way.actor, m.starts_on, today))
        and untimely(m, way, turn) is None
        and not (bills_undisputed(way) and not handed_half_days(reading(), m.id, undisputed=True))
    ]  # fmt: skip


def turn_of(seen: Seen, m: MilestoneRow) -> Turn:
    """When the turn of ``m`` may come, and what time it is."""
    opens = house().ports.get(Horizon).opens_at(seen.process, m, seen.contract.provider)
    return Turn(opens, house().clock.business())


def _sheet(seen: Seen, m: MilestoneRow, days: Sequence[DayRow]) -> tuple[str, str] | None:
    """The link to the timesheet of a period: what it says so far, and its address."""
    if not seen.process.by_day or seen.contract.state not in ("ACTIVE", "ENDED") or m.state == seen.process.start:
        return None
    noted = whole_or_half(sum(d.half_days for d in days)) or 0
    text = gettext(N_("Timesheet: %(days)s of %(most)s at most"), days=show_number(noted), most=show_days(m.days or 0))
    return text, url_for("contracts.timesheet", contract=seen.contract.id, milestone=m.id)


def part_lines(
    seen: Seen, milestones: Sequence[MilestoneRow], at_hand: MilestoneRow | None, steps: Sequence[StepRow]
) -> list[view.Part]:
    """Every milestone as a line; the one at hand has its buttons at the top of the page."""
    session = reading()
    deliveries = queries.deliveries_of(session, seen.contract.id)
    forms = handovers_of(session, seen.contract.id) if seen.process.deliverables else {}
    asked = {r.milestone: r for r in queries.change_requests_of(session, seen.contract.id)}
    attached = queries.files_of_deliveries(session, [d.id for d in deliveries])
    noted = sheets.days_of(session, [m.id for m in milestones] if seen.process.by_day else [])
    found: list[view.Part] = []
    for m in milestones:
        here = at_hand is not None and m.id == at_hand.id
        handed = tuple(_handed(d, attached, forms) for d in deliveries if d.milestone == m.id)
        request = asked.get(m.id)
        text = gettext(N_("%(who)s asked for changes on %(date)s: %(text)s")) % {
            "who": request.by_name, "date": show_date(request.at), "text": request.text,
        } if request else ""  # fmt: skip
        found.append(view.part(
            seen.process, m, at_hand=here, deliveries=handed, asked=text, steps=steps,
            buttons=() if here else buttons(seen, m), sheet=_sheet(seen, m, noted.get(m.id, ())),
            begun=seen.contract.state not in ("DRAFT", "SENT"),
        ))  # fmt: skip
    return found


def _handed(
    d: DeliveryRow, attached: Mapping[str, tuple[tuple[str, str], ...]], forms: Mapping[str, HandoverRow]
) -> Handed:
    """One delivery; what came in the form of a deliverable is read on a page of its own, its files with it."""
    form = forms.get(d.id)
    if form is None:
        return Handed(d.number, d.at, d.note, attached.get(d.id, ()))
    entry = house().plugins.deliverables.get(form.deliverable)
    name = gettext(entry.it.label) if entry else form.deliverable
    return Handed(d.number, d.at, "", report=(name, url_for("contracts.handed", contract=form.contract, delivery=d.id)),
                  met=form.met)  # fmt: skip


def statement_of(seen: Seen, milestones: Sequence[MilestoneRow]) -> Statement:
    """The statement of the money as the viewer's side sees it."""
    side = "freelancer" if seen.side == "freelancer" else "client"
    return statement(reading(), seen.contract, milestones, side, by_day=seen.process.by_day)


def bar_of(
    milestones: Sequence[MilestoneRow], holds: Sequence[payments.HoldRow], *, by_day: bool
) -> list[tuple[str, Money]]:
    """Where the money is, share by share: what left the holds, and what each of them still holds."""
    held = N_("Held, period %(n)s") if by_day else N_("Held, {milestone} %(n)s")
    by_id = {h.id: h for h in holds}
    parts: list[tuple[str, Money]] = []
    shares = (("paid", N_("To the {freelancer}")), ("fees", N_("Fees of the marketplace")),
              ("fee_taxes", N_("Tax on the fees")), ("refunded", N_("Back to the {client}")))  # fmt: skip
    for name, label in shares:
        amounts = [getattr(h, name) for h in holds]
        whole = Money(sum(a.amount for a in amounts), amounts[0].currency) if amounts else None
        if whole:
            parts.append((gettext(label), whole))
    for m in milestones:
        hold = by_id.get(m.id)
        if hold is not None and hold.held:
            parts.append((gettext(held if len(milestones) > 1 else N_("Held")) % {"n": m.number}, hold.held))
    return parts
