"""The page of a questionnaire: the questions that concern, one after the other, and what the answers come to."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.facets import forms as own_fields
from marketwright.features.facets.forms import FieldView
from marketwright.features.missions import queries as missions
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.sight import belongs, may_see, runs
from marketwright.features.questionnaires import queries, service
from marketwright.features.questionnaires.concluding import conclude
from marketwright.features.questionnaires.queries import AnsweringRow
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field
from marketwright.strategies.questionnaires import Conclusion, Questionnaire, asked
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit, viewer
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("questionnaires")
_READS = SIGNED_IN.objects("whoever sees the mission; owners and buyers of its organisation answer")


@dataclass(frozen=True, slots=True)
class DutyView:
    """One duty, and whether it holds already."""

    text: str
    since: date | None
    source: str
    holds: bool


@dataclass(frozen=True, slots=True)
class PastView:
    """An earlier answering: what it came to."""

    label: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionnaireContext:
    """The page: what is asked (where the reader may answer), what it came to, and what it came to before."""

    mission: MissionRow
    label: str
    summary: str
    caution: str
    form: Form | None
    views: list[FieldView]
    action: str
    known: AnsweringRow | None
    value: str
    duties: list[DutyView]
    given: list[tuple[str, str, bool]]
    past: list[PastView]


def _entry(name: str) -> Entry[Questionnaire]:
    found = house().plugins.questionnaires.get(name)
    if found is None:
        raise NotFound("There is no such questionnaire.")
    return found


def _seen(mission: str) -> MissionRow:
    found = missions.mission(reading(), mission)
    looker = viewer()
    if found is None or not (belongs(found, looker) or may_see(reading(), house().ports, found, looker)):
        raise NotFound("There is no such {mission}.")
    return found


@pages.form("/missions/<mission>/questionnaires/<name>", _READS)
def show(mission: str, name: str) -> BaseResponse:
    """The questions, and what the answers come to; sent again they count anew."""
    row, entry = _seen(mission), _entry(name)
    known = queries.latest(reading(), mission, name)
    if request.method == "GET":
        form = None
        if runs(row, the_viewer()) and (known is None or "again" in request.args):
            answers = known.answers if known else {}
            form = _form(entry.it, answers)
        return _page(row, entry, form, known)
    if not runs(row, the_viewer()):
        raise NotAllowed("Only owners and buyers of the {organisation} run {mission.other}.")
    return _answered(row, entry, known)


def _form(it: Questionnaire, answers: Mapping[str, Any]) -> Form:
    fields = [q.field for q in asked(it.questions, answers)]
    schema = Schema.from_dict(dict(own_fields.schema(fields)), name="Answers")()
    return Form(schema, own_fields.initial(fields, answers))


def _answered(row: MissionRow, entry: Entry[Questionnaire], known: AnsweringRow | None) -> BaseResponse:
    """Ask on while an answer leads to a question that was not asked yet; then conclude and keep."""
    answers: dict[str, Any] = {}
    while True:
        fields = [q.field for q in asked(entry.it.questions, answers)]
        form = _form(entry.it, answers)
        if not form.accept(request.form):
            shown = set(request.form.getlist("shown"))
            new = [f for f in fields if own_fields.PREFIX + f.name not in shown]
            if new and set(form.errors) == {own_fields.PREFIX + f.name for f in new}:
                form.errors = {}
                tell(_more(len(new)), "info")
            return _page(row, entry, form, known)
        found = own_fields.values(fields, form.value)
        if found == answers:
            break
        answers = found
    return _keep(row, entry, answers, form, known)


def _more(n: int) -> str:
    one, others = "Your answers lead to %(num)s more question.", "Your answers lead to %(num)s more questions."
    return ngettext(one, others, n)


def _keep(
    row: MissionRow, entry: Entry[Questionnaire], answers: Mapping[str, Any], form: Form, known: AnsweringRow | None
) -> BaseResponse:
    today = house().clock.business().date()
    conclusion = conclude(entry, _target(entry), answers, today)
    try:
        with unit() as uow:
            changed = service.answer(uow, mission=row.id, questionnaire=entry.it, answers=answers,
                                     conclusion=conclusion)  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(row, entry, form, known)
    tell(gettext("Kept. It comes to something else than before; everybody concerned is told.") if changed
         else gettext("Kept."))  # fmt: skip
    return redirect(url_for("questionnaires.show", mission=row.id, name=entry.it.name), 303)


def _target(entry: Entry[Questionnaire]) -> Field:
    return next(e.it for e in house().plugins.fields if e.it.name == entry.it.sets)


def _page(
    row: MissionRow, entry: Entry[Questionnaire], form: Form | None, known: AnsweringRow | None
) -> BaseResponse:
    it, locale = entry.it, current_locale()
    views = [v for v in own_fields.views([q.field for q in it.questions], locale) if form and v.name in _named(form)]
    target = _target(entry)
    words = {value: own_fields.word(label, locale) for value, label in target.choices}
    mine = runs(row, viewer()) if viewer() else False
    questions = [q.field for q in asked(it.questions, known.answers)] if known else []
    past = queries.history(reading(), row.id, it.name)[1:]
    context = QuestionnaireContext(
        mission=row, label=it.label, summary=it.summary, caution=it.caution, form=form, views=views,
        action=url_for("questionnaires.show", mission=row.id, name=it.name, again="1") if mine else "",
        known=known, value=words.get(known.conclusion.value, "") if known else "",
        duties=_duties(known.conclusion) if known else [],
        given=own_fields.shown(questions, known.answers, locale, private=True) if known and mine else [],
        past=[PastView(words.get(p.conclusion.value, ""), p.by_name, p.at) for p in past] if mine else [],
    )  # fmt: skip
    return render("questionnaires/show.html", context, status=422 if form and form.errors else 200)


def _named(form: Form) -> set[str]:
    return set(form.schema.load_fields)


def _duties(conclusion: Conclusion) -> list[DutyView]:
    today = house().clock.business().date()
    return [DutyView(d.text, d.since, d.source, d.since is None or d.since <= today) for d in conclusion.duties]
