"""Putting a run to its check: read, ask outside any unit of work, write what it said."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from marketwright.features.accounts import queries as accounts
from marketwright.features.inbox.ports import Fence, HouseLike, Received
from marketwright.features.vetting import assessing, queries, service
from marketwright.features.vetting.checks import checks_of
from marketwright.features.vetting.service import By
from marketwright.features.vetting.subjects import subject, told_to
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import MarketwrightError, NotFound, PluginFailed, Unavailable
from marketwright.kernel.text import N_
from marketwright.strategies.inbox import Message
from marketwright.strategies.vetting import Result, Subject, Submission, Verdict, VettingCheck, Waiting

log = logging.getLogger("marketwright.vetting")
ASK_AGAIN = timedelta(hours=1)
SILENT = N_("The check does not answer at the moment; it is asked again every hour.")
ASSESSORS = N_("two assessors")


def advance(house: HouseLike, run: str, *, fence: Fence | None = None) -> str:
    """Put a committed run to its check and write the outcome; returns the run's state. Safe to repeat.

    Whatever goes wrong on the check's side, the run waits and is put to it again: an outage is never a refusal.
    """
    found, about, submission = _read(house, run)
    if found.state not in ("begun", "outside"):
        return found.state
    entry = checks_of(house.plugins).get(found.check)
    try:
        outcome: Verdict | Waiting = _ask(entry, found, about, submission)
    except MarketwrightError as error:
        log.warning("check %s of run %s waits: %s", found.check, run, error)
        with house.database.unit(system("vetting"), fence=fence) as uow:
            service.put_off(uow, run=run, version=found.version, until=uow.now + ASK_AGAIN, note=SILENT)
            uow.commit()
        return found.state
    by = By(f"plugin:{entry.plugin}", entry.it.label) if entry else By("system:vetting", "")
    with house.database.unit(system("vetting"), fence=fence) as uow:
        state = service.settle(uow, run=run, version=found.version, outcome=outcome, by=by, over=_news(entry))
        uow.commit()
    return state


def answered(house: HouseLike, run: str, message: Message, *, plugin: str, fence: Fence | None = None) -> bool | None:
    """Put an outside service's ``message`` about ``run`` to its check; whether it had an effect.

    ``None`` when the run is none of ``plugin``'s. Raises what the check raises (the message comes again), and
    ``Unavailable`` while the check has not been started yet.
    """
    with house.database.reading() as session:
        there = queries.run(session, run)
    entry = checks_of(house.plugins).get(there.check) if there else None
    if there is None or entry is None or entry.plugin != plugin:
        return None
    found, about, given = _read(house, run)
    if not found.open:
        return False
    if not found.asked_once:
        raise Unavailable("The check has not begun; the message comes again.")
    submission = replace(given, message=message)
    outcome = _checked(entry, "resume", entry.ask("resume", lambda c: c.resume(about, submission)))
    with house.database.unit(system("vetting"), fence=fence) as uow:
        by = By(f"plugin:{plugin}", entry.it.label)
        service.settle(uow, run=run, version=found.version, outcome=outcome, by=by, over=_news(entry))
        uow.commit()
    return True


def take(house: HouseLike, received: Received, fence: Fence | None) -> str | None:
    """The inbox's taker: a message that names a run of one of the plugin's checks."""
    if not received.about:
        return None
    had_effect = answered(house, received.about, received.message, plugin=received.plugin, fence=fence)
    return None if had_effect is None else "applied" if had_effect else "ignored"


def decision(
    house: HouseLike, run: str, *, decided: str, reason: str, expires: datetime | None, by: str
) -> tuple[Verdict, int]:
    """What the check makes of a decision of staff, and the version of the run that it is about.

    ``PluginFailed`` when the check does not answer: nothing was written, and the decision can be sent again.
    """
    found, about, given = _read(house, run)
    entry = checks_of(house.plugins).get(found.check)
    if entry is None:
        raise PluginFailed(found.check, "resume", "its plugin is switched off")
    submission = Submission(given.evidence, decided, reason, expires, by, found.about, run=run)
    outcome = _checked(entry, "resume", entry.ask("resume", lambda c: c.resume(about, submission)))
    if isinstance(outcome, Waiting) or outcome.result is not Result(decided):
        raise entry.failed("resume", "it did not take the decision")
    return replace(outcome, reason=outcome.reason or reason), found.version


def conclude(house: HouseLike, run: str, *, fence: Fence | None = None) -> None:
    """End a run whose marks have settled, with the verdict that its check makes of them. Safe to repeat.

    A check that does not answer leaves it as it is; the worker comes back.
    """
    with house.database.reading() as session:
        task, found = assessing.task_of(session, run), queries.run(session, run)
        entry = checks_of(house.plugins).get(found.check) if found else None
        ready = task is not None and task.passed is not None and task.state in assessing.MARKING
        if not ready or found is None or entry is None or entry.it.assessment is None:
            return
        passed = bool(task and task.passed)
        person = accounts.account(session, found.owner)
        locale = person.locale if person else "en"
        reason = assessing.reasons(session, run, entry.it.assessment, locale=locale)
    try:
        verdict, version = decision(
            house, run, decided="passed" if passed else "refused", reason=reason, expires=None, by=ASSESSORS
        )
    except MarketwrightError as error:
        log.warning("check %s of run %s waits for its verdict: %s", found.check, run, error)
        return
    with house.database.unit(system("vetting"), fence=fence) as uow:
        service.settle(uow, run=run, version=version, outcome=verdict, by=By("system:assessors", ASSESSORS))
        assessing.close(uow, run=run)
        uow.commit()


def _news(entry: Entry[VettingCheck] | None) -> bool:
    """Whether a refusal tells that what held does no more: where the source is asked anew, not where one applies."""
    return entry is not None and entry.it.follows_identity


def _read(house: HouseLike, run: str) -> tuple[queries.Run, Subject, Submission]:
    with house.database.reading() as session:
        found = queries.run(session, run)
        if found is None:
            raise NotFound(service.GONE)
        evidence = {g.key: g.file or g.text for g in queries.evidence_of(session, run)}
        about, entry = subject(session, found.kind, found.owner), checks_of(house.plugins).get(found.check)
    about = told_to(entry, about) if entry is not None else about
    return found, about, Submission(evidence, claim=found.about, run=run)


def _ask(
    entry: Entry[VettingCheck] | None, run: queries.Run, about: Subject, submission: Submission
) -> Verdict | Waiting:
    if entry is None:
        raise PluginFailed(run.check, "start", "its plugin is switched off")
    if run.asked_once:
        return _checked(entry, "resume", entry.ask("resume", lambda c: c.resume(about, submission)))
    return _checked(entry, "start", entry.ask("start", lambda c: c.start(about, submission)))


def _checked(entry: Entry[VettingCheck], what: str, outcome: object) -> Verdict | Waiting:
    """``outcome`` when it is one: each part of its kind; a verdict must say what was compared with what.

    Whatever passes here can be written: what cannot would stop the runs of every other check.
    """
    if isinstance(outcome, Waiting):
        if not isinstance(outcome.note, str) or not _moment(outcome.until):
            raise entry.failed(what, "it waits with a note that is no text, or until what is no time with a time zone")
        return outcome
    if not isinstance(outcome, Verdict):
        raise entry.failed(what, f"answered {type(outcome).__name__}")
    words = (outcome.compared, outcome.source, outcome.reason, outcome.claim)
    if not all(isinstance(w, str) for w in words) or outcome.result not in tuple(Result):
        raise entry.failed(what, "its verdict has words that are no text, or a result that is none")
    if not outcome.compared or not outcome.source or len(outcome.claim) > 40:
        raise entry.failed(what, "its verdict does not say what was compared with which source")
    if outcome.result is Result.REFUSED and not outcome.reason:
        raise entry.failed(what, "it refuses without a reason")
    if not _moment(outcome.expires):
        raise entry.failed(what, "its verdict ends at what is no time with a time zone")
    return outcome


def _moment(value: object) -> bool:
    """Whether ``value`` is a time with a time zone, or none is given."""
    return value is None or (isinstance(value, datetime) and value.utcoffset() is not None)


def put_by(house: HouseLike, run: str, *, fence: Fence | None = None) -> None:
    """Ask ``run`` again later: something broke while it was put to its check, and others wait behind it."""
    with house.database.unit(system("vetting"), fence=fence) as uow:
        found = queries.run(uow.session, run)
        if found is not None:
            service.put_off(uow, run=run, version=found.version, until=uow.now + ASK_AGAIN, note=SILENT)
            uow.commit()
