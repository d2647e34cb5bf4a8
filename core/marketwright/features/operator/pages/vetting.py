"""The vetting queue: what was handed in, what it is to prove, and the decision with its reason and its end."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import abort, redirect, request, url_for
from marshmallow import Schema, validate
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.files import queries as files
from marketwright.features.files.pages import sent
from marketwright.features.files.queries import FileRow
from marketwright.features.operator.pages.assessors import Panel, panel_of
from marketwright.features.operator.pages.base import chosen, pages, reason_form, show, tabs
from marketwright.features.vetting import queries, running, service
from marketwright.features.vetting.checks import Asked
from marketwright.features.vetting.queries import Given, Run
from marketwright.features.vetting.showing import GATES, Shown, said, shown
from marketwright.features.vetting.subjects import subject
from marketwright.kernel.errors import InvalidInput, MarketwrightError, NotFound, PluginFailed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.strategies.vetting import Claim, Subject
from marketwright.web.errors import sentence
from marketwright.web.fields import DateField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, the_viewer, unit
from marketwright.web.i18n import _, current_locale, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

STATES: Mapping[str, tuple[str, ...]] = {
    "": ("staff",), "outside": ("begun", "outside", "task"), "decided": ("decided",), "withdrawn": ("withdrawn",),
}  # fmt: skip
_READ = staff("vetting.read").objects("staff sees every run; none there is 404")
_DECIDE = staff("vetting.decide").objects("runs that wait; nobody decides about themselves or their organisation")


class Decision(Schema):
    """Yes or no, why, and until when."""

    decision = TextField(required=True, validate=validate.OneOf(("passed", "refused")))
    reason = TextField(longest=2000, lines=True, required=True)
    expires = DateField(load_default=None)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One run in the queue."""

    run: Run
    check: str
    about: str


@dataclass(frozen=True, slots=True)
class QueueContext:
    """Runs of one state."""

    lines: list[QueueLine]
    tabs: list[tuple[str, str, bool, int | None]]
    state: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing handed in: words, or a file that opens through an address that is logged."""

    label: str
    text: str
    file: FileRow | None
    url: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run with everything needed to decide."""

    run: Run
    check: str
    gates: list[str]
    claim: Claim | None
    about: str
    subject: Subject
    subject_url: str
    given: list[Item]
    form: Form
    standing: list[Shown]
    history: list[Shown]
    mine: bool
    panel: Panel | None


@pages.get("/vetting", staff("vetting.read"))
def vetting() -> BaseResponse:
    """What waits for a person, the longest waiting first."""
    session = reading()
    state, counts = chosen("state", tuple(STATES)), queries.counts(session)
    labels = {"": _("Waiting for us"), "outside": _("Waiting for outside"), "decided": _("Decided"),
              "withdrawn": _("Taken back")}  # fmt: skip
    made = tabs("state", [(s, labels[s], sum(counts.get(x, 0) for x in of)) for s, of in STATES.items()])
    names = house().ports.get(Asked).labels
    lines = [
        QueueLine(r, translate(names.get(r.check, r.check)), _about(r)) for r in queries.queue(session, STATES[state])
    ]
    return show("vetting.html", QueueContext(lines, made, state))


def _about(run: Run) -> str:
    choice = next((g for g in queries.evidence_of(reading(), run.id) if g.key == "claim"), None)
    return translate(choice.shown) if choice and choice.shown else ""


@pages.form("/vetting/<run>", _READ)
def vetting_run(run: str) -> BaseResponse:
    """One run: read, compare, decide."""
    form = Form(Decision())
    if request.method == "POST":
        if not the_viewer().may("vetting.decide"):
            abort(403)
        if form.accept(request.form) and _decided(form, run):
            return redirect(url_for("operator.vetting"), 303)
    return _run(run, form)


