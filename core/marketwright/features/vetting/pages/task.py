"""The page of a check with a task: its rubric for everybody, its days, handing in, the time of the defence."""

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.vetting import asking, assessing, queries
from marketwright.features.vetting.asking import Question
from marketwright.features.vetting.pages.base import Side
from marketwright.features.vetting.queries import Stands
from marketwright.features.vetting.showing import SOON, Shown, shown
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import Conflict, MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.vetting import Ask, Assessment, VettingCheck
from marketwright.web.errors import sentence
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, unit
from marketwright.web.i18n import _, translate
from marketwright.web.limits import keep_within
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
    form = asking.form_for(asks) if task is not None and task.state == "task" and not closed else None
    if request.method == "POST" and not closed:
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
        again=again if again and again > now else None, closed=closed, form=form,
        questions=asking.questions(asks) if form else [], action=side.url(entry.it.name),
        standing=[shown(v, {}, now) for v in verdicts], reasons=_reasons(verdicts),
        holds=any(v.holds(now) and (v.expires is None or v.expires - now > SOON) for v in verdicts),
        defence_at=task.defence_at if task else None,
        defence_where=task.defence_where if task else "", confirmed=bool(task and task.defence_confirmed_at),
    )  # fmt: skip
    return render("vetting/task.html", context, status=422 if form is not None and form.errors else 200)


def _reasons(verdicts: Sequence[Stands]) -> list[str]:
    """What the assessors gave for the last verdict, a line each; that of a refusal stands in the verdict itself."""
    return verdicts[0].reason.splitlines() if verdicts and verdicts[0].result == "passed" else []


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
        elif form is not None:
            keep_within("uploads")
            handed = asking.read(form, asks, request.form, request.files)
            if form.errors:
                return None
            db.session.remove()
            with unit() as uow:
                assessing.hand_in(uow, run=run, handed=handed)
                uow.commit()
            tell(_("Thank you, it was handed in. Two people mark it without seeing each other’s marks."))
    except (Conflict, MarketwrightError) as error:
        tell(sentence(error), "error")
    return redirect(side.url(entry.it.name), 303)


def _begin(side: Side, entry: Entry[VettingCheck]) -> None:
    assert entry.it.assessment is not None
    with unit() as uow:
        assessing.begin(uow, check=entry.it.name, kind=side.kind, owner=side.owner, assessment=entry.it.assessment)
        uow.commit()
    tell(_("The task is below, and its days have begun."))


def _confirm(run: str) -> None:
    at = datetime.fromisoformat(request.form.get("at", "") or "1970-01-01T00:00:00+00:00")
    with unit() as uow:
        assessing.confirm_defence(uow, run=run, at=at)
        uow.commit()
    tell(_("Confirmed. You both have the time and the place."))
