"""The last weeks in numbers: sign-ups, missions, contracts, money held. Weeks begin on Monday, in UTC."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketwright.features.accounts.tables import Account
from marketwright.features.contracts.tables import Contract
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.tables import Hold
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, Sum

WEEKS = 10


@dataclass(frozen=True, slots=True)
class Course:
    """One figure over the weeks, oldest first; the last week is the one under way."""

    numbers: list[int]

    @property
    def now(self) -> int:
        """The newest."""
        return self.numbers[-1]

    @property
    def before(self) -> int:
        """The week before."""
        return self.numbers[-2]


@dataclass(frozen=True, slots=True)
class Weeks:
    """What happened in each of the last weeks; ``held`` is what was held at their end, in minor units."""

    begin: list[datetime]
    sign_ups: Course
    missions: Course
    contracts: Course
    held: Course


def weeks(session: Session, now: datetime, currency: str) -> Weeks:
    """The last ten weeks up to ``now`` (business time)."""
    begin = _mondays(now)
    return Weeks(
        begin, _counted(session, Account.created_at, begin), _counted(session, Mission.published_at, begin),
        _counted(session, Contract.signed_at, begin), _held(session, begin, currency),
    )  # fmt: skip


def _mondays(now: datetime) -> list[datetime]:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)]


def _counted(
    session: Session, column: "InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]",
    begin: Sequence[datetime],
) -> Course:  # fmt: skip
    numbers = [0] * len(begin)
    for at in session.scalars(select(column).where(column >= begin[0])):
        assert at is not None
        numbers[min((at - begin[0]).days // 7, len(begin) - 1)] += 1
    return Course(numbers)


def _held(session: Session, begin: Sequence[datetime], currency: str) -> Course:
    """What stood on the accounts of holds at the end of each week."""
    legs = (
        select(LedgerTransaction.at, LedgerLeg.amount)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .where(LedgerLeg.kind == "hold", LedgerLeg.currency == currency)
    )
    first = session.scalar(
        select(func.coalesce(func.sum(LedgerLeg.amount), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .where(LedgerLeg.kind == "hold", LedgerLeg.currency == currency, LedgerTransaction.at < begin[0])
    )
    moved = [0] * len(begin)
    for at, amount in session.execute(legs.where(LedgerTransaction.at >= begin[0])):
        moved[min((at - begin[0]).days // 7, len(begin) - 1)] -= int(amount)
    numbers, running = [], -int(first or 0)
    for change in moved:
        running += change
        numbers.append(running)
    return Course(numbers)


def held_by_age(session: Session, now: datetime, currency: str) -> list[tuple[int, Money]]:
    """Money held, by days left until the provider gives it back: [(at most days, sum)], 0 stands for no limit."""
    edges = (7, 15, 30, 60)
    sums = dict.fromkeys((*edges, 10_000, 0), 0)
    query = select(Hold.held, Hold.hold_until).where(Hold.held > 0, Hold.currency == currency)
    for held, until in session.execute(query):
        left = (until - now).days if until else None
        key = 0 if left is None else next((e for e in edges if left < e), 10_000)
        sums[key] += held
    return [(days, Sum(amount, currency)) for days, amount in sums.items()]
