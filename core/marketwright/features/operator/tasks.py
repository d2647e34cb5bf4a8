"""What waits for the staff, in one statement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.registry import processes
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.matching.tables import HandPick
from marketwright.features.messaging.tables import Message, Thread
from marketwright.features.missions.tables import Mission
from marketwright.features.notices.tables import ContentNotice
from marketwright.features.payments.tables import CommandState, PaymentCommand
from marketwright.features.vetting.queries import STAGE
from marketwright.features.vetting.tables import CheckRun
from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.store.tables import JobRow
from marketwright.strategies.processes import Role

UNSURE = (CommandState.UNKNOWN,)
REFUSED = (CommandState.FAILED,)


@dataclass(frozen=True, slots=True)
class Tasks:
    """How much waits: checks and contracts to decide, missions to read, payments in doubt, dead jobs, notices."""

    checks: int
    missions: int
    decisions: int
    payments: int
    jobs: int
    notices: int


def tasks(session: Session, plugins: Plugins) -> Tasks:
    """What waits now."""
    deciding = deciding_states(plugins)
    row = session.execute(
        select(
            select(func.count()).select_from(CheckRun).where(STAGE == "staff").scalar_subquery(),
            select(func.count()).where(Mission.state == "waiting").scalar_subquery(),
            select(func.count())
            .select_from(Milestone)
            .join(Contract, Contract.id == Milestone.contract_id)
            .where(Milestone.state.in_(deciding), Milestone.pending == "", Contract.state == "ACTIVE")
            .scalar_subquery(),
            select(func.count())
            .select_from(PaymentCommand)
            .where(PaymentCommand.state.in_(UNSURE), PaymentCommand.given_up_at.is_(None))
            .scalar_subquery(),
            select(func.count()).where(JobRow.state == "dead").scalar_subquery(),
            select(func.count()).where(ContentNotice.decided_at.is_(None)).scalar_subquery(),
        )
    ).one()
    return Tasks(*(int(n) for n in row))


def deciding_states(plugins: Plugins) -> Sequence[str]:
    """Names of the states in which a process waits for the operator."""
    known = processes(plugins).values()
    return sorted({s.name for p in known for s in p.states if s.owner is Role.OPERATOR and not s.end})


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A published mission that no freelancer has written about; ``placed`` is how many staff put on its list."""

    id: str
    title: str
    since: datetime
    invited: bool
    placed: int


def unanswered(session: Session, before: datetime, most: int) -> tuple[int, list[Unanswered]]:
    """How many missions published before ``before`` no freelancer wrote a word on, and the ``most`` oldest of them."""
    answered = (
        select(Message.id)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Thread.mission_id == Mission.id, Message.author_id == Thread.freelancer_id)
        .exists()
    )
    placed = select(func.count()).where(HandPick.mission_id == Mission.id).scalar_subquery()
    query = (
        select(func.count().over(), Mission.id, Mission.title, Mission.published_at, Mission.visibility, placed)
        .where(Mission.state == "published", Mission.published_at < before, ~answered)
        .order_by(Mission.published_at, Mission.id)
        .limit(most)
    )
    rows = session.execute(query).all()
    return (rows[0][0] if rows else 0), [
        Unanswered(r[1], r[2], r[3], r[4] == "invited", r[5]) for r in rows if r[3] is not None
    ]
