"""Reads of vetting: what stands, what waits, what came in, what was."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles.tables import Claim
from marketwright.features.vetting.tables import CheckRun, Evidence, ExpiryMark, TaskRow, VerdictRow
from marketwright.kernel.frozen import dataclass

OPEN = ("begun", "outside", "staff")
BEGUN = "task"
PART = 500


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a check; ``name`` is that of the person, client or mission, ``task`` the state of its task."""

    id: str
    check: str
    kind: str
    owner: str
    about: str
    state: str
    note: str
    until: datetime | None
    asked_once: bool
    started_by: str
    started_name: str
    started_at: datetime
    ended_at: datetime | None
    version: int
    task: str = ""
    name: str = ""

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.state in OPEN

    @property
    def begun(self) -> bool:
        """Whether its task is being worked on: nothing was handed in yet."""
        return self.open and self.task == BEGUN


@dataclass(frozen=True, slots=True)
class Given:
    """One thing handed in; ``label`` and ``shown`` are to be translated."""

    id: str
    run: str
    key: str
    label: str
    form: str
    text: str
    shown: str
    file: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Stands:
    """One verdict. ``result`` is ``passed``, ``refused`` or ``revoked``; ``superseded`` when a later one stands.

    A ``private`` one is for its subject and the vetting team.
    """

    id: str
    run: str | None
    check: str
    kind: str
    owner: str
    about: str
    result: str
    compared: str
    source: str
    reason: str
    document: bool
    expires: datetime | None
    by: str
    by_name: str
    at: datetime
    private: bool = False
    superseded: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it speaks for its subject at ``now`` (business time)."""
        return self.result == "passed" and not self.ended(now) and not self.superseded

    def ended(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires is not None and self.expires <= now


_TASK: Any = func.coalesce(
    select(TaskRow.state).where(TaskRow.run_id == CheckRun.id).correlate(CheckRun).scalar_subquery(), ""
)
# a task that is being worked on waits for nobody of the staff, though its run is theirs
STAGE: Any = case((and_(CheckRun.state == "staff", _TASK == BEGUN), BEGUN), else_=CheckRun.state)
_RUN: tuple[Any, ...] = (
    CheckRun.id, CheckRun.check_name, CheckRun.subject_kind, CheckRun.subject_id, CheckRun.about, CheckRun.state,
    CheckRun.note, CheckRun.until, CheckRun.asked_once, CheckRun.started_by, CheckRun.started_name,
    CheckRun.started_at, CheckRun.ended_at, CheckRun.version, _TASK,
)  # fmt: skip
_VERDICT: tuple[Any, ...] = (
    VerdictRow.id, VerdictRow.run_id, VerdictRow.check_name, VerdictRow.subject_kind, VerdictRow.subject_id,
    VerdictRow.about, VerdictRow.result, VerdictRow.compared, VerdictRow.source, VerdictRow.reason,
    VerdictRow.document, VerdictRow.expires, VerdictRow.by, VerdictRow.by_name, VerdictRow.at, VerdictRow.private,
)  # fmt: skip


def _named_runs() -> Select[Any]:
    name = func.coalesce(Account.name, Organisation.name, Mission.title, "")
    return (
        select(*_RUN, name)
        .outerjoin(Account, (CheckRun.subject_kind == "freelancer") & (Account.id == CheckRun.subject_id))
        .outerjoin(Organisation, (CheckRun.subject_kind == "client") & (Organisation.id == CheckRun.subject_id))
        .outerjoin(Mission, (CheckRun.subject_kind == "mission") & (Mission.id == CheckRun.subject_id))
    )


def run(session: Session, id: str) -> Run | None:  # noqa: A002  the word of the domain
    """The run ``id``, with its subject's name."""
    row = session.execute(_named_runs().where(CheckRun.id == id)).first()
    return Run(*row) if row else None


def runs_of(session: Session, kind: str, owner: str, *, check: str = "") -> list[Run]:
    """The runs of one subject, newest first."""
    query = select(*_RUN).where(CheckRun.subject_kind == kind, CheckRun.subject_id == owner)
    if check:
        query = query.where(CheckRun.check_name == check)
    return [Run(*row) for row in session.execute(query.order_by(CheckRun.started_at.desc(), CheckRun.id))]


def open_runs(session: Session, kind: str, owner: str) -> list[Run]:
    """What is under way for one subject."""
    query = select(*_RUN).where(
        CheckRun.subject_kind == kind, CheckRun.subject_id == owner, CheckRun.state.in_(OPEN)
    )
    return [Run(*row) for row in session.execute(query.order_by(CheckRun.started_at))]


def queue(session: Session, states: Sequence[str] = ("staff",), *, limit: int = 200) -> list[Run]:
    """Runs in ``states``, the longest waiting first (ended ones: the latest first); ``task``: one is worked on."""
    ended = not set(states) & set(OPEN)
    order = CheckRun.ended_at.desc() if ended else CheckRun.started_at
    query = _named_runs().where(STAGE.in_(states)).order_by(order, CheckRun.id).limit(limit)
    return [Run(*row) for row in session.execute(query)]