def _run(run: str, form: Form) -> BaseResponse:
    session, now = reading(), house().clock.business()
    found = queries.run(session, run)
    if found is None:
        raise NotFound(service.GONE)
    asked, about = house().ports.get(Asked), subject(session, found.kind, found.owner, current_locale())
    labels = {c.id: c.label for c in about.claims}
    given = queries.evidence_of(session, run)
    known = files.files_by_id(session, [g.file for g in given if g.file])
    verdicts = queries.verdicts_of(session, found.kind, found.owner)
    context = RunContext(
        run=found, check=translate(asked.labels.get(found.check, found.check)),
        gates=[translate(GATES.get(g, g)) for g in asked.gates(found.check, found.kind)],
        claim=next((c for c in about.claims if c.id == found.about), None),
        about=_about(found), subject=about, subject_url=_subject_url(found),
        given=[_item(g, known.get(g.file or ""), labels) for g in given], form=form,
        standing=[shown(v, labels, now) for v in verdicts if not v.superseded],
        history=[shown(v, labels, now) for v in verdicts if v.superseded], mine=_mine(found),
        panel=None if _mine(found) else panel_of(found),
    )  # fmt: skip
    _log_read(run, given)
    return show("vetting_run.html", context, status=422 if form.errors else 200)


def _log_read(run: str, given: Sequence[Given]) -> None:
    """The page shows what was typed: the audit log says who read it, as of a file (S58)."""
    answers = queries.answers_in(given)
    if answers:
        with unit() as uow:
            uow.audit("evidence.read", run, answers=answers)
            uow.commit()


def _subject_url(run: Run) -> str:
    me = the_viewer()
    if run.kind == "mission":
        return url_for("operator.missions_one", mission=run.owner) if me.may("missions.read") else ""
    if not me.may("people.read"):
        return ""
    if run.kind == "client":
        return url_for("operator.clients_one", client=run.owner)
    return url_for("operator.people_one", person=run.owner)


def _mine(run: Run) -> bool:
    me = the_viewer()
    return run.owner == me.account or any(o.id == run.owner for o in me.organisations)


def _item(given: Given, file: FileRow | None, labels: dict[str, str]) -> Item:
    text = labels.get(given.text) or said(given)
    url = url_for("operator.vetting_evidence", evidence=given.id) if file else ""
    return Item(translate(given.label), "" if given.file else text, file, url)


@pages.get("/vetting/evidence/<evidence>", staff("vetting.read").objects("whatever was handed in; each look is logged"))
def vetting_evidence(evidence: str) -> BaseResponse:
    """Open one file that was handed in; the audit log says who did (S58)."""
    found = queries.evidence(reading(), evidence)
    file = files.file(reading(), found.file) if found is not None and found.file else None
    if found is None or file is None:
        raise NotFound("There is no such file.")
    with unit() as uow:
        uow.audit("evidence.read", found.run, evidence=evidence, file=file.id)
        uow.commit()
    return sent(file, keep=False)


def _decided(form: Form, run: str) -> bool:
    given = form.value
    if queries.run(reading(), run) is None:
        raise NotFound(service.GONE)
    db.session.remove()
    try:
        verdict, version = running.decision(
            house(), run, decided=given["decision"], reason=given["reason"], expires=_end_of(given["expires"]),
            by=the_viewer().name,
        )  # fmt: skip
        with unit() as uow:
            service.decide(uow, run=run, version=version, verdict=verdict)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except PluginFailed:
        silent = say("The check does not answer at the moment. Nothing was saved; please try again.")
        form.refuse(InvalidInput({"": [silent]}))
        return False
    tell(_("Decided. The person was told, with your reason."))
    return True


def _end_of(day: date | None) -> datetime | None:
    return house().marketplace.end_of_day(day) if day else None


@pages.post("/vetting/verdicts/<verdict>/revoke", _DECIDE)
def vetting_revoke(verdict: str) -> BaseResponse:
    """Take a verdict back."""
    found = queries.verdict(reading(), verdict)
    if found is None:
        raise NotFound("There is no such verdict.")
    form: Form = reason_form()
    back = _back(found.kind, found.owner, found.run)
    if not form.accept(request.form):
        tell(_("Write the reason: the person reads it."), "error")
        return redirect(back, 303)
    try:
        with unit() as uow:
            service.revoke(uow, verdict=verdict, reason=form.value["reason"])
            uow.commit()
    except MarketwrightError as error:
        tell(sentence(error), "error")
        return redirect(back, 303)
    tell(_("Taken back. The person was told, with your reason."))
    return redirect(back, 303)


def _back(kind: str, owner: str, run: str | None) -> str:
    if run:
        return url_for("operator.vetting_run", run=run)
    pages_of: dict[str, Any] = {
        "freelancer": ("operator.people_one", {"person": owner}), "client": ("operator.clients_one", {"client": owner}),
    }  # fmt: skip
    endpoint, values = pages_of.get(kind, ("operator.vetting", {}))
    return url_for(endpoint, **values)
