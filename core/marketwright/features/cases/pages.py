"""Who may read what is sealed in a contract, who did, and the cases in which staff may."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.cases import queries, service
from marketwright.features.cases.queries import CaseRow
from marketwright.features.contracts import documents
from marketwright.features.contracts.handovers import HandoverRow, handovers_of
from marketwright.features.contracts.pages.base import PARTIES, Seen, find
from marketwright.features.contracts.pages.reading import FILE, HANDED, PAPER
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.facets import forms as own_fields
from marketwright.features.missions import queries as missions
from marketwright.features.missions import sealing
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.sealing import BRIEF
from marketwright.features.papers import queries as papers
from marketwright.features.seals import queries as seals
from marketwright.features.seals.queries import ReadingRow, SealRow
from marketwright.features.seals.words import READERS
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import gettext, translate
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("cases")
WHAT = {BRIEF: N_("What is sealed in the brief"), PAPER: N_("A paper"), HANDED: N_("What was handed in for a paper")}


class CaseSchema(Schema):
    """Why a case is opened, and who of the staff works on it."""

    reason = TextField(longest=service.LONGEST, lines=True)
    staff = fields.List(fields.String(), load_default=list)


@dataclass(frozen=True, slots=True)
class SealedView:
    """One thing that is sealed: what it is and belongs to, when it came, where it is read."""

    what: str
    where: str
    at: datetime
    url: str
    seal: SealRow


@dataclass(frozen=True, slots=True)
class AccessContext:
    """``sealed`` is all of it; ``readings`` are (reading, as whom, what), ``cases`` (case, runs)."""

    contract: ContractRow
    side: str
    sealed: Sequence[SealedView]
    readings: Sequence[tuple[ReadingRow, str, str]]
    cases: Sequence[tuple[CaseRow, bool]]
    may_open: bool
    may_name: bool
    staff: Sequence[tuple[str, str]]
    form: Form
    days: int


@pages.get("/contracts/<contract>/access", PARTIES)
def access(contract: str) -> BaseResponse:
    """What is sealed, who read it, the cases."""
    return _page(find(contract), Form(CaseSchema()))


@pages.post("/contracts/<contract>/access", PARTIES)
def open_case(contract: str) -> BaseResponse:
    """Open a case with a reason; staff name who works on it."""
    seen, form = find(contract), Form(CaseSchema())
    if not form.accept(request.form):
        return _page(seen, form)
    try:
        with unit() as uow:
            service.open_case(uow, contract=contract, reason=form.value["reason"],
                              staff=form.value["staff"] if _decides() else ())  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(seen, form)
    tell(gettext("The case is open. Both sides are told."))
    return redirect(url_for("cases.access", contract=contract), 303)


@pages.post("/contracts/<contract>/cases/<case>/staff", PARTIES)
def name_staff(contract: str, case: str) -> BaseResponse:
    """Name who of the staff works on it."""
    _check(find(contract), case)
    with unit() as uow:
        service.name_staff(uow, case=case, staff=request.form.getlist("staff"))
        uow.commit()
    return redirect(url_for("cases.access", contract=contract), 303)


@pages.post("/contracts/<contract>/cases/<case>/close", PARTIES)
def close_case(contract: str, case: str) -> BaseResponse:
    """Close it before its time."""
    _check(find(contract), case)
    with unit() as uow:
        service.close_case(uow, case=case)
        uow.commit()
    tell(gettext("The case is closed: staff read nothing more of what is sealed."), "info")
    return redirect(url_for("cases.access", contract=contract), 303)


def _check(seen: Seen, case: str) -> None:
    if case not in {c.id for c in queries.cases_of(reading(), seen.contract.id)}:
        raise NotFound("There is no such case.")


def _decides() -> bool:
    return "contracts.decide" in permissions_of(the_viewer().staff_roles)


def _page(seen: Seen, form: Form) -> BaseResponse:
    session, now, row = reading(), house().clock.business(), seen.contract
    if seen.side == "operator" and not the_viewer().is_staff:
        raise NotAllowed("Only the two sides and staff see this page.")
    handed = [h for h in handovers_of(session, row.id).values() if h.seal]
    mission = missions.mission(session, row.mission)
    strangers = seals.readers_of_mission(session, row.mission, "freelancer") - {row.freelancer}
    context = AccessContext(
        contract=row, side=seen.side,
        sealed=[*_deliveries(handed), *_papers(row), *(_of_brief(mission) if mission else ())],
        readings=[(r, gettext(READERS[r.role]), _what(r, {h.seal: h for h in handed}))
                  for r in seals.readings_of(session, row.id, mission=row.mission, strangers=strangers)],
        cases=[(c, c.open_at(now)) for c in queries.cases_of(session, row.id)],
        may_open=seen.side != "operator" or _decides(), may_name=_decides(),
        staff=service.able_staff(session) if _decides() else (), form=form, days=service.DAYS,
    )  # fmt: skip
    return render("cases/access.html", context, status=422 if form.errors else 200)


def _deliveries(handed: Sequence[HandoverRow]) -> list[SealedView]:
    kept, known = seals.seals_by_id(reading(), [h.seal for h in handed]), house().plugins.deliverables
    return [
        SealedView(
            gettext(known[h.deliverable].it.label) if h.deliverable in known else h.deliverable, h.milestone_title,
            h.at, url_for("contracts.handed", contract=h.contract, delivery=h.delivery), kept[h.seal],
        )
        for h in sorted(handed, key=lambda h: h.at, reverse=True)
    ]  # fmt: skip


def _papers(row: ContractRow) -> list[SealedView]:
    """The papers of conditions, and what was handed in for them without a paper."""
    session, known = reading(), house().plugins.conditions
    found = [h for h in papers.handings_of(session, row.id) if h.seal]
    drawn = {d.id: d for d in documents.documents_of(session, row) if d.seal}
    kept = seals.seals_by_id(session, [h.seal for h in found] + [d.seal for d in drawn.values()])
    return [
        SealedView(
            translate(known[h.name].it.label) if h.name in known else h.name, h.by_name, h.at,
            url_for("contracts.document", document=h.document) if h.document in drawn
            else url_for("papers.hand_in", contract=row.id, name=h.name),
            kept[drawn[h.document].seal if h.document in drawn else h.seal],
        )
        for h in found
    ]  # fmt: skip


def _of_brief(mission: MissionRow) -> list[SealedView]:
    """The sealed answers of the brief: one entry, for they go together."""
    there = sealing.all_in(reading(), mission.id, own_fields.of(house().plugins, "mission"), mission.fields)
    kept = seals.seals_by_id(reading(), there.values())
    at = mission.published_at or mission.updated_at
    return [SealedView(gettext(WHAT[BRIEF]), mission.title, at, url_for("missions.sealed", mission=mission.id), seal)
            for seal in list(kept.values())[:1]]  # fmt: skip


def _what(reading_: ReadingRow, handed: Mapping[str, HandoverRow]) -> str:
    """What was read, in the language of whoever looks: the delivery, or a file of it."""
    found = handed.get(reading_.seal)
    if found is None:
        return gettext(WHAT.get(reading_.what, reading_.what))
    entry = house().plugins.deliverables.get(found.deliverable)
    name = gettext(entry.it.label) if entry else found.deliverable
    words = N_("%(what)s, delivery %(n)s: a file") if reading_.what == FILE else N_("%(what)s, delivery %(n)s")
    return gettext(words, what=name, n=found.number)
