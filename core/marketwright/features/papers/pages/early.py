"""The pages of answers in confidence: a freelancer answers what a mission asks, the client alone reads it."""

from collections.abc import Sequence

from flask import make_response, redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.confidentiality import signed
from marketwright.features.facets import forms
from marketwright.features.facets.forms import FieldView
from marketwright.features.missions import queries as missions
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.sight import belongs, may_see
from marketwright.features.papers import early, queries
from marketwright.features.papers.pages.base import pages
from marketwright.features.papers.queries import Answer
from marketwright.features.seals.queries import ReadingRow, readings_of_seal
from marketwright.features.vetting.queries import held
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.store.ring import Ring
from marketwright.strategies.conditions import Condition, HandedIn
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.policy import CLIENT, FREELANCER, SIGNED_IN
from marketwright.web.render import render, tell

GONE = "There is no such {mission}."
_ANSWERS = FREELANCER.objects("who signed the mission's confidentiality agreement")
_READS = SIGNED_IN.objects("members of the client, and whoever gave the answer")


@dataclass(frozen=True, slots=True)
class EarlyContext:
    """The form of what a mission asks in confidence; ``before`` is when it was answered last."""

    mission: MissionRow
    name: str
    label: str
    how: str
    form: Form
    views: Sequence[FieldView]
    before: Answer | None
    read_url: str


@dataclass(frozen=True, slots=True)
class EarlyListContext:
    """Who answered what a mission asks: (what, person, when, address)."""

    mission: MissionRow
    lines: Sequence[tuple[str, Answer, str]]
    asks: Sequence[str]


@dataclass(frozen=True, slots=True)
class EarlyReadContext:
    """One answer, opened, and who read it."""

    mission: MissionRow
    label: str
    answer: Answer
    fields: Sequence[tuple[str, str, bool]]
    readings: Sequence[ReadingRow]
    own: bool


def _mission(mission: str) -> MissionRow:
    row = missions.mission(reading(), mission)
    if row is None or not may_see(reading(), house().ports, row, the_viewer()):
        raise NotFound(GONE)
    return row


def _asked(row: MissionRow, name: str) -> Entry[Condition]:
    found = next((e for e in queries.asked(house().plugins, row.fields) if e.it.name == name), None)
    if found is None:
        raise NotFound("This is not asked here.")
    return found


@pages.form("/missions/<mission>/answers/<name>", _ANSWERS)
def early_answer(mission: str, name: str) -> BaseResponse:
    """Answer in confidence, or answer anew."""
    row = _mission(mission)
    entry = _asked(row, name)
    me = the_viewer().account
    if not signed(reading(), mission, me):
        raise NotAllowed("Sign the confidentiality agreement of the {mission} first: your answer is covered by it.")
    form = Form(Schema.from_dict(forms.schema(entry.it.fields))(), forms.initial(entry.it.fields, {}))
    if request.method == "POST" and form.accept(request.form) and _kept(entry, row, form):
        tell(gettext("Answered. The {client} alone can read it, and was told that it is there."))
        return redirect(url_for("missions.show", mission=mission), 303)
    before = next((a for a in queries.answers_of(reading(), mission, account=me) if a.name == name), None)
    context = EarlyContext(
        mission=row, name=name, label=translate(entry.it.label), how=translate(entry.it.how), form=form,
        views=forms.views(entry.it.fields, current_locale()), before=before,
        read_url=url_for("papers.early_read", mission=mission, name=name, freelancer=me) if before else "",
    )  # fmt: skip
    return render("papers/early.html", context, status=422 if form.errors else 200)


def _kept(entry: Entry[Condition], row: MissionRow, form: Form) -> bool:
    here = house()
    values = forms.values(entry.it.fields, form.value)
    now = here.clock.business()
    given = HandedIn(values, (), forms.without_sealed(row.fields), {}, now, here.marketplace.time_zone,
                     confidentiality_signed=True,
                     held=held(reading(), "freelancer", the_viewer().account, entry.it.holding, now))  # fmt: skip
    try:
        wrong = early.refusals(entry, given)
        if wrong:
            raise InvalidInput(wrong)
        with unit() as uow:
            early.answer(uow, mission=row.id, name=entry.it.name, values=values)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True


@pages.get("/missions/<mission>/answers", CLIENT.objects("members of the client"))
def early_answers(mission: str) -> BaseResponse:
    """Who answered what the mission asks in confidence."""
    row = _mission(mission)
    if not belongs(row, the_viewer()):
        raise NotFound(GONE)
    labels = {e.it.name: translate(e.it.label) for e in queries.asked(house().plugins, row.fields)}
    lines = [
        (labels.get(a.name, a.name), a,
         url_for("papers.early_read", mission=mission, name=a.name, freelancer=a.account))
        for a in queries.answers_of(reading(), mission)
    ]  # fmt: skip
    return render("papers/early_list.html", EarlyListContext(row, lines, list(labels.values())))


@pages.get("/missions/<mission>/answers/<name>/<freelancer>", _READS)
def early_read(mission: str, name: str, freelancer: str) -> BaseResponse:
    """One answer: the reading is recorded, and shown to both."""
    row, me, here = _mission(mission), the_viewer(), house()
    own = freelancer == me.account
    if not own and not belongs(row, me):
        raise NotFound(GONE)
    found = next((a for a in queries.answers_of(reading(), mission, account=freelancer) if a.name == name), None)
    entry = here.plugins.conditions.get(name)
    if found is None or entry is None:
        raise NotFound("There is no such answer.")
    with unit() as uow:
        early.record(uow, [found], role="freelancer" if own else "client")
        uow.commit()
    values = early.opened(reading(), here.ports.get(Ring), found)
    context = EarlyReadContext(
        mission=row, label=translate(entry.it.label), answer=found, own=own,
        fields=forms.shown(entry.it.fields, values, current_locale(), private=True),
        readings=readings_of_seal(reading(), found.seal),
    )  # fmt: skip
    response = make_response(render("papers/early_read.html", context))
    response.headers["Cache-Control"] = "no-store"
    return response
