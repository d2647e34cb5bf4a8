"""Writing vetting: hand in, settle, decide, revoke. What a check says is asked before, outside any unit of work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.rights import need, need_role
from marketwright.features.files import service as files
from marketwright.features.files.checks import Checked
from marketwright.features.missions import queries as missions
from marketwright.features.vetting import events, queries
from marketwright.features.vetting.chain import append, holding, say_again
from marketwright.features.vetting.checks import Asked
from marketwright.features.vetting.forgetting import forget_run
from marketwright.features.vetting.proofs import refresh
from marketwright.features.vetting.subjects import subject
from marketwright.features.vetting.tables import CheckRun, Evidence, TaskRow
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import N_, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.vetting import Ask, Result, Verdict, Waiting

PURPOSE = "evidence"
OWNER = "check"
MOST_A_DAY = 20
LONGEST_REASON = 2000
GONE = N_("There is no such check.")
OTHER_NUMBER = N_("The legal identity has another number now.")


@dataclass(frozen=True, slots=True)
class Handed:
    """The answer to one ``Ask``: ``text`` as given, or a file that ``files.service.prepare`` let through."""

    ask: Ask
    text: str = ""
    file: Checked | None = None

    @property
    def shown(self) -> str:
        """The words of a chosen value."""
        return dict(self.ask.choices).get(self.text, "") if self.ask.form == "choice" else ""


@dataclass(frozen=True, slots=True)
class By:
    """Who a verdict is by: an actor's label and a name that people read."""

    label: str
    name: str

    @classmethod
    def actor(cls, actor: Actor) -> "By":
        """The actor themselves."""
        return cls(actor.label, actor.name or actor.id)


def hand_in(
    uow: UnitOfWork, *, check: str, kind: str, owner: str, about: str = "", handed: Sequence[Handed] = (),
    state: str = "begun",
) -> str:  # fmt: skip
    """Start a run with what was handed in; returns its id. Put it to the check after the commit (``running.advance``).

    ``kind`` is ``freelancer``, ``client`` or ``mission``. A run that is under way already is a ``Conflict``.
    """
    _own(uow.actor, kind, owner)
    _not_too_often(uow, kind, owner)
    run = _started(uow, check=check, kind=kind, owner=owner, about=about, state=state)
    for item in handed:
        _keep(uow, run, item)
    uow.flush()
    uow.emit(events.HANDED_IN, run, kind=kind, owner=owner, check=check)
    uow.audit("check.handed_in", run, check=check, kind=kind, owner=owner, about=about)
    return run


def begin(uow: UnitOfWork, *, check: str, kind: str, owner: str, about: str) -> str:
    """Start a run of a check that follows the legal identity: nobody handed anything in; returns its id."""
    run = _started(uow, check=check, kind=kind, owner=owner, about=about, state="begun")
    uow.audit("check.begun", run, check=check, kind=kind, owner=owner)
    return run


def outdate(uow: UnitOfWork, *, check: str, kind: str, owner: str, number: str) -> None:
    """Take back what stands on other numbers than the one that the legal identity has now."""
    for found in queries.standing(uow.session, kind, owner):
        if found.check == check and found.result == "passed" and found.about != number:
            append(
                uow, run_id=None, check_name=check, subject_kind=kind, subject_id=owner, about=found.about,
                result="revoked", compared=found.compared, source=found.source, reason=OTHER_NUMBER,
                document=found.document, expires=None, by=uow.actor.label, by_name=uow.actor.name,
                private=found.private,
            )  # fmt: skip
    refresh(uow, kind=kind, owner=owner)


def _started(uow: UnitOfWork, *, check: str, kind: str, owner: str, about: str, state: str) -> str:
    run = CheckRun(
        id=new_id(), check_name=check, subject_kind=kind, subject_id=owner, about=about[:40], state=state, note="",
        until=None, asked_once=state != "begun", started_by=uow.actor.label, started_name=uow.actor.name,
        started_at=uow.now, version=1,
    )  # fmt: skip
    try:
        with uow.session.begin_nested():
            uow.session.add(run)
    except IntegrityError:
        raise Conflict("This was handed in already and is being looked at.", state="waiting") from None
    return run.id


