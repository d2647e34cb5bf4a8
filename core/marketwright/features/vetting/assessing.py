"""Assessments: the task begins, is handed in, goes to assessors, and ends in the decision that their marks come to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.rights import need
from marketwright.features.vetting import events, queries
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.rubric import Agreement, Marks, Outcome, agreement, outcome
from marketwright.features.vetting.service import Handed
from marketwright.features.vetting.tables import Assessor, CheckRun, Mark, TaskRow
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.vetting import Assessment
from marketwright.web.i18n import speaking, translate

GONE = "This link opens nothing any more."
MARKING = ("marking", "confer", "third")
SILENCE = timedelta(days=7)  # after the proposed time of a defence


def begin(uow: UnitOfWork, *, check: str, kind: str, owner: str, assessment: Assessment) -> str:
    """Begin the task: its days run from now. Returns the run's id.

    ``Conflict`` while an attempt is under way, and before ``retry_days`` have passed since one that did not pass.
    """
    again = retry_from(uow.session, check=check, kind=kind, owner=owner, assessment=assessment)
    if again is not None and again > uow.now:
        raise Conflict("You can try again from %(day)s on.", day=again.date().isoformat(), state="waiting")
    run = vetting.hand_in(uow, check=check, kind=kind, owner=owner, state="staff")
    due = uow.now + timedelta(days=assessment.days)
    uow.session.add(TaskRow(run_id=run, state="task", due_at=due, defence_where=""))
    uow.flush()
    uow.emit(events.TASK_BEGUN, run, check=check)
    return run


def retry_from(session: Session, *, check: str, kind: str, owner: str, assessment: Assessment) -> datetime | None:
    """From when on the subject may try again; ``None`` where nothing stands in the way."""
    last = last_failed(session, check=check, kind=kind, owner=owner)
    return last.settled_at + timedelta(days=assessment.retry_days) if last and last.settled_at else None


def last_failed(session: Session, *, check: str, kind: str, owner: str) -> TaskRow | None:
    """The latest attempt of the subject that ended without a pass, settled or missed."""
    return session.scalar(
        select(TaskRow)
        .join(CheckRun, CheckRun.id == TaskRow.run_id)
        .where(CheckRun.check_name == check, CheckRun.subject_kind == kind, CheckRun.subject_id == owner,
               TaskRow.state.in_(("settled", "missed")), TaskRow.passed.is_not(True))
        .order_by(TaskRow.settled_at.desc()).limit(1)
    )  # fmt: skip


def hand_in(uow: UnitOfWork, *, run: str, handed: Sequence[Handed]) -> None:
    """Hand the task in, in time; afterwards it is marked and cannot be changed."""
    task = _task(uow, run, ("task",))
    if task.due_at < uow.now:
        raise Conflict("The days for this task are over.", state="missed")
    vetting.add_evidence(uow, run=run, handed=handed)
    task.state, task.handed_at = "marking", uow.now
    uow.flush()
    uow.audit("task.handed_in", run)


def invite(
    uow: UnitOfWork, *, run: str, name: str, email: str, locale: str, assessment: Assessment, candidate: str
) -> str:  # fmt: skip
    """Ask somebody, of the staff or from outside, to mark one run; returns the assessor's id.

    Two, and a third once these disagree; who declined or let the link run out makes room for another.
    """
    need(uow.actor, "vetting.decide")
    task = _task(uow, run, MARKING)
    _not_their_own(uow, run)
    address = checked_email(email)
    if not name.strip():
        raise InvalidInput({"name": [say("Say who it is.")]})
    theirs = accounts.account_by_email(uow.session, address)
    if theirs is not None and theirs.id == candidate:
        raise InvalidInput({"email": [say("Nobody marks their own task.")]})
    there = _assessors(uow.session, run)
    if any(a.email == address for a in there):
        raise InvalidInput({"email": [say("This person was asked already.")]})
    third = task.state == "third"
    busy = [a for a in there if a.third == third and a.declined_at is None and (a.marked_at or a.expires_at > uow.now)]
    if len(busy) >= (1 if third else 2):
        raise Conflict("Everybody who is needed was asked.", state=task.state)
    made = Assessor(
        id=new_id(), run_id=run, name=name.strip()[:120], email=address, locale=locale, third=third, round=1,
        invited_by=uow.actor.label, invited_at=uow.now, declined_why="",
        expires_at=uow.now + timedelta(days=assessment.link_days),
    )  # fmt: skip
    uow.session.add(made)
    uow.flush()
    uow.emit(events.ASSESSOR_ASKED, made.id)
    uow.audit("assessor.asked", run, assessor=made.id, email=address, third=third)
    return made.id


def link_token(session: Session, assessor: str, secret_key: str) -> str:
    """The token of an assessor's link; '' for one that is spent. It is bound to the round: marks make it worthless."""
    row = session.get(Assessor, assessor)
    return _seal(secret_key).dumps([row.id, row.round]) if row and _open_link(session, row) else ""


