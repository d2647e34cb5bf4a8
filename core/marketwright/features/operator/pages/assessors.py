"""Assessors of one run: asking them, their marks once both are in, the time of the defence, how far they agree."""

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema, validate
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.pages.base import pages
from marketwright.features.vetting import assessing, queries
from marketwright.features.vetting.checks import checks_of
from marketwright.features.vetting.queries import Run
from marketwright.features.vetting.rubric import total_of
from marketwright.features.vetting.tables import Assessor, TaskRow
from marketwright.kernel.errors import InvalidInput, MarketwrightError, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.vetting import Assessment
from marketwright.web.errors import sentence
from marketwright.web.fields import TextField
from marketwright.web.formats import read_moment, show_number, show_percent
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import _, gettext
from marketwright.web.policy import staff
from marketwright.web.render import tell

_DECIDE = staff("vetting.decide").objects("runs that wait; nobody decides about themselves or their organisation")


class Invitation(Schema):
    """Who is asked to mark."""

    name = TextField(longest=120, required=True)
    email = TextField(longest=254, required=True)
    locale = TextField(longest=5, required=True, validate=validate.OneOf(("en", "fr")))


@dataclass(frozen=True, slots=True)
class AssessorLine:
    """One assessor: how far they are, and the total once every mark of the round is in."""

    name: str
    email: str
    state: str
    total: int | None
    third: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The assessors of a run beside its page; ``agreement`` are (what, figure) of the check so far."""

    state: str
    due: datetime
    lines: list[AssessorLine]
    wanted: int
    most: int
    pass_mark: int
    defence_at: datetime | None
    defence_where: str
    confirmed: bool
    agreement: list[tuple[str, str]]
    decidable: bool
    overdue: bool


def panel_of(run: Run) -> Panel | None:
    """The panel of a run of a check with a task; ``None`` for others."""
    session = reading()
    task = assessing.task_of(session, run.id)
    entry = checks_of(house().plugins).get(run.check)
    rule = entry.it.assessment if entry else None
    if task is None or rule is None:
        return None
    rows = assessing.assessors_of(session, run.id)
    now = house().clock.business()
    third = task.state == "third"
    defended = task.defence_confirmed_at is not None and task.defence_at is not None and task.defence_at <= now
    busy = [a for a in rows if a.third == third and a.declined_at is None and (a.marked_at or a.expires_at > now)]
    wanted = (1 if third else 2) - len(busy) if task.state in assessing.MARKING else 0
    return Panel(
        state=task.state, due=task.due_at, lines=_lines(rows, task, now), wanted=max(0, wanted), most=rule.most,
        pass_mark=rule.pass_mark, defence_at=task.defence_at, defence_where=task.defence_where,
        confirmed=task.defence_confirmed_at is not None, agreement=_agreement(run.check),
        decidable=task.state == "defence" and defended, overdue=assessing.overdue(task, now),
    )  # fmt: skip


def _lines(rows: Sequence[Assessor], task: TaskRow, now: datetime) -> list[AssessorLine]:
    """Totals stay hidden until the first two have both marked: who assigns does not influence."""
    open_ = task.agreed is not None
    found = []
    for a in rows:
        if a.declined_at is not None:
            state = _("does not mark: %(why)s", why=a.declined_why or _("no reason given"))
        elif a.marked_at is not None:
            state = _("has marked")
        elif a.expires_at <= now:
            state = _("did not answer in time")
        else:
            state = _("reads the file") if a.stated_at else _("was asked")
        marks = assessing.marks_of(reading(), a) if open_ and a.marked_at is not None else {}
        found.append(AssessorLine(a.name, a.email, state, total_of(marks) if marks else None, a.third))
    return found


def _agreement(check: str) -> list[tuple[str, str]]:
    found = assessing.agreement_of(reading(), check)
    if not found.files:
        return []
    return [
        (_("Tasks marked by two"), str(found.files)),
        (_("Of these agreed"), show_percent(found.agreed / found.files, 0)),
        (_("Points between the totals, on average"), show_number(round(found.difference, 1))),
        (_("Criteria with the same points"), show_percent(found.exact, 0)),
        (_("Criteria at most one point apart"), show_percent(found.near, 0)),
    ]


@pages.post("/vetting/<run>/assessors", _DECIDE)
def vetting_assessors(run: str) -> BaseResponse:
    """Ask somebody to mark: of the staff, or an expert from outside, by a link in a mail."""
    found, rule = _found(run)
    form = Form(Invitation())
    back = redirect(url_for("operator.vetting_run", run=run) + "#assessors", 303)
    if not form.accept(request.form):
        tell(_("Give a name, an address and a language."), "error")
        return back
    try:
        with unit() as uow:
            assessing.invite(
                uow, run=run, name=form.value["name"], email=form.value["email"], locale=form.value["locale"],
                assessment=rule, candidate=found.owner,
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        tell(" ".join(gettext(s) for said in error.errors.values() for s in said), "error")
        return back
    except MarketwrightError as error:
        tell(sentence(error), "error")
        return back
    tell(_("Asked. The link is on its way."))
    return back


@pages.post("/vetting/<run>/defence", _DECIDE)
def vetting_defence(run: str) -> BaseResponse:
    """Propose when and where the task is defended."""
    _found(run)
    back = redirect(url_for("operator.vetting_run", run=run) + "#assessors", 303)
    try:
        at = read_moment(request.form.get("at", ""))
        with unit() as uow:
            assessing.propose_defence(uow, run=run, at=at, where=request.form.get("where", ""))
            uow.commit()
    except ValueError:
        tell(_("Give a day and a time, as 2026-06-01T14:00."), "error")
        return back
    except InvalidInput as error:
        tell(" ".join(gettext(s) for said in error.errors.values() for s in said), "error")
        return back
    except MarketwrightError as error:
        tell(sentence(error), "error")
        return back
    tell(_("Proposed. The candidate confirms it."))
    return back


@pages.post("/vetting/<run>/defence/missed", _DECIDE)
def vetting_defence_missed(run: str) -> BaseResponse:
    """End an attempt whose defence the candidate never confirmed."""
    _found(run)
    try:
        with unit() as uow:
            assessing.miss_defence(uow, run=run)
            uow.commit()
    except MarketwrightError as error:
        tell(sentence(error), "error")
        return redirect(url_for("operator.vetting_run", run=run) + "#assessors", 303)
    tell(_("Ended. The candidate was told."))
    return redirect(url_for("operator.vetting_run", run=run), 303)


def _found(run: str) -> tuple[Run, Assessment]:
    found = queries.run(reading(), run)
    entry = checks_of(house().plugins).get(found.check) if found else None
    if found is None or entry is None or entry.it.assessment is None:
        raise NotFound("There is no such check.")
    return found, entry.it.assessment
