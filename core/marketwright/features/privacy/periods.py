"""What stays of an erased person, by which law, until when."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketwright.features.privacy import queries
from marketwright.features.privacy.parts import ACCOUNTS, CONTRACTS, PROOFS
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.countries import Country, Retention


@dataclass(frozen=True, slots=True)
class Stays:
    """Parts that are kept for one period of law; ``law`` is ``None`` where no country pack says how long.

    ``until`` is the day after which they go; ``None`` without a period.
    """

    name: str
    law: Retention | None
    until: date | None


def stays(
    session: Session, account: str, pack: Country | None, day_of: Callable[[datetime], date]
) -> tuple[Stays, ...]:
    """What would stay of ``account`` if it were erased now, by the marketplace's days; nothing without a deal."""
    deal, money = queries.last_dates(session, account)
    known = {r.name: r for r in pack.retention} if pack else {}
    since = ((CONTRACTS, deal), (PROOFS, deal), (ACCOUNTS, money or deal))
    return tuple(Stays(n, known.get(n), _until(known.get(n), day_of(at))) for n, at in since if at is not None)


def _until(law: Retention | None, day: date) -> date | None:
    if law is None:
        return None
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + law.years, day=28 if leap else day.day)


def ends(kept: tuple[Stays, ...]) -> date | None:
    """When the last of the periods is over that core ends by itself; ``None`` where one has no end."""
    days = [s.until for s in kept if s.name in (CONTRACTS, PROOFS)]
    known = [d for d in days if d is not None]
    return max(known) if known and len(known) == len(days) else None
