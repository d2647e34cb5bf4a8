"""The page of a check with a task: its rubric for everybody, its days, handing in, the time of the defence."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import redirect, request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.vetting import asking, assessing, queries
from marketwright.features.vetting.asking import Question
from marketwright.features.vetting.pages.base import Side
from marketwright.features.vetting.queries import Stands
from marketwright.features.vetting.showing import SOON, Shown, shown
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import Conflict, InvalidInput, MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text
from marketwright.strategies.vetting import Ask, Assessment, VettingCheck
from marketwright.web.errors import sentence
from marketwright.web.formats import show_date, show_datetime
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, unit
from marketwright.web.i18n import _, current_locale, translate
from marketwright.web.limits import TOO_MUCH, within
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion: its words, the most points, and the anchors (points, what earns them)."""

    key: str
    label: str
    most: int
    anchors: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class TaskContext:
    """A check with a task. ``state`` is '' before it has begun, else the task's; ``task`` is read once it has begun.

    ``reasons`` are the lines of a good verdict; ``holds`` while it need not be taken again.
    ``missed`` says how the last attempt ended where it did without a mark or a defence; ``passed_by``: the time of the
    defence is over, unconfirmed.
    """

    side: Side
    label: str
    rubric: list[CriterionView]
    most: int
    pass_mark: int
    confer: bool
    days: int
    state: str
    task: str
    due: datetime | None
    again: datetime | None
    missed: str
    closed: str
    form: Form | None
    questions: list[Question]
    action: str
    standing: list[Shown]
    reasons: list[str]
    holds: bool
    defence_at: datetime | None
    defence_where: str
    confirmed: bool
    passed_by: bool


def rubric_views(assessment: Assessment) -> list[CriterionView]:
    """The rubric in the reader's language."""
    return [
        CriterionView(c.key, translate(c.label), c.most, [(p, translate(words)) for p, words in c.anchors])
        for c in assessment.rubric
    ]


def task_page(side: Side, entry: Entry[VettingCheck], asks: tuple[Ask, ...], closed: str) -> BaseResponse:
    """Read the rubric, begin, hand in, confirm the defence."""
    assessment = entry.it.assessment
    assert assessment is not None
    run = assessing.last_run(reading(), check=entry.it.name, kind=side.kind, owner=side.owner)
    task = assessing.task_of(reading(), run.id) if run else None
    posted = request.method == "POST" and not closed
    hands_in = posted and "do" not in request.form  # shown again with what was typed, also where it comes too late
    form = asking.form_for(asks) if hands_in or (task is not None and task.state == "task" and not closed) else None
    if posted:
        done = _done(side, entry, form, asks, run.id if run else "")
        if done is not None:
            return done
    verdicts = queries.verdicts_of(reading(), side.kind, side.owner, check=entry.it.name)
    now = house().clock.business()
    again = None if task else assessing.retry_from(
        reading(), check=entry.it.name, kind=side.kind, owner=side.owner, assessment=assessment)  # fmt: skip
    context = TaskContext(
        side=side, label=translate(entry.it.label), rubric=rubric_views(assessment), most=assessment.most,
        pass_mark=assessment.pass_mark, confer=assessment.confer, days=assessment.days,
        state=task.state if task else "",
        task=translate(assessment.task) if task else "", due=task.due_at if task else None,
        again=again if again and again > now else None, missed=_missed(side, entry) if again else "",
        closed=closed, form=form, questions=asking.questions(asks) if form else [], action=side.url(entry.it.name),
        standing=[shown(v, {}, now) for v in verdicts], reasons=_reasons(assessment, verdicts),
        holds=any(v.holds(now) and (v.expires is None or v.expires - now > SOON) for v in verdicts),
        defence_at=task.defence_at if task else None,
        defence_where=task.defence_where if task else "", confirmed=bool(task and task.defence_confirmed_at),
        passed_by=bool(task and task.defence_at and not task.defence_confirmed_at and task.defence_at <= now),
    )  # fmt: skip
    return render("vetting/task.html", context, status=422 if form is not None and form.errors else 200)


def _missed(side: Side, entry: Entry[VettingCheck]) -> str:
    last = assessing.last_failed(reading(), check=entry.it.name, kind=side.kind, owner=side.owner)
    if last is None or last.state != "missed":
        return ""
    if last.defence_at is None:
        return _("Your last attempt ended on %(date)s: nothing was handed in.", date=show_date(last.due_at))
    return _(
        "Your last attempt ended: nobody confirmed the defence proposed for %(date)s.",
        date=show_datetime(last.defence_at),
    )


def _reasons(assessment: Assessment, verdicts: Sequence[Stands]) -> list[str]:
    """What stands behind the last verdict, a line each: the words of staff who decided, and every mark in full.

    What staff say of a refusal stands in the verdict itself.
    """
    last = verdicts[0] if verdicts else None
    task = assessing.task_of(reading(), last.run) if last and last.run else None
    if last is None or task is None or task.total is None:
        return last.reason.splitlines() if last and last.result == "passed" else []
    words = last.reason.splitlines() if last.result == "passed" and last.by.startswith("person:") else []
    return [*words, *assessing.marked(reading(), task.run_id, assessment, locale=current_locale())]


def _done(
    side: Side, entry: Entry[VettingCheck], form: Form | None, asks: tuple[Ask, ...], run: str
) -> BaseResponse | None:  # fmt: skip
    """What the pressed button asked for; ``None`` where the form was refused."""
    asked = request.form.get("do", "")
    try:
        if asked == "begin":
            _begin(side, entry)
        elif asked == "confirm" and run:
            _confirm(run)
        elif form is not None and not asked and not _handed_in(form, asks, run):
            return None
    except MarketwrightError as error:
        tell(sentence(error), "error")
    return redirect(side.url(entry.it.name), 303)


def _handed_in(form: Form, asks: tuple[Ask, ...], run: str) -> bool:
    """Whether it was; where not, the form says why and keeps what was typed."""
    handed = asking.read(form, asks, request.form, request.files)
    if not within("uploads"):
        form.refuse(InvalidInput({"": [TOO_MUCH]}))
    if form.errors:
        return False
    db.session.remove()
    try:
        if not run:
            raise Conflict("This moved on while you were reading. Look at it again.", state="missed")
        with unit() as uow:
            assessing.hand_in(uow, run=run, handed=handed)
            uow.commit()
    except Conflict as error:
        form.refuse(InvalidInput({"": [Text(error.template, error.params)]}))
        return False
    tell(_("Thank you, it was handed in. Two people mark it without seeing each other’s marks."))
    return True


def _begin(side: Side, entry: Entry[VettingCheck]) -> None:
    assert entry.it.assessment is not None
    with unit() as uow:
        assessing.begin(uow, check=entry.it.name, kind=side.kind, owner=side.owner, assessment=entry.it.assessment)
        uow.commit()
    tell(_("The task is below, and its days have begun."))


def _confirm(run: str) -> None:
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        at = datetime.fromtimestamp(0, UTC)  # no time that anybody proposed
    with unit() as uow:
        assessing.confirm_defence(uow, run=run, at=at)
        uow.commit()
    tell(_("Confirmed. You both have the time and the place."))
