"""Missions in every state: those that wait are read, approved or sent back; those that people see can be taken off."""

from collections.abc import Callable

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.facets import forms as own_fields
from marketwright.features.missions import queries as mission_queries
from marketwright.features.missions import service as mission_service
from marketwright.features.missions import writing
from marketwright.features.missions.moderating import take_off
from marketwright.features.missions.tables import Mission
from marketwright.features.operator import queries
from marketwright.features.operator.exports import MOST, csv_file, own_cells, own_heads
from marketwright.features.operator.pages.base import (
    Pager,
    argument,
    chosen,
    page_number,
    pager,
    pages,
    reason_form,
    show,
    tabs,
)
from marketwright.features.operator.queries import MissionLine
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.checks import APPROVAL
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import _, current_locale
from marketwright.web.policy import staff
from marketwright.web.render import tell

STATES = ("waiting", "published", "paused", "draft", "filled", "closed")
STATE_WORDS = {
    "waiting": N_("Waiting for us"), "published": N_("Published"), "paused": N_("Paused"), "draft": N_("Drafts"),
    "filled": N_("Filled"), "closed": N_("Closed"),
}  # fmt: skip
_MODERATE = staff("missions.moderate").objects("missions in the state that the deed is for")
COMPARED, SOURCE = N_("the brief"), N_("the rules of this marketplace")


@dataclass(frozen=True, slots=True)
class MissionsContext:
    """Missions of one state."""

    missions: list[MissionLine]
    total: int
    pager: Pager
    tabs: list[tuple[str, str, bool, int | None]]
    search: str
    state: str


@dataclass(frozen=True, slots=True)
class MissionContext:
    """One mission as staff reads it."""

    mission: mission_queries.MissionRow
    client: str
    author: str
    skills: list[mission_queries.WantedRow]
    questions: list[str]
    form: Form


@pages.get("/missions", staff("missions.read"))
def missions() -> BaseResponse:
    """Missions by state."""
    session = reading()
    state, search, page = chosen("state", STATES), argument("search"), page_number()
    found = queries.missions(session, state=state, search=search, page=page)
    counts = queries.counts(session, Mission.state)
    choices = [("", _("All"), sum(counts.values()))] + [(s, _(STATE_WORDS[s]), counts.get(s, 0)) for s in STATES]
    context = MissionsContext(
        list(found.rows), found.total, pager(found.total, page), tabs("state", choices), search, state
    )
    return show("missions.html", context)


@pages.get("/missions.csv", staff("missions.read").limited("exports"))
def missions_csv() -> Response:
    """The same as a file, with the public fields; private ones are for nobody else."""
    session = reading()
    found = queries.missions(session, state=chosen("state", STATES), search=argument("search"), size=MOST)
    fields = [f for f in own_fields.of(house().plugins, writing.OWNER) if not f.private]
    said = queries.own_values(session, Mission, [m.id for m in found.rows])
    heads = ("id", "title", "client", "state", "visibility", "budget", "changed", *own_heads(fields))
    rows = ([m.id, m.title, m.client, m.state, m.visibility, m.budget, m.since, *own_cells(fields, said.get(m.id, {}))]
            for m in found.rows)  # fmt: skip
    return csv_file("missions", heads, rows)


@pages.get("/missions/<mission>", staff("missions.read").objects("staff sees every mission; none there is 404"))
def missions_one(mission: str) -> BaseResponse:
    """One mission."""
    return _mission(mission, reason_form())


def _mission(mission: str, form: Form, status: int = 200) -> BaseResponse:
    session = reading()
    row = mission_queries.mission(session, mission)
    if row is None:
        raise NotFound("There is no such {mission}.")
    client, author = accounts.organisation(session, row.organisation_id), accounts.account(session, row.created_by)
    context = MissionContext(
        row, client.name if client else "", author.name if author else "",
        mission_queries.skills_of(session, mission, current_locale()), mission_queries.questions(session, mission),
        form,
    )  # fmt: skip
    return show("mission.html", context, status=status)


@pages.post("/missions/<mission>/approve", _MODERATE)
def missions_approve(mission: str) -> BaseResponse:
    """Let a waiting mission be seen."""

    def deed(uow: UnitOfWork, reason: str) -> None:
        mission_service.approve(uow, mission=mission, reason=reason)
        _verdict(uow, mission, reason, admitted=True)

    return _deed(mission, deed, _("Published. Its author was told."))


@pages.post("/missions/<mission>/refuse", _MODERATE)
def missions_refuse(mission: str) -> BaseResponse:
    """Send a waiting mission back."""

    def deed(uow: UnitOfWork, reason: str) -> None:
        mission_service.refuse(uow, mission=mission, reason=reason)
        _verdict(uow, mission, reason, admitted=False)

    return _deed(mission, deed, _("Sent back. Its author reads the reason."))


@pages.post("/missions/<mission>/take-off", _MODERATE)
def missions_take_off(mission: str) -> BaseResponse:
    """Send a mission that people see back."""

    def deed(uow: UnitOfWork, reason: str) -> None:
        take_off(uow, mission=mission, reason=reason)

    return _deed(mission, deed, _("Taken off. Its author reads the reason."))


def _verdict(uow: UnitOfWork, mission: str, reason: str, *, admitted: bool) -> None:
    vetting.admit(uow, check=APPROVAL, kind="mission", owner=mission, reason=reason, admitted=admitted,
                  compared=COMPARED, source=SOURCE)  # fmt: skip


def _deed(mission: str, deed: Callable[[UnitOfWork, str], None], told: str) -> BaseResponse:
    if mission_queries.mission(reading(), mission) is None:
        raise NotFound("There is no such {mission}.")
    form = reason_form()
    if not form.accept(request.form):
        return _mission(mission, form, 422)
    with unit() as uow:
        deed(uow, form.value["reason"])
        uow.commit()
    tell(told)
    return redirect(url_for("operator.missions_one", mission=mission), 303)
