"""Making and changing alerts, and writing down what they find: the row of each match is what makes it told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from marketwright.features.accounts import queries as accounts
from marketwright.features.alerts import events
from marketwright.features.alerts.finding import MOST
from marketwright.features.alerts.tables import Alert, AlertMatch
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert

MOST_ALERTS, LONGEST_NAME, LONGEST_TARGET = 30, 120, 1500
FREQUENCIES = {"at_once": timedelta(days=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}
NAMED, RUN = 10, 500  # ids that an event names; rows a statement


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What is to be told of; ``fits`` is who or what fits already."""

    kind: str
    target: str
    name: str
    frequency: str
    fits: Sequence[str] = ()


def save(uow: UnitOfWork, *, new: NewAlert) -> str:
    """Make an alert of the actor; one for the same thing gets the new name and frequency. Returns its id."""
    _check(new.name, new.frequency)
    if len(new.target) > LONGEST_TARGET:
        raise InvalidInput({"target": [say("This search has too many filters to be saved.")]})
    if len(new.fits) > MOST:
        raise InvalidInput({"target": [
            say("More than %(most)s fit already, so that almost everything new would be told. Add a filter first.",
                most=MOST)
        ]})  # fmt: skip
    _check_confirmed(uow)
    mine = Alert.account_id == uow.actor.id
    found = uow.session.scalar(select(Alert).where(mine, Alert.kind == new.kind, Alert.target == new.target))
    if found is None:
        if (uow.session.scalar(select(func.count()).select_from(Alert).where(mine)) or 0) >= MOST_ALERTS:
            raise Conflict("You have %(most)s alerts; delete one first.", most=MOST_ALERTS)
        found = Alert(id=new_id(), account_id=uow.actor.id, kind=new.kind, target=new.target, created_at=uow.now,
                      told=0, told_at=None, paused=True)  # fmt: skip
        uow.session.add(found)
    found.name, found.frequency = new.name.strip(), new.frequency
    _begin(uow, found, new.fits)
    uow.audit("alert.saved", found.id, kind=new.kind, frequency=new.frequency)
    return found.id


def change(uow: UnitOfWork, *, alert: str, name: str, frequency: str) -> None:
    """Another name or frequency; a new frequency may bring the next look forward, and puts none off."""
    _check(name, frequency)
    found = _mine(uow, alert)
    changed = found.frequency != frequency
    found.name, found.frequency = name.strip(), frequency
    if changed:
        found.due_at = min(found.due_at, _next(found, uow.now))


def pause(uow: UnitOfWork, *, alert: str) -> None:
    """Tell nothing more until it is resumed."""
    _mine(uow, alert).paused = True


def resume(uow: UnitOfWork, *, alert: str, fits: Sequence[str]) -> None:
    """Tell again; what came in the meantime (``fits``) is no news."""
    found = _mine(uow, alert)
    if found.paused:
        _begin(uow, found, fits)


def remove(uow: UnitOfWork, *, alert: str) -> None:
    """Delete an alert and what it knew."""
    found = _mine(uow, alert)
    uow.session.execute(delete(AlertMatch).where(AlertMatch.alert_id == found.id))
    uow.session.delete(found)
    uow.audit("alert.deleted", alert)


def stop(uow: UnitOfWork, *, alert: str) -> bool:
    """Pause the alert whose mail had the link that was followed; false where it is gone."""
    found = uow.session.get(Alert, alert)
    if found is None:
        return False
    if not found.paused:
        found.paused = True
        uow.audit("alert.stopped_by_link", alert)
    return True


def tell(uow: UnitOfWork, *, alert: str, fits: Sequence[str]) -> int:
    """Write down what of ``fits`` was not told yet and tell it, in one commit; how many there were."""
    found = uow.session.get(Alert, alert, with_for_update=True)
    if found is None or found.paused:
        return 0
    new = set(_keep(uow, alert, fits, told=True))
    found.due_at = _next(found, uow.now)
    if new:
        named = [one for one in fits if one in new][:NAMED]
        found.told, found.told_at = found.told + len(new), uow.now
        uow.emit(events.FOUND, alert, first=named, count=len(new))
    return len(new)


def take_back(uow: UnitOfWork, *, alert: str, subjects: Sequence[str], told_at: datetime) -> int:
    """Forget that ``subjects`` were told at ``told_at``: their letter left them out, as nobody may see them now.

    They are told when they may be seen again. What was told since stays told. Returns how many were taken back.
    """
    found = uow.session.get(Alert, alert, with_for_update=True)
    if found is None or not subjects:
        return 0
    m = AlertMatch
    gone = uow.session.scalars(
        delete(m).where(m.alert_id == alert, m.subject.in_(subjects), m.told, m.at <= told_at).returning(m.subject)
    ).all()
    found.told -= len(gone)
    return len(gone)


def _begin(uow: UnitOfWork, found: Alert, fits: Sequence[str]) -> None:
    found.paused, found.due_at = False, _next(found, uow.now)
    uow.flush()
    _keep(uow, found.id, fits, told=False)


def _keep(uow: UnitOfWork, alert: str, subjects: Sequence[str], *, told: bool) -> list[str]:
    """Write the rows that are not there; their subjects. Whoever writes a row first is who tells."""
    written: list[str] = []
    for start in range(0, len(subjects), RUN):
        rows = [{"alert_id": alert, "subject": s, "told": told, "at": uow.now} for s in subjects[start : start + RUN]]
        statement = upsert(uow.session, AlertMatch).values(rows).on_conflict_do_nothing()
        written += uow.session.scalars(statement.returning(AlertMatch.subject))
    return written


def _next(found: Alert, now: datetime) -> datetime:
    return now + FREQUENCIES[found.frequency]


def _check(name: str, frequency: str) -> None:
    written = name.strip()
    if not written:
        raise InvalidInput({"name": [say("Give it a name, to tell it from the others.")]})
    if len(written) > LONGEST_NAME:
        raise InvalidInput({"name": [say("At most %(n)s characters.", n=LONGEST_NAME)]})
    if frequency not in FREQUENCIES:
        raise InvalidInput({"frequency": [say("Please choose one of the list.")]})


def _check_confirmed(uow: UnitOfWork) -> None:
    me = accounts.account(uow.session, uow.actor.id)
    if me is None or me.confirmed_at is None:
        raise Conflict("Confirm your mail address first: that is where alerts go.")


def _mine(uow: UnitOfWork, alert: str) -> Alert:
    found = uow.session.get(Alert, alert)
    if found is None or found.account_id != uow.actor.id:
        raise NotFound("There is no such alert of yours.")
    return found
