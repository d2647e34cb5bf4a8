"""What is sealed in a brief: opened for whoever may read it, each reading recorded and shown to both sides."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import make_response
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.sealed import case_of_mission
from marketwright.features.facets import forms as own_fields
from marketwright.features.files.ports import Storage
from marketwright.features.missions import queries, sealing
from marketwright.features.missions.pages.base import pages
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.sealing import SealedFile
from marketwright.features.missions.sight import belongs, may_see, may_see_confidential
from marketwright.features.missions.writing import OWNER
from marketwright.features.seals import queries as seals
from marketwright.features.seals.queries import ReadingRow
from marketwright.features.seals.service import opened_value
from marketwright.features.seals.words import READERS as AS_WHOM
from marketwright.kernel.errors import NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.store.ring import Ring
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render

READERS = SIGNED_IN.objects("members of the client, who signed the confidentiality agreement, staff within a case")


@dataclass(frozen=True, slots=True)
class SealedContext:
    """What was sealed, opened; ``text`` is the confidential part.

    ``gone`` are the labels of what is deleted, ``readings`` (reading, as whom).
    """

    mission: MissionRow
    fields: Sequence[tuple[str, str, bool]]
    text: str
    files: Sequence[SealedFile]
    gone: Sequence[str]
    readings: Sequence[tuple[ReadingRow, str]]


@pages.get("/missions/<mission>/sealed", READERS)
def sealed(mission: str) -> BaseResponse:
    """Read what is sealed in a brief."""
    session, here, me = reading(), house(), the_viewer()
    row = queries.mission(session, mission)
    case = case_of_mission(session, here.ports, mission, me.account, here.clock.business()) if row else ""
    if row is None or not (case or may_see(session, here.ports, row, me)):
        raise NotFound("There is no such {mission}.")
    fields = [f for f in own_fields.of(here.plugins, OWNER) if f.sealed]
    there = sealing.all_in(session, row.id, fields, row.fields)
    enclosed = sealing.files_of(session, here.ports.get(Ring), row.id)
    if not there and not enclosed:
        raise NotFound("Nothing is sealed here.")
    role = _role(row, case)
    found, locale = open_fields(row, role, case if role == "staff" else ""), current_locale()
    context = SealedContext(
        mission=row, fields=own_fields.shown(fields, found, locale, private=True),
        text=found.get(sealing.TEXT, ""), files=enclosed,
        gone=[own_fields.word(f.label, locale) for f in fields if f.name in there and f.name not in found],
        readings=_readings(row, role),
    )  # fmt: skip
    response = make_response(render("missions/sealed.html", context))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/missions/<mission>/sealed/files/<file>", READERS)
def sealed_file(mission: str, file: str) -> BaseResponse:
    """Save one sealed file of a brief; the reading is recorded first."""
    session, here, me = reading(), house(), the_viewer()
    row = queries.mission(session, mission)
    case = case_of_mission(session, here.ports, mission, me.account, here.clock.business()) if row else ""
    if row is None or not (case or may_see(session, here.ports, row, me)):
        raise NotFound("There is no such {mission}.")
    role = _role(row, case)
    found = next((f for f in sealing.files_of(session, here.ports.get(Ring), mission) if f.id == file), None)
    if found is None:
        raise NotFound("There is no such file.")
    with unit() as uow:
        sealing.record(uow, mission, {found.id: found.seal}, role=role, case=case if role == "staff" else "")
        uow.commit()
    response = make_response(sealing.bytes_of(here.ports.get(Ring), here.ports.get(Storage), mission, found))
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _role(row: MissionRow, case: str) -> str:
    if belongs(row, the_viewer()):
        return "client"
    if may_see_confidential(reading(), house().ports, row, the_viewer()):
        return "freelancer"
    if case:
        return "staff"
    raise NotAllowed("This is sealed: it opens once you have signed the confidentiality agreement.")


def open_fields(row: MissionRow, role: str, case: str = "") -> dict[str, Any]:
    """The brief's own answers with what is sealed opened, once the reading is recorded."""
    here = house()
    fields = [f for f in own_fields.of(here.plugins, OWNER) if f.sealed]
    there: Mapping[str, str] = sealing.all_in(reading(), row.id, fields, row.fields)
    found = sealing.opened(reading(), here.ports.get(Ring), fields, row.fields)
    text = opened_value(reading(), here.ports.get(Ring), there[sealing.TEXT]) if sealing.TEXT in there else None
    if text is not None:
        found[sealing.TEXT] = text
    with unit() as uow:
        sealing.record(uow, row.id, {n: s for n, s in there.items() if n in found}, role=role, case=case)
        uow.commit()
    return found


def _readings(row: MissionRow, role: str) -> list[tuple[ReadingRow, str]]:
    """Who read it, for the client; for a freelancer without the other freelancers, who are strangers to them."""
    session, me = reading(), the_viewer().account
    others = seals.readers_of_mission(session, row.id, "freelancer") - {me} if role == "freelancer" else ()
    found = {(r.name, r.role, r.at): r for r in seals.readings_of(session, "", mission=row.id, strangers=others)}
    return [(r, gettext(AS_WHOM[r.role])) for r in found.values()]  # a page that opens several things was read once