def read_token(session: Session, token: str, secret_key: str, now: datetime) -> Assessor:
    """The assessor of ``token``; ``NotFound`` for a forged, spent, declined or expired one, and once nobody marks."""
    try:
        id_, number = _seal(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        raise NotFound(GONE) from None
    row = session.get(Assessor, str(id_))
    if row is None or row.round != number or not _open_link(session, row) or row.expires_at < now:
        raise NotFound(GONE)
    return row


def _seal(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="marketwright.vetting.assessor")


def _open_link(session: Session, row: Assessor) -> bool:
    """Whether marks of ``row`` are awaited: also not of a run that was taken back, or that ended meanwhile."""
    if row.marked_at is not None or row.declined_at is not None:
        return False
    run, task = queries.run(session, row.run_id), session.get(TaskRow, row.run_id)
    return run is not None and run.open and task is not None and task.state in MARKING


def state_free_of_conflict(uow: UnitOfWork, *, assessor: str) -> None:
    """The assessor states that they have no conflict of interest, and promises confidentiality."""
    row = uow.session.get_one(Assessor, assessor)
    row.stated_at = row.stated_at or uow.now
    uow.flush()
    uow.audit("assessor.stated", row.run_id, assessor=assessor)


def decline(uow: UnitOfWork, *, assessor: str, why: str) -> None:
    """The assessor does not mark: a conflict of interest, or no time. Staff ask somebody else."""
    row = uow.session.get_one(Assessor, assessor)
    row.declined_at, row.declined_why = uow.now, why.strip()[:1000]
    uow.flush()
    uow.audit("assessor.declined", row.run_id, assessor=assessor, why=row.declined_why)


def mark(
    uow: UnitOfWork, *, assessor: str, marks: Mapping[str, tuple[int, str]], assessment: Assessment
) -> Outcome:  # fmt: skip
    """Hand the marks in, once: points and a reason for each criterion; says what all marks come to now."""
    row = uow.session.get_one(Assessor, assessor)
    task = _task(uow, row.run_id, MARKING)
    if row.stated_at is None or not _open_link(uow.session, row):
        raise NotFound(GONE)
    _check_marks(marks, assessment)
    for key, (points, reason) in marks.items():
        uow.session.add(Mark(assessor_id=row.id, round=row.round, criterion=key, points=points, reason=reason.strip()))
    row.marked_at = uow.now
    uow.flush()
    uow.audit("assessor.marked", row.run_id, assessor=row.id, round=row.round)
    return _follow(uow, task, assessment)


def _check_marks(marks: Mapping[str, tuple[int, str]], assessment: Assessment) -> None:
    wrong: dict[str, list[Text]] = {}
    for criterion in assessment.rubric:
        points, reason = marks.get(criterion.key, (-1, ""))
        if not 0 <= points <= criterion.most:
            wrong[f"{criterion.key}_points"] = [say("From 0 to %(most)s points.", most=criterion.most)]
        if not reason.strip():
            wrong[f"{criterion.key}_reason"] = [say("Say why: the candidate reads it.")]
    if wrong:
        raise InvalidInput({name: list(said) for name, said in wrong.items()})


def _follow(uow: UnitOfWork, task: TaskRow, assessment: Assessment) -> Outcome:
    """Move the task on as the marks say. What is settled waits for :func:`settle`, which asks the check."""
    rows = _assessors(uow.session, task.run_id)
    done = [a for a in rows if a.marked_at is not None]
    pair = [a for a in done if not a.third]
    last = next((a for a in done if a.third), None)
    found = outcome(assessment, [marks_of(uow.session, a) for a in pair],
                    marks_of(uow.session, last) if last else None)  # fmt: skip
    if found.state == "waiting":
        return found
    if task.agreed is None:
        task.difference, task.agreed = found.difference, found.state == "settled"
    if found.state == "apart":
        again = assessment.confer and task.state == "marking"
        task.state = "confer" if again else "third"
        for assessor in pair if again else ():
            assessor.round, assessor.marked_at = assessor.round + 1, None
            assessor.expires_at = uow.now + timedelta(days=assessment.link_days)
        uow.flush()
        for assessor in pair if again else ():
            uow.emit(events.ASSESSOR_ASKED, assessor.id)
        uow.emit(events.ASSESSORS_APART, task.run_id)
        uow.audit("assessors.apart", task.run_id, difference=found.difference, then=task.state)
        return found
    task.total, task.passed = found.total, found.passed
    if assessment.defence and found.passed:
        task.state = "defence"
    uow.flush()
    return found


def close(uow: UnitOfWork, *, run: str) -> None:
    """The run was decided: its task is settled."""
    task = uow.session.get(TaskRow, run)
    if task is not None and task.state != "settled":
        task.state, task.settled_at = "settled", uow.now
        uow.flush()


def miss(uow: UnitOfWork, *, run: str) -> None:
    """Nothing was handed in in time: the attempt is over, and counts for the next one's date."""
    task = _task(uow, run, ("task",))
    task.state, task.settled_at, task.passed = "missed", uow.now, False
    uow.flush()
    vetting.end_without(uow, run=run)
    uow.audit("task.missed", run)


def propose_defence(uow: UnitOfWork, *, run: str, at: datetime, where: str) -> None:
    """Staff propose, for the assessors, when and where the task is defended; the candidate confirms it."""
    need(uow.actor, "vetting.decide")
    task = _task(uow, run, ("defence",))
    _not_their_own(uow, run)
    if at <= uow.now:
        raise InvalidInput({"at": [say("This time has passed.")]})
    if not where.strip():
        raise InvalidInput({"where": [say("Say where: an address, or the link of the call.")]})
    task.defence_at, task.defence_where, task.defence_confirmed_at = at, where.strip()[:300], None
    uow.flush()
    uow.emit(events.DEFENCE_SET, run)


def confirm_defence(uow: UnitOfWork, *, run: str, at: datetime) -> None:
    """The candidate confirms the time that they read: another one proposed meanwhile is a ``Conflict``."""
    task = _task(uow, run, ("defence",))
    if task.defence_at is None or task.defence_at != at:
        raise Conflict("Another time was proposed meanwhile. Look at it again.", state=task.state)
    task.defence_confirmed_at = uow.now
    uow.flush()
    uow.emit(events.DEFENCE_CONFIRMED, run)


def overdue(task: TaskRow, now: datetime) -> bool:
    """Whether the candidate let the proposed time of the defence, and some days after it, pass without a word."""
    proposed = task.defence_at if task.state == "defence" and task.defence_confirmed_at is None else None
    return proposed is not None and proposed + SILENCE <= now


def miss_defence(uow: UnitOfWork, *, run: str) -> None:
    """Staff end an attempt whose defence was never confirmed; it counts for the next one's date, as a missed task."""
    need(uow.actor, "vetting.decide")
    task = _task(uow, run, ("defence",))
    _not_their_own(uow, run)
    if not overdue(task, uow.now):
        raise Conflict("End it once the proposed time has passed by %(days)s days unconfirmed.", days=SILENCE.days,
                       state=task.state)  # fmt: skip
    task.state, task.settled_at, task.passed = "missed", uow.now, False
    uow.flush()
    vetting.end_without(uow, run=run)
    uow.emit(events.DEFENCE_MISSED, run)
    uow.audit("defence.missed", run)


def _task(uow: UnitOfWork, run: str, states: Sequence[str]) -> TaskRow:
    task = uow.session.get(TaskRow, run)
    if task is None:
        raise NotFound(vetting.GONE)
    if task.state not in states:
        raise Conflict("This moved on while you were reading. Look at it again.", state=task.state)
    return task


def _not_their_own(uow: UnitOfWork, run: str) -> None:
    found = queries.run(uow.session, run)
    if found is None:
        raise NotFound(vetting.GONE)
    vetting.not_their_own(uow, found.kind, found.owner)


def _assessors(session: Session, run: str) -> list[Assessor]:
    query = select(Assessor).where(Assessor.run_id == run).order_by(Assessor.invited_at, Assessor.id)
    return list(session.scalars(query))


def marks_of(session: Session, assessor: Assessor, number: int = 0) -> Marks:
    """The points of an assessor in a round (0: the current one)."""
    rows = session.execute(
        select(Mark.criterion, Mark.points)
        .where(Mark.assessor_id == assessor.id, Mark.round == (number or assessor.round))
    )  # fmt: skip
    return {r.criterion: r.points for r in rows}


def label_in(locale: str, label: str) -> str:
    """A criterion's label in the candidate's language."""
    with speaking(locale):
        return translate(label)


def reasons(session: Session, run: str, assessment: Assessment, *, locale: str) -> str:
    """What a verdict says of the marks, the lines of :func:`marked`: long words are cut, and no criterion is left out.

    The candidate reads all of it on the page of the task.
    """
    whole = marked(session, run, assessment, locale=locale)
    if len("\n".join(whole)) <= vetting.LONGEST_REASON:
        return "\n".join(whole)
    most = vetting.LONGEST_REASON // len(whole) - 1
    return "\n".join(line if len(line) <= most else f"{line[:most - 1]}…" for line in whole)


def marked(session: Session, run: str, assessment: Assessment, *, locale: str) -> list[str]:
    """The total, and for each criterion the points and the words of whoever decided."""
    rows = [a for a in _assessors(session, run) if a.marked_at is not None]
    deciding = [a for a in rows if a.third] or rows
    task = session.get_one(TaskRow, run)
    lines = [f"{task.total} / {assessment.most}"]
    for criterion in assessment.rubric:
        given = session.execute(
            select(Mark.points, Mark.reason)
            .join(Assessor, Assessor.id == Mark.assessor_id)
            .where(Mark.criterion == criterion.key, Mark.round == Assessor.round,
                   Mark.assessor_id.in_([a.id for a in deciding]))
            .order_by(Mark.points)
        ).all()  # fmt: skip
        said = " · ".join(f"{g.points}/{criterion.most}: {g.reason}" for g in given)
        lines.append(f"{label_in(locale, criterion.label)} – {said}")
    return lines


def agreement_of(session: Session, check: str) -> Agreement:
    """How far assessors of ``check`` agreed, over every file that two have marked."""
    rows = session.execute(
        select(TaskRow.run_id, TaskRow.agreed)
        .join(CheckRun, CheckRun.id == TaskRow.run_id)
        .where(CheckRun.check_name == check, TaskRow.agreed.is_not(None))
    ).all()
    pairs = []
    for row in rows:
        first = [a for a in _assessors(session, row.run_id) if not a.third]
        marks = [m for m in (marks_of(session, a, 1) for a in first) if m]
        if len(marks) >= 2:
            pairs.append((marks[0], marks[1]))
    return agreement(pairs, sum(bool(r.agreed) for r in rows))


def task_of(session: Session, run: str) -> TaskRow | None:
    """The task of a run; ``None`` for a check without one."""
    return session.get(TaskRow, run)


def assessors_of(session: Session, run: str) -> list[Assessor]:
    """Everybody who was asked to mark a run, in that order."""
    return _assessors(session, run)


def last_run(session: Session, *, check: str, kind: str, owner: str) -> queries.Run | None:
    """The attempt under way, if there is one."""
    return next((r for r in queries.open_runs(session, kind, owner) if r.check == check), None)
