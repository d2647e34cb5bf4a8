"""The timesheet of a period: the freelancer notes days and half days and hands them in; everybody else reads it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import queries, sheets, steps, timesheets
from marketwright.features.contracts.measuring import portion_of_days
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.queries import ContractRow, MilestoneRow
from marketwright.features.contracts.sheets import DayRow
from marketwright.features.contracts.steps import Ask
from marketwright.features.contracts.timesheets import LONGEST_NOTE, Worked, open_for_days
from marketwright.features.proposals.offers import Days, whole_or_half
from marketwright.kernel.errors import GateClosed, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Role, Transition
from marketwright.web.errors import sentence
from marketwright.web.formats import local, show_date
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.render import render, tell

MOST_SHOWN = 100  # days of a period whose end nobody named


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the page; ``half_days`` 0 where nothing was worked."""

    key: str
    label: str
    weekend: bool
    holiday: str
    half_days: int
    note: str
    disputed: bool = False
    errors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SheetContext:
    """``weeks`` are (label, days); ``writes`` says whether the viewer may change it, ``hands_in`` whether now.

    ``goes_on``: the last day of a period that is not over yet.
    """

    contract: ContractRow
    milestone: MilestoneRow
    weeks: Sequence[tuple[str, Sequence[Line]]]
    writes: bool
    hands_in: str
    days: Days
    most: Days | None
    worth: Money
    note: str
    errors: Sequence[str]
    deeds: Sequence[tuple[str, str, bool]]
    longest: int
    to_come: date | None
    goes_on: date | None


@pages.form("/contracts/<contract>/milestones/<milestone>/timesheet", PARTIES)
def timesheet(contract: str, milestone: str) -> BaseResponse:
    """Note days, keep them, hand them in; or read them."""
    seen, row = _find(contract, milestone)
    if request.method == "GET":
        return _page(seen, row, _noted(row))
    if not _writes(seen, row):
        raise NotAllowed("Only the {freelancer} writes the timesheet, until it is handed in.")
    typed = _typed(row, request.form)
    note = request.form.get("note", "").strip()[:4000]
    try:
        handed = _kept(seen, row, typed, note)
    except InvalidInput as error:
        return _page(seen, row, typed, note, _said(error))
    except GateClosed as closed:
        return _page(seen, row, typed, note, {"": [sentence(closed)]})
    tell(gettext("The timesheet was handed in.") if handed else gettext("The days were kept."))
    where = url_for("contracts.show", contract=contract) if handed else request.path
    return redirect(where, 303)


def _kept(seen: Seen, row: MilestoneRow, typed: Mapping[date, Worked], note: str) -> bool:
    """Keep the days and, where it was asked for, hand them in, in one commit; whether they were."""
    way = _hand_in(seen, row)
    handing = way is not None and "hand_in" in request.form
    with unit() as uow:
        timesheets.note_days(uow, milestone=row.id, days={d: w for d, w in typed.items() if w.half_days})
        if handing and way is not None:
            steps.take(uow, milestone=row.id, transition=way.name, ask=Ask(note=note))
        uow.commit()
    return handing


def _find(contract: str, milestone: str) -> tuple[Seen, MilestoneRow]:
    seen = find(contract)
    row = next((m for m in queries.milestones_of(reading(), [contract])[contract] if m.id == milestone), None)
    if row is None or not seen.process.by_day:
        raise NotFound("There is no such timesheet.")
    return seen, row


def _writes(seen: Seen, row: MilestoneRow) -> bool:
    mine = Role.FREELANCER in seen.reader.roles and seen.contract.state == "ACTIVE" and not row.pending
    return mine and open_for_days(seen.process, row.state)


def _hand_in(seen: Seen, row: MilestoneRow) -> Transition | None:
    ways = seen.reader.ways(seen.process, row) if seen.contract.state == "ACTIVE" else ()
    return next((t for t in ways if "sheet" in t.asks), None)


def _noted(row: MilestoneRow) -> dict[date, Worked]:
    found = sheets.days_of(reading(), [row.id])[row.id]
    return {d.day: Worked(d.half_days, d.note) for d in found}