def _keep(uow: UnitOfWork, run: str, item: Handed) -> None:
    file = None
    if item.file is not None:
        file = files.keep(uow, checked=item.file, purpose=PURPOSE, owner_kind=OWNER, owner_id=run)
    if file is None and not item.text:
        return
    uow.session.add(
        Evidence(
            id=new_id(), run_id=run, key=item.ask.key, label=item.ask.label[:200], form=item.ask.form, text=item.text,
            shown=item.shown, file_id=file, by=uow.actor.label, at=uow.now,
        )
    )  # fmt: skip


def _own(actor: Actor, kind: str, owner: str) -> None:
    """Raise unless ``actor`` speaks for the subject: the freelancer, or an owner or buyer of the client."""
    if actor.kind == "system":
        return
    if kind == "freelancer":
        if actor.id != owner:
            raise NotFound(GONE)
        return
    if kind != "client":
        raise NotAllowed("{Mission.other} are read by our team when they are published; there is nothing to hand in.")
    need_role(actor, owner, "buyer")


def _not_too_often(uow: UnitOfWork, kind: str, owner: str) -> None:
    since = uow.now - timedelta(days=1)
    count = uow.session.scalar(
        select(func.count()).where(
            CheckRun.subject_kind == kind, CheckRun.subject_id == owner, CheckRun.started_at > since
        )
    )
    if uow.actor.is_person and (count or 0) >= MOST_A_DAY:
        raise Conflict("That was a lot for one day. Hand in the rest tomorrow.", state="waiting")


def settle(
    uow: UnitOfWork, *, run: str, version: int, outcome: Verdict | Waiting, by: By, over: bool = False
) -> str:  # fmt: skip
    """Write what a check said of a run; returns the run's state. A run that moved on meanwhile stays as it is.

    ``over`` as of :func:`record`: an attempt that was refused leaves what held before.
    """
    found = queries.run(uow.session, run)
    if found is None:
        raise NotFound(GONE)
    if found.version != version or not found.open:
        return found.state
    if isinstance(outcome, Verdict):
        _move(uow, found, "decided", ended_at=uow.now)
        record(uow, check=found.check, kind=found.kind, owner=found.owner, verdict=outcome, by=by, run=run,
               about=outcome.claim or found.about, over=over)  # fmt: skip
        return "decided"
    state = "staff" if outcome.for_staff else "outside"
    until = outcome.until or (None if outcome.for_staff else uow.now + timedelta(hours=1))
    _move(uow, found, state, note=outcome.note[:2000], until=until, asked_once=True)
    return state


def put_off(uow: UnitOfWork, *, run: str, version: int, until: datetime, note: str) -> None:
    """The check does not answer now: ask again at ``until``. An outage is never a refusal."""
    found = queries.run(uow.session, run)
    if found is not None and found.version == version and found.state in ("begun", "outside"):
        _move(uow, found, found.state, until=until, note=note[:2000])


def decide(uow: UnitOfWork, *, run: str, version: int, verdict: Verdict) -> str:
    """Staff end a run with the verdict that its check made of their decision; returns the verdict's id.

    Needs ``vetting.decide``; nobody decides about themselves or their own organisation.
    """
    need(uow.actor, "vetting.decide")
    found = queries.run(uow.session, run)
    if found is None:
        raise NotFound(GONE)
    if not found.open or found.version != version:
        raise Conflict("This moved on while you were reading. Look at it again.", state=found.state)
    not_their_own(uow, found.kind, found.owner)
    _not_before_the_marks(uow, run, verdict)
    if not verdict.reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the person reads it.")]})
    _check_expiry(uow, verdict.expires)
    _move(uow, found, "decided", ended_at=uow.now)
    return record(uow, check=found.check, kind=found.kind, owner=found.owner, verdict=verdict,
                  by=By.actor(uow.actor), run=run, about=verdict.claim or found.about, over=False)  # fmt: skip