def counts(session: Session) -> dict[str, int]:
    """How many runs are in each state, ``task`` among them as in :func:`queue`."""
    stages = select(STAGE.label("stage")).subquery()
    query = select(stages.c.stage, func.count()).group_by(stages.c.stage)
    return {state: int(count) for state, count in session.execute(query)}


def evidence_of(session: Session, run: str) -> list[Given]:
    """What was handed in for a run."""
    e = Evidence
    columns: tuple[Any, ...] = (e.id, e.run_id, e.key, e.label, e.form, e.text, e.shown, e.file_id, e.at)
    query = select(*columns).where(e.run_id == run).order_by(e.at, e.id)
    found = [Given(*row) for row in session.execute(query)]
    order = {"claim": 0, "number": 1}
    return sorted(found, key=lambda g: (order.get(g.key, 5), g.form != "choice"))


def answers_in(given: Sequence[Given]) -> list[str]:
    """The keys of what was typed or chosen among ``given``: who is shown it has read it. Files open by themselves."""
    return [g.key for g in given if g.text and not g.file and g.key != "claim"]


def evidence(session: Session, id: str) -> Given | None:  # noqa: A002
    """One thing handed in."""
    e = Evidence
    columns: tuple[Any, ...] = (e.id, e.run_id, e.key, e.label, e.form, e.text, e.shown, e.file_id, e.at)
    row = session.execute(select(*columns).where(e.id == id)).first()
    return Given(*row) if row else None


def verdict(session: Session, id: str) -> Stands | None:  # noqa: A002
    """One verdict."""
    row = session.execute(_verdicts().where(VerdictRow.id == id)).first()
    return _stands(row) if row else None


def _verdicts() -> Select[Any]:
    later = aliased(VerdictRow)
    return select(*_VERDICT, later.id.is_not(None)).outerjoin(later, later.supersedes == VerdictRow.id)


def _stands(row: Any) -> Stands:
    made = Stands(*row)
    return replace(made, superseded=bool(made.superseded))


def verdicts_of(session: Session, kind: str, owner: str, *, check: str = "") -> list[Stands]:
    """Every verdict on one subject, newest first."""
    query = _verdicts().where(VerdictRow.subject_kind == kind, VerdictRow.subject_id == owner)
    if check:
        query = query.where(VerdictRow.check_name == check)
    return _once([_stands(row) for row in session.execute(query.order_by(VerdictRow.at.desc(), VerdictRow.id))])


def _once(found: list[Stands]) -> list[Stands]:
    """``found`` without what was said again behind a refusal, as it was: of its rows that which stands."""
    last = {_said(v): v.id for v in sorted(found, key=lambda v: not v.superseded)}
    return [v for v in found if last[_said(v)] == v.id]


def _said(v: Stands) -> Stands:
    return replace(v, id="", superseded=False)


def standing(session: Session, kind: str, owner: str) -> list[Stands]:
    """The verdicts on one subject that no later one supersedes, newest first; some may have expired."""
    return [v for v in verdicts_of(session, kind, owner) if not v.superseded]


def passed(session: Session, kind: str, checks: Sequence[str]) -> list[tuple[str, str, datetime | None, str, bool]]:
    """Good verdicts that stand, of these checks: (check, subject, end, what about, whether that is a claim still).

    Some may have expired; private ones are left out.
    """
    v, later = VerdictRow, aliased(VerdictRow)
    claim = (Claim.id == v.about) & (Claim.profile_id == v.subject_id)
    query = (
        select(v.check_name, v.subject_id, v.expires, v.about, Claim.id.is_not(None))
        .outerjoin(later, later.supersedes == v.id)
        .outerjoin(Claim, claim)
        .where(v.subject_kind == kind, v.result == "passed", v.check_name.in_(checks), later.id.is_(None),
               v.private.is_(False))
    )
    return [(c, s, e, a, bool(k)) for c, s, e, a, k in session.execute(query)]


def held(session: Session, kind: str, owner: str, checks: Collection[str], now: datetime) -> frozenset[str]:
    """Which of ``checks`` the subject holds at ``now`` (business time), private ones too."""
    if not checks:
        return frozenset()
    return frozenset(v.check for v in standing(session, kind, owner) if v.check in checks and v.holds(now))


def ending(
    session: Session, before: datetime, *, after: tuple[datetime, str] | None = None
) -> list[Stands]:  # fmt: skip
    """Good verdicts that stand, end before a moment and whose end was not told yet, the first to end first.

    At most :data:`PART`; ``after`` (end, id) is the last of the part before: begin behind it.
    """
    later, told = aliased(VerdictRow), aliased(ExpiryMark)
    query = (
        select(*_VERDICT, later.id.is_not(None))
        .outerjoin(later, later.supersedes == VerdictRow.id)
        .outerjoin(told, (told.verdict_id == VerdictRow.id) & (told.days == 0))
        .where(later.id.is_(None), told.days.is_(None), VerdictRow.result == "passed", VerdictRow.expires < before)
        .order_by(VerdictRow.expires, VerdictRow.id)
        .limit(PART)
    )
    if after is not None:
        end, last = after
        behind = and_(VerdictRow.expires == end, VerdictRow.id > last)
        query = query.where(or_(VerdictRow.expires > end, behind))
    return [_stands(row) for row in session.execute(query)]