def _typed(row: MilestoneRow, form: MultiDict[str, str]) -> dict[date, Worked]:
    """The days as they were sent: ``day-2026-05-12`` is 0, 1 or 2 half days, ``note-2026-05-12`` what was done."""
    found: dict[date, Worked] = {}
    for day in _days(row):
        given, note = form.get(f"day-{day}", "0"), form.get(f"note-{day}", "")
        found[day] = Worked(int(given) if given in ("0", "1", "2") else 0, note)
    return found


def _days(row: MilestoneRow) -> list[date]:
    """The days of the period that have come."""
    today = local(house().clock.business()).date()
    first = row.starts_on or (local(row.entered_at).date() if row.entered_at else today)
    last = min(row.due_on or first + timedelta(days=MOST_SHOWN), today)
    return timesheets.dates(first, last) if first <= last else []


def _said(error: InvalidInput) -> dict[str, list[str]]:
    return {name: [translate(m) for m in messages] for name, messages in error.errors.items()}


def _page(
    seen: Seen, row: MilestoneRow, typed: Mapping[date, Worked], note: str = "",
    errors: Mapping[str, Sequence[str]] | None = None,
) -> BaseResponse:
    wrong = errors or {}
    kept = {d.day: d for d in sheets.days_of(reading(), [row.id])[row.id]}
    writes, way = _writes(seen, row), _hand_in(seen, row)
    half_days = sum(w.half_days for w in typed.values())
    context = SheetContext(
        contract=seen.contract, milestone=row, weeks=_weeks(row, typed, kept, wrong, writes=writes), writes=writes,
        hands_in=gettext(way.label) if way is not None and writes else "", days=whole_or_half(half_days) or 0,
        most=row.days, worth=portion_of_days(row.amounts, row.days, half_days), note=note,
        errors=[m for name, messages in wrong.items() if not name.startswith("day-") for m in messages],
        deeds=[] if writes else _deeds(seen, row), longest=LONGEST_NOTE,
        goes_on=row.due_on if row.due_on and row.due_on > local(house().clock.business()).date() else None,
        to_come=row.starts_on if row.starts_on and not _days(row) else None,
    )  # fmt: skip
    return render("contracts/timesheet.html", context, status=422 if wrong else 200)


def _weeks(
    row: MilestoneRow, typed: Mapping[date, Worked], kept: Mapping[date, DayRow], errors: Mapping[str, Sequence[str]],
    *, writes: bool,
) -> list[tuple[str, list[Line]]]:  # fmt: skip
    """The days week by week; who only reads sees those that were worked."""
    shown = _days(row) if writes else sorted(day for day, worked in typed.items() if worked.half_days)
    weeks: dict[date, list[Line]] = {}
    for day in shown:
        worked, known = typed.get(day, Worked(0)), kept.get(day)
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(Line(
            key=day.isoformat(), label=show_date(day, "EEEE d MMMM"), weekend=day.weekday() > 4, holiday=_holiday(day),
            half_days=worked.half_days, note=worked.note, disputed=bool(known and known.disputed),
            errors=errors.get(f"day-{day}", ()),
        ))  # fmt: skip
    return [(gettext(N_("Week of %(date)s")) % {"date": show_date(monday, "d MMMM")}, lines)
            for monday, lines in weeks.items()]  # fmt: skip


def _deeds(seen: Seen, row: MilestoneRow) -> list[tuple[str, str, bool]]:
    """What the reader may do with the sheet as it is: (label, address, main)."""
    if seen.contract.state != "ACTIVE":
        return []
    return [
        (gettext(way.label), url_for("contracts.step", contract=seen.contract.id, milestone=row.id,
                                     transition=way.name), n == 0)
        for n, way in enumerate(w for w in seen.reader.ways(seen.process, row) if w.measure or "days" in w.asks)
        if not way.danger
    ]  # fmt: skip


def _holiday(day: date) -> str:
    """The name of the holiday that a day is in the marketplace's country; '' for none."""
    entry = house().plugins.countries.get(house().marketplace.country)
    found = entry.it.holiday(day) if entry is not None else None
    return found.names.get(current_locale(), next(iter(found.names.values()))) if found is not None else ""
