"""What the worker does for alerts: it looks at those whose time has come, and at once at those that want to know."""

import logging
from datetime import timedelta
from hashlib import blake2b

from marketwright.features.alerts import queries
from marketwright.features.alerts.finding import TOGETHER, Asked, Outdated, fitting, fitting_together, seen_now
from marketwright.features.alerts.service import tell
from marketwright.features.matching.ranking import GateBroken
from marketwright.features.missions import events as missions
from marketwright.features.profiles import events as profiles
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, Worker
from marketwright.store.tables import EventRow
from marketwright.web.house import House

log = logging.getLogger("marketwright.alerts")
LOOK, LOT, DUE = "alerts.look", "alerts.lot", "alerts.due"
MOST = 256  # alerts of one lot
EVERY = 300
SETTLE = timedelta(seconds=30)  # people write a profile in several steps
WOKEN = {
    missions.PUBLISHED: ("missions", "my_matches"), missions.RESUMED: ("missions", "my_matches"),
    missions.CHANGED: ("missions", "my_matches", "mission_matches"), missions.INVITED: ("missions", "my_matches"),
    profiles.CHANGED: ("people", "mission_matches", "my_matches"),
}  # fmt: skip


def wire(worker: Worker, house: House) -> None:
    """Give ``worker`` the jobs, and the subscriber ``alerts`` that wakes them."""

    def waking(row: EventRow, _job: Job) -> None:
        kinds = WOKEN.get(row.name)
        if kinds is None:
            return
        with house.database.reading() as session:
            woken = queries.at_once(session, kinds)
        _ask_for(house, woken, SETTLE if row.name == profiles.CHANGED else timedelta(0))

    def due(_job: Job) -> None:
        with house.database.reading() as session:
            ready = queries.due(session, house.clock.business())
        _ask_for(house, ready, timedelta(0))

    worker.handle(LOOK, lambda job: look(house, job))
    worker.handle(LOT, lambda job: look_together(house, job))
    worker.handle(DUE, due, every=EVERY)
    worker.subscribe("alerts", waking, wants=WOKEN)


def look(house: House, job: Job) -> None:
    """Look at one alert. Killed before its commit it leaves nothing; after it the event is told by its own job."""
    with house.database.reading() as session:
        alert = queries.alert(session, job.payload["alert"])
        if alert is None or alert.paused:
            return
        asked = Asked(alert.account_id, alert.kind, alert.target)
        try:
            fits = seen_now(house, session, alert, fitting(house, session, asked))
        except Outdated:
            fits = []
        except GateBroken as error:
            log.warning("the alert %s was not looked at: %s", alert.id, error)
            return
    with house.database.unit(system(LOOK), fence=job.check) as uow:
        tell(uow, alert=alert.id, fits=fits)
        uow.commit()


def look_together(house: House, job: Job) -> None:
    """Look at the new matches of several freelancers, ranked at once; each is told in a commit of its own.

    Killed in between, those who were told are told nothing again.
    """
    with house.database.reading() as session:
        found = [queries.alert(session, one) for one in job.payload["alerts"]]
        alerts = [a for a in found if a is not None and not a.paused and a.kind == "my_matches"]
        try:
            fits = fitting_together(house, session, [a.account_id for a in alerts])
        except GateBroken as error:
            log.warning("%s alerts were not looked at: %s", len(alerts), error)
            return
        seen = [(a.id, seen_now(house, session, a, fits[a.account_id])) for a in alerts]
    for alert, ids in seen:
        with house.database.unit(system(LOT), fence=job.check) as uow:
            tell(uow, alert=alert, fits=ids)
            uow.commit()


def _ask_for(house: House, alerts: list[str], delay: timedelta) -> None:
    if not alerts:
        return
    with house.database.reading() as session:
        many = queries.of_freelancers(session, alerts)
    alone = alerts if len(many) < TOGETHER else [one for one in alerts if one not in many]
    rest = [] if len(many) < TOGETHER else sorted(many)
    with house.database.unit(system(DUE)) as uow:
        for one in alone:
            uow.job(LOOK, key=one, delay=delay, alert=one)
        for start in range(0, len(rest), MOST):
            lot = rest[start : start + MOST]
            key = blake2b(" ".join(lot).encode(), digest_size=16).hexdigest()  # other alerts are another lot
            uow.job(LOT, key=key, delay=delay, alerts=lot)
        uow.commit()