def _not_before_the_marks(uow: UnitOfWork, run: str, verdict: Verdict) -> None:
    """Raise while assessors mark; after a defence that both confirmed staff decide, perhaps against the marks."""
    task = uow.session.get(TaskRow, run)
    if task is None or task.state in ("settled", "missed"):
        return
    if task.state != "defence":
        raise Conflict("The marks of the assessors decide; ask somebody else where one does not answer.", state="task")
    if task.defence_confirmed_at is None or task.defence_at is None or task.defence_at > uow.now:
        raise Conflict("Decide after the defence, at the time that the candidate confirmed.", state="defence")
    task.state, task.settled_at, task.passed = "settled", uow.now, verdict.result is Result.PASSED


def admit(
    uow: UnitOfWork, *, check: str, kind: str, owner: str, reason: str, admitted: bool = True,
    expires: datetime | None = None, compared: str, source: str,
) -> str:  # fmt: skip
    """Staff decide without having been asked (by invitation, or about a mission); returns the verdict's id."""
    need(uow.actor, "missions.moderate" if kind == "mission" else "vetting.decide")
    not_their_own(uow, kind, owner)
    if not reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the person reads it.")]})
    _check_expiry(uow, expires)
    for run in queries.open_runs(uow.session, kind, owner):
        if run.check == check and not run.about:
            _move(uow, run, "decided", ended_at=uow.now)
    verdict = Verdict(Result.PASSED if admitted else Result.REFUSED, compared, source, reason.strip(), expires)
    return record(uow, check=check, kind=kind, owner=owner, verdict=verdict, by=By.actor(uow.actor))


def judge(uow: UnitOfWork, *, check: str, kind: str, owner: str, verdict: Verdict, by: By) -> str:
    """A check speaks of its own accord: its verdict ends the open attempt at the same part; returns its id."""
    if not verdict.compared or not verdict.source or (verdict.result is Result.REFUSED and not verdict.reason):
        raise InvalidInput({"verdict": [say("A verdict says what was compared with which source, a refusal why.")]})
    _check_expiry(uow, verdict.expires)
    subject(uow.session, str(kind), owner)
    for run in queries.open_runs(uow.session, str(kind), owner):
        if run.check == check and run.about == verdict.claim:
            _move(uow, run, "decided", ended_at=uow.now)
    return record(uow, check=check, kind=str(kind), owner=owner, verdict=verdict, by=by, about=verdict.claim)


def ask(uow: UnitOfWork, *, check: str, kind: str, owner: str, why: str) -> None:
    """Tell the subject that ``check`` asks for something, and ``why``."""
    subject(uow.session, str(kind), owner)
    uow.emit(events.ASKED, owner, kind=str(kind), check=check, why=why)
    uow.audit("check.asked", owner, check=check, kind=str(kind))


def record(
    uow: UnitOfWork, *, check: str, kind: str, owner: str, verdict: Verdict, by: By, about: str = "",
    run: str | None = None, tell: bool = True, over: bool = True,
) -> str:  # fmt: skip
    """Write a verdict that supersedes the one before on the same part; returns its id. Checks nothing of the actor.

    With ``over=False`` a refusal stands over nothing that holds: that is said again behind it, as it was. Who hands in
    a new paper too early loses nothing by it; what does not hold any more is revoked.
    ``tell=False`` leaves counts, lists and events alone (seeding many at once; call ``proofs.refresh`` afterwards).
    """
    passed, private = verdict.result is Result.PASSED, check in uow.ports.get(Asked).private
    held = None if passed or over else holding(uow, check, kind, owner, about[:40])
    row = append(
        uow, run_id=run, check_name=check, subject_kind=kind, subject_id=owner, about=about[:40],
        result=str(verdict.result), compared=verdict.compared[:300], source=verdict.source[:300],
        reason=verdict.reason[:LONGEST_REASON], document=verdict.document,
        expires=verdict.expires if passed else None, by=by.label, by_name=by.name, private=private,
    )  # fmt: skip
    if held is not None:
        say_again(uow, held)
    if tell:
        refresh(uow, kind=kind, owner=owner)
        result = "" if private else str(verdict.result)
        uow.emit(events.DECIDED, row, kind=kind, owner=owner, check=check, result=result)
        _note(uow, "verdict.recorded", row, private=private, check=check, kind=kind, owner=owner, result=result,
              reason=verdict.reason[:500], expires=verdict.expires.isoformat() if verdict.expires else "")  # fmt: skip
    return row


