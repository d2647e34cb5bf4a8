"""What the client does with a mission besides writing it, and what staff say of it."""

from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.facets.filing import purpose_of
from marketwright.features.files import queries as files
from marketwright.features.files import service as file_service
from marketwright.features.files.uploads import received, sent_file
from marketwright.features.missions import pending, queries, sealing, service
from marketwright.features.missions.pages.base import brief_token, forget_brief, my_mission, pages
from marketwright.features.missions.tables import Mission
from marketwright.features.missions.writing import CONFIDENTIAL, OWNER, SEALED, declared, stored_brief, write
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.web.errors import sentence
from marketwright.web.house import reading, unit
from marketwright.web.i18n import gettext, translate
from marketwright.web.policy import CLIENT, PUBLIC, staff
from marketwright.web.render import tell

RUNS = CLIENT.objects("owners and buyers of its organisation")
MODERATES = staff("missions.moderate")
MOST_FILES = 20


def _do(mission: str, deed: Callable[[UnitOfWork], object], said: str) -> BaseResponse:
    """Do ``deed`` in one unit, say so, go back to the mission's page; a refusal is said there too."""
    try:
        with unit() as uow:
            deed(uow)
            uow.commit()
    except InvalidInput as error:
        tell(" ".join(translate(m) for sentences in error.errors.values() for m in sentences), "error")
    else:
        tell(said)
    return redirect(url_for("missions.show", mission=mission), 303)


@pages.post("/missions/<mission>/publish", RUNS)
def publish(mission: str) -> BaseResponse:
    """Let others see a draft."""
    my_mission(mission)
    try:
        with unit() as uow:
            state = service.publish(uow, mission=mission)
            uow.commit()
    except InvalidInput as error:
        tell(" ".join(translate(m) for sentences in error.errors.values() for m in sentences), "error")
        return redirect(url_for("missions.edit", mission=mission), 303)
    waits = gettext("Thank you. We read it and tell you as soon as others can see it.")
    tell(waits if state == "waiting" else gettext("Your {mission} is published."))
    return redirect(url_for("missions.show", mission=mission), 303)


@pages.post("/missions/<mission>/take-back", RUNS)
def take_back(mission: str) -> BaseResponse:
    """A draft again."""
    my_mission(mission)
    return _do(mission, lambda u: service.take_back(u, mission=mission), gettext("It is a draft again."))


@pages.post("/missions/<mission>/pause", RUNS)
def pause(mission: str) -> BaseResponse:
    """No new applicants for now."""
    my_mission(mission)
    said = gettext("Paused: nobody new applies. Conversations go on.")
    return _do(mission, lambda u: service.pause(u, mission=mission), said)


@pages.post("/missions/<mission>/resume", RUNS)
def resume(mission: str) -> BaseResponse:
    """Applicants again."""
    my_mission(mission)
    return _do(mission, lambda u: service.resume(u, mission=mission), gettext("People can apply again."))


@pages.post("/missions/<mission>/fill", RUNS)
def fill(mission: str) -> BaseResponse:
    """Somebody was found."""
    my_mission(mission)
    said = gettext("Marked as filled. Every other applicant is told.")
    return _do(mission, lambda u: service.fill(u, mission=mission), said)


@pages.post("/missions/<mission>/close", RUNS)
def close(mission: str) -> BaseResponse:
    """Ended without anybody, with a reason."""
    my_mission(mission)
    reason = request.form.get("reason", "")
    said = gettext("Closed. Every applicant is told, with your reason.")
    return _do(mission, lambda u: service.close(u, mission=mission, reason=reason), said)


@pages.post("/missions/<mission>/files", RUNS)
def add_file(mission: str) -> BaseResponse:
    """Add a confidential file."""
    row = my_mission(mission)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise InvalidInput({"file": [say("Choose a file first.")]})
        if len(files.files_of(reading(), OWNER, mission)) >= MOST_FILES:
            raise InvalidInput({"file": [say("At most %(n)s files.", n=MOST_FILES)]})
        checked = received(sent, CONFIDENTIAL)
        with unit() as uow:
            if sealing.asked_by(declared(uow)):
                sealing.keep_file(uow, row.id, checked)
            else:
                file_service.keep(uow, checked=checked, purpose=CONFIDENTIAL, owner_kind=OWNER, owner_id=row.id)
            service.set_confidential(uow, mission=row.id, confidential=True)
            uow.audit("mission.file_added", row.id)
            uow.commit()
    except InvalidInput as error:
        tell(" ".join(translate(m) for sentences in error.errors.values() for m in sentences), "error")
    else:
        tell(gettext("%(name)s was added. It opens to whoever signs the agreement.", name=checked.name))
    return redirect(url_for("missions.edit", mission=mission) + "#files", 303)


@pages.post("/missions/<mission>/fields/<name>", RUNS)
def field_file(mission: str, name: str) -> BaseResponse:
    """Send the file of one of the niche's own fields, or take it away."""
    my_mission(mission)
    try:
        checked = None if "remove" in request.form else sent_file(purpose_of(OWNER))
        with unit() as uow:
            service.set_field_file(uow, mission=mission, name=name, checked=checked)
            uow.commit()
    except InvalidInput as error:
        tell(sentence(error), "error")
    else:
        tell(gettext("Saved."))
    return redirect(url_for("missions.edit", mission=mission) + "#own-files", 303)


@pages.post("/missions/<mission>/files/<file>/remove", RUNS)
def remove_file(mission: str, file: str) -> BaseResponse:
    """Take a confidential file away."""
    my_mission(mission)
    found = files.file(reading(), file)
    if found is None or (found.owner_kind, found.owner_id) != (OWNER, mission) or found.purpose not in (
        CONFIDENTIAL, SEALED,
    ):  # fmt: skip
        raise NotFound("There is no such file.")
    with unit() as uow:
        name = sealing.remove_file(uow, mission, file) if found.purpose == SEALED else found.name
        file_service.remove(uow, file=file)
        row = uow.session.get(Mission, mission)
        assert row is not None
        write(uow, row, stored_brief(uow.session, row))
        uow.audit("mission.file_removed", mission)
        uow.commit()
    tell(gettext("%(name)s is gone.", name=name))
    return redirect(url_for("missions.edit", mission=mission) + "#files", 303)


@pages.post("/missions/new/discard", PUBLIC)
def discard() -> BaseResponse:
    """Throw away the brief that this browser left here."""
    with unit() as uow:
        pending.drop_brief(uow, token=brief_token())
        uow.commit()
    tell(gettext("The brief is thrown away."), "info")
    return forget_brief(redirect(url_for("missions.new"), 303))


@pages.post("/missions/<mission>/approve", MODERATES)
def approve(mission: str) -> BaseResponse:
    """Staff let a waiting mission be seen."""
    _waits(mission)
    reason = request.form.get("reason", "")
    said = gettext("Approved: it can be seen now.")
    return _do(mission, lambda u: service.approve(u, mission=mission, reason=reason), said)


@pages.post("/missions/<mission>/refuse", MODERATES)
def refuse(mission: str) -> BaseResponse:
    """Staff send a waiting mission back, with a reason."""
    _waits(mission)
    reason = request.form.get("reason", "")
    said = gettext("Sent back with your reason.")
    return _do(mission, lambda u: service.refuse(u, mission=mission, reason=reason), said)


def _waits(mission: str) -> None:
    if queries.mission(reading(), mission) is None:
        raise NotFound("There is no such {mission}.")
