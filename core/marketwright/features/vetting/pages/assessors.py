"""The page of whoever marks a task: reached by a link of their own, for one file, without an account."""

from datetime import datetime

from flask import make_response, redirect, request
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.files import queries as files
from marketwright.features.files.ports import Storage
from marketwright.features.vetting import assessing, queries, running
from marketwright.features.vetting.checks import checks_of
from marketwright.features.vetting.pages.base import pages
from marketwright.features.vetting.pages.task import CriterionView, rubric_views
from marketwright.features.vetting.tables import Assessor
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.vetting import Assessment, VettingCheck
from marketwright.web.fields import IntField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import translate
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render

_LINK = PUBLIC.objects("whoever has the link, until the marks are in; 404 to everybody else")


@dataclass(frozen=True, slots=True)
class MarkingContext:
    """A task to be marked: ``stage`` is ``state`` (interests first), ``mark`` or ``done``.

    ``given`` are (label, words, address of the file or ''); ``others`` the other assessor's points by criterion, shown
    where both confer alone.
    """

    stage: str
    check: str
    candidate: str
    name: str
    until: datetime | None
    task: str
    given: list[tuple[str, str, str]]
    rubric: list[CriterionView]
    pass_mark: int
    most: int
    confer: bool
    form: Form
    others: dict[str, list[int]]
    action: str


@pages.form("/assess/<token>", _LINK)
def assess(token: str) -> BaseResponse:
    """State one's interests, read, mark."""
    row = _opened(token)
    found = queries.run(reading(), row.run_id)
    entry = checks_of(house().plugins).get(found.check) if found else None
    if found is None or entry is None or entry.it.assessment is None:
        raise NotFound(assessing.GONE)
    form = Form(_schema(entry.it.assessment))
    action = f"/assess/{token}"
    if request.method == "POST":
        stage = _posted(form, row, entry.it.assessment)
        if stage == "again":
            return redirect(action, 303)
        if stage == "done":
            return render("vetting/assess.html", _context("done", row, found, entry.it, form))
    context = _context("mark" if row.stated_at is not None else "state", row, found, entry.it, form, action=action)
    return render("vetting/assess.html", context, status=422 if form.errors else 200)


def _context(
    stage: str, row: Assessor, run: queries.Run, check: VettingCheck, form: Form, *, action: str = ""
) -> MarkingContext:  # fmt: skip
    """What is shown at ``stage``: task, work and marks once interests were stated."""
    rule, marking = check.assessment, stage == "mark"
    assert rule is not None
    handed = queries.evidence_of(reading(), row.run_id) if marking else []
    given = [
        (translate(g.label), translate(g.shown or g.text) if not g.file else "",
         f"{action}/files/{g.file}" if g.file else "")
        for g in handed
    ]  # fmt: skip
    if answers := queries.answers_in(handed):
        with unit(Actor(kind="outsider", id=row.id, name=row.name)) as uow:
            uow.audit("evidence.read", row.run_id, answers=answers)
            uow.commit()
    return MarkingContext(
        stage=stage, check=translate(check.label), candidate=run.name, name=row.name, until=row.expires_at,
        task=translate(rule.task) if marking else "", given=given, rubric=rubric_views(rule), pass_mark=rule.pass_mark,
        most=rule.most, confer=rule.confer, form=form, others=_others(row) if marking else {}, action=action,
    )  # fmt: skip


@pages.get("/assess/<token>/files/<file>", _LINK)
def assess_file(token: str, file: str) -> BaseResponse:
    """One file of what was handed in, to be saved; for whoever stated their interests."""
    row = _opened(token)
    known = {g.file for g in queries.evidence_of(reading(), row.run_id)}
    found = files.file(reading(), file)
    if row.stated_at is None or file not in known or found is None:
        raise NotFound(assessing.GONE)
    with unit(Actor(kind="outsider", id=row.id, name=row.name)) as uow:
        uow.audit("evidence.read", row.run_id, file=found.id)
        uow.commit()
    response = make_response(house().ports.get(Storage).get(found.id))
    response.headers["Content-Type"] = "application/octet-stream"
    plain = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _opened(token: str) -> Assessor:
    market = house().marketplace
    return assessing.read_token(reading(), token, market.secret_key, house().clock.business())


def _schema(assessment: Assessment) -> Schema:
    made: dict[str, object] = {}
    for c in assessment.rubric:
        made[f"{c.key}_points"] = IntField(least=0, most=c.most, required=True)
        made[f"{c.key}_reason"] = TextField(longest=1000, lines=True, required=True)
    return Schema.from_dict(made, name="Marking")()  # type: ignore[arg-type]


def _posted(form: Form, row: Assessor, assessment: Assessment) -> str:
    """What came of the post: ``again`` (look at the page anew), ``done``, or '' where the form was refused."""
    asked, by = request.form.get("do", ""), Actor(kind="outsider", id=row.id, name=row.name)
    if asked == "decline":
        with unit(by) as uow:
            assessing.decline(uow, assessor=row.id, why=request.form.get("why", ""))
            uow.commit()
        return "done"
    if asked == "state":
        if request.form.get("no_conflict") and request.form.get("confidential"):
            with unit(by) as uow:
                assessing.state_free_of_conflict(uow, assessor=row.id)
                uow.commit()
        return "again"
    if row.stated_at is None or not form.accept(request.form):
        return ""
    marks = {c.key: (int(form.value[f"{c.key}_points"]), form.value[f"{c.key}_reason"]) for c in assessment.rubric}
    run = row.run_id
    try:
        with unit(by) as uow:
            assessing.mark(uow, assessor=row.id, marks=marks, assessment=assessment)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return ""
    running.conclude(house(), run)
    return "done"


def _others(row: Assessor) -> dict[str, list[int]]:
    """The first marks of both, where they mark once more."""
    if row.round == 1 or row.third:
        return {}
    found: dict[str, list[int]] = {}
    for assessor in assessing.assessors_of(reading(), row.run_id):
        for key, points in assessing.marks_of(reading(), assessor, 1).items():
            found.setdefault(key, []).append(points)
    return found