def _note(uow: UnitOfWork, action: str, row: str, *, private: bool, **said: str) -> None:
    """A line of the log; of a private outcome it says that there is one: the log has other readers."""
    told = ("check", "kind", "owner") if private else tuple(said)
    uow.audit(action, row, **{name: said[name] for name in told})


def revoke(uow: UnitOfWork, *, verdict: str, reason: str) -> str:
    """Staff take a verdict back, with a reason the person reads; returns the id of the one that says so."""
    need(uow.actor, "vetting.decide")
    found = queries.verdict(uow.session, verdict)
    if found is None:
        raise NotFound("There is no such verdict.")
    if found.superseded or found.result != "passed":
        raise Conflict("This verdict does not stand any more.", state=found.result)
    not_their_own(uow, found.kind, found.owner)
    if not reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the person reads it.")]})
    private = found.private or found.check in uow.ports.get(Asked).private
    row = append(
        uow, run_id=found.run, check_name=found.check, subject_kind=found.kind, subject_id=found.owner,
        about=found.about, result="revoked", compared=found.compared, source=found.source,
        reason=reason.strip()[:LONGEST_REASON], document=found.document, expires=None, by=uow.actor.label,
        by_name=uow.actor.name, private=private,
    )  # fmt: skip
    refresh(uow, kind=found.kind, owner=found.owner)
    uow.emit(events.REVOKED, row, kind=found.kind, owner=found.owner, check=found.check)
    _note(uow, "verdict.revoked", found.id, private=private, check=found.check, kind=found.kind, owner=found.owner,
          reason=reason.strip())  # fmt: skip
    return row


def add_evidence(uow: UnitOfWork, *, run: str, handed: Sequence[Handed]) -> None:
    """Add what was handed in to a run that is open already."""
    found = queries.run(uow.session, run)
    if found is None:
        raise NotFound(GONE)
    _own(uow.actor, found.kind, found.owner)
    for item in handed:
        _keep(uow, run, item)
    uow.flush()
    uow.emit(events.HANDED_IN, run, kind=found.kind, owner=found.owner, check=found.check)


def end_without(uow: UnitOfWork, *, run: str) -> None:
    """End a run that nothing was handed in for."""
    found = queries.run(uow.session, run)
    if found is not None and found.open:
        _move(uow, found, "withdrawn", ended_at=uow.now)


def withdraw(uow: UnitOfWork, *, run: str) -> None:
    """Take back what one handed in, while nobody has decided: it is not kept."""
    found = queries.run(uow.session, run)
    if found is None:
        raise NotFound(GONE)
    _own(uow.actor, found.kind, found.owner)
    if not found.open:
        raise Conflict("This was decided already.", state=found.state)
    if uow.session.get(TaskRow, run) is not None:
        raise Conflict("A task that has begun is not taken back: hand it in, or let its days run out.", state="task")
    _move(uow, found, "withdrawn", ended_at=uow.now, note="")
    forget_run(uow, run=run)
    uow.audit("check.withdrawn", run, check=found.check)


def _move(uow: UnitOfWork, run: queries.Run, state: str, **values: object) -> None:
    moved = uow.session.execute(
        update(CheckRun)
        .where(CheckRun.id == run.id, CheckRun.version == run.version)
        .values(state=state, version=run.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This moved on while you were reading. Look at it again.", state=run.state)


def _check_expiry(uow: UnitOfWork, expires: datetime | None) -> None:
    if expires is not None and expires <= uow.now:
        raise InvalidInput({"expires": [say("Choose a day in the future.")]})


def not_their_own(uow: UnitOfWork, kind: str, owner: str) -> None:
    """Raise where a person has a hand in the vetting of themselves or of their own organisation."""
    about = missions.mission(uow.session, owner) if kind == "mission" else None
    whose = about.organisation_id if about is not None else owner
    if uow.actor.is_person and accounts.is_theirs(uow.session, uow.actor.id, whose):
        raise NotAllowed("Nobody decides about themselves. Ask a colleague.")
