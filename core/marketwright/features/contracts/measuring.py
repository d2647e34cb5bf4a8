"""What a measured step comes to: the part that the freelancer keeps, and the command that says so. Reads only."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.sheets import handed_half_days
from marketwright.features.contracts.tables import Milestone, TransitionLog
from marketwright.features.contracts.worth import WHOLE_BPS, back, portion, rule_for
from marketwright.features.payments.amounts import Amounts, kept_of
from marketwright.features.proposals.offers import Days
from marketwright.kernel.errors import Conflict
from marketwright.kernel.money import Money
from marketwright.strategies.payments import CommandKind
from marketwright.strategies.processes import Action, Measure, Process, Role, Transition

KINDS = {
    Action.HOLD: CommandKind.FUND, Action.RELEASE: CommandKind.RELEASE, Action.REFUND: CommandKind.REFUND,
    Action.SPLIT: CommandKind.SPLIT,
}  # fmt: skip
LEAVING = (CommandKind.RELEASE, CommandKind.REFUND, CommandKind.SPLIT)


def amounts_of(row: Milestone, currency: str) -> Amounts:
    """What a milestone costs in full."""
    return Amounts(currency, row.work, row.work_tax, row.client_fee, row.client_fee_tax, row.freelancer_fee,
                   row.freelancer_fee_tax)  # fmt: skip


def kept(
    session: Session, row: Milestone, process: Process, way: Transition, role: Role, *, today: date, currency: str
) -> Amounts:
    """What the freelancer keeps of ``row`` when ``role`` takes ``way`` today; everything where nothing is measured.

    ``Conflict`` where the rules of cancellation let nobody call it off any more, or nothing is left to bill.
    """
    whole = amounts_of(row, currency)
    match way.measure:
        case Measure.DAYS | Measure.UNDISPUTED:
            days = _half_days(session, row, process, way)
            if not days and bills_undisputed(way):
                raise Conflict("Every day of the timesheet is disputed: there is nothing to approve.", state=row.state)
            return portion(whole, days, row.half_days or days or 1)
        case Measure.OFFERED:
            return portion(whole, whole.client_pays - (row.offered_back or 0), whole.client_pays)
        case Measure.SHARE:
            return portion(whole, way.share_bps, WHOLE_BPS)
        case Measure.CANCELLATION:
            rule = rule_for(process, role, row.starts_on, today)
            if rule is None:
                raise Conflict("The work has begun, so it can no longer be called off; ask for a decision instead.",
                               state=row.state)  # fmt: skip
            return portion(whole, rule.freelancer_bps, WHOLE_BPS)
    return whole


def bills_undisputed(way: Transition) -> bool:
    """Whether ``way`` bills the days without dispute: where every day is disputed there is no bill to make."""
    return way.measure is Measure.UNDISPUTED and Action.BILL in way.actions


def _half_days(session: Session, row: Milestone, process: Process, way: Transition) -> int:
    undisputed = way.measure is Measure.UNDISPUTED
    if undisputed and _contests_all(session, row.id, process, way.source):
        return 0
    return handed_half_days(session, row.id, undisputed=undisputed)


def _contests_all(session: Session, milestone: str, process: Process, state: str) -> bool:
    """Whether the client brought it to ``state`` without marking single days: then they contest every one of them."""
    last = _entered(session, milestone, state)
    if last is None or last.role != Role.CLIENT or _marks(process, last):
        return False
    before = _entered(session, milestone, last.source, before=last.version)
    return before is None or not _marks(process, before)


def _entered(session: Session, milestone: str, state: str, *, before: int | None = None) -> TransitionLog | None:
    """The step by which ``milestone`` last came to ``state``, earlier than its step ``before``."""
    log = TransitionLog
    wanted = select(log).where(log.subject == milestone, log.step == "entered", log.target == state)
    if before is not None:
        wanted = wanted.where(log.version < before)
    return session.scalar(wanted.order_by(log.version.desc()).limit(1))


def _marks(process: Process, entry: TransitionLog) -> bool:
    return bool(entry.transition) and "days" in process.way(entry.transition).asks


def portion_of_days(amounts: Amounts, most: Days | None, half_days: int) -> Money:
    """What ``half_days`` of a period come to, before tax."""
    whole = int(most * 2) if most else half_days or 1
    return Money(portion(amounts, half_days, whole).work, amounts.currency)


def command_for(
    row: Milestone, way: Transition, action: Action, *, part: Amounts, left: Amounts, asked: int
) -> tuple[CommandKind, int]:
    """The command of ``way`` and what goes back to the client: ``asked``, or what is not ``part`` of a measured one.

    ``left`` is what is still held. What their bank took back from it before counts: it never goes back twice. Where
    nothing is left for one side it is the plain release or refund.
    """
    if not way.measure or action is not Action.SPLIT:
        return KINDS[action], asked if action is Action.SPLIT else 0
    whole = amounts_of(row, part.currency)
    due = row.offered_back or 0 if way.measure is Measure.OFFERED else back(whole, part)
    refund = due - (whole.client_pays - left.client_pays)
    if refund <= 0:
        return CommandKind.RELEASE, 0
    return (CommandKind.SPLIT, refund) if refund < left.client_pays else (CommandKind.REFUND, 0)


def booked(kind: CommandKind, left: Amounts, refund: int) -> Amounts:
    """What the freelancer's side keeps of ``left`` by a command of ``kind``, to the minor unit that will be booked."""
    if kind is CommandKind.SPLIT:
        return kept_of(left, refund)
    return Amounts(left.currency) if kind is CommandKind.REFUND else left


def settles(way: Transition, action: Action, kind: CommandKind) -> bool:
    """Whether a fact about a command of ``kind`` is about the pending ``way``."""
    return KINDS[action] is kind or (bool(way.measure) and kind in LEAVING)
