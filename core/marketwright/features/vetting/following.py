"""Checks that follow the legal identity: the worker begins them, and nobody hands anything in."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Select, case, exists, or_, select
from sqlalchemy.orm import aliased

from marketwright.features.accounts import events as accounts
from marketwright.features.accounts.tables import LegalIdentity
from marketwright.features.inbox.ports import Fence, HouseLike
from marketwright.features.vetting import queries, service
from marketwright.features.vetting.running import advance
from marketwright.features.vetting.subjects import subject
from marketwright.features.vetting.tables import CheckRun, VerdictRow
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, MarketwrightError, NotFound
from marketwright.store.jobs import Job, Worker
from marketwright.store.tables import EventRow
from marketwright.strategies.vetting import VettingCheck

log = logging.getLogger("marketwright.vetting")
FOLLOW_JOB = "vetting.follow"
EVERY = 3600
BATCH = 100
AHEAD = timedelta(days=7)  # before a verdict ends it is asked for again
_SIDES = {"freelancer": "freelancer", "organisation": "client"}


def wire(worker: Worker, house: HouseLike) -> None:
    """Give ``worker`` what it begins when an identity is recorded, and the look for what was missed or ends."""
    if not following(house.plugins):
        return

    def recorded(row: EventRow, job: Job) -> None:
        kind = _SIDES.get(str(row.payload.get("kind", "")))
        if row.name == accounts.IDENTITY_RECORDED and kind is not None:
            begin(house, kind, row.subject, fence=job.check)

    def looking(job: Job) -> None:
        begun = 0
        for check in following(house.plugins):
            for kind, owner in unanswered(house, check):
                begun += len(begin(house, kind, owner, only=check, fence=job.check))
                if begun >= BATCH:
                    return

    worker.subscribe("vetting", recorded, wants=(accounts.IDENTITY_RECORDED,))
    worker.handle(FOLLOW_JOB, looking, every=EVERY)


def following(plugins: Plugins) -> dict[str, Entry[VettingCheck]]:
    """The checks that follow the identity, by name."""
    return {name: entry for name, entry in plugins.vetting_checks.items() if entry.it.follows_identity}


def begin(house: HouseLike, kind: str, owner: str, *, only: str = "", fence: Fence | None = None) -> list[str]:
    """Begin every such check (or ``only`` one) on the VAT number of a subject that has none under way or answered.

    Returns the ids of the runs. Safe to repeat: what stands on this number, or is being asked, is left alone; a
    refusal is asked again.
    """
    begun = []
    for name, entry in following(house.plugins).items():
        if only and name != only:
            continue
        try:
            run = _begin(house, name, entry, kind, owner, fence)
        except (NotFound, Conflict):
            continue
        except MarketwrightError as error:
            log.warning("check %s was not begun on %s %s: %s", name, kind, owner, error)
            continue
        if run:
            begun.append(run)
            advance(house, run, fence=fence)
    return begun


def _begin(house: HouseLike, name: str, entry: Entry[VettingCheck], kind: str, owner: str, fence: Fence | None) -> str:
    with house.database.reading() as session:
        about = subject(session, kind, owner)
    if not about.vat_number or not entry.ask("applies", lambda c: c.applies(about)):
        return ""
    with house.database.unit(system(FOLLOW_JOB), fence=fence) as uow:
        standing = queries.standing(uow.session, kind, owner)
        if any(v.check == name and v.about == about.vat_number and v.holds(uow.now + AHEAD) for v in standing):
            return ""
        for run in queries.open_runs(uow.session, kind, owner):
            if run.check == name and run.about == about.vat_number:
                return ""
            if run.check == name:
                service.end_without(uow, run=run.id)
        service.outdate(uow, check=name, kind=kind, owner=owner, number=about.vat_number)
        begun = service.begin(uow, check=name, kind=kind, owner=owner, about=about.vat_number)
        uow.commit()
    return begun


def unanswered(house: HouseLike, check: str) -> list[tuple[str, str]]:
    """Subjects (kind, id) with a VAT number that ``check`` has not answered for, or whose good answer ends soon."""
    with house.database.reading() as session:
        rows = session.execute(_unanswered(check, house.clock.business() + AHEAD)).all()
    return [(_SIDES[row[0]], row[1]) for row in rows]


def _unanswered(check: str, soon: datetime) -> Select[str, str]:
    i, r, v, later = LegalIdentity, CheckRun, VerdictRow, aliased(VerdictRow)
    side = case((i.owner_kind == "organisation", "client"), else_="freelancer")
    answered = exists().where(
        v.check_name == check, v.subject_kind == side, v.subject_id == i.owner_id, v.about == i.vat_number,
        ~exists().where(later.supersedes == v.id), or_(v.result != "passed", v.expires.is_(None), v.expires > soon),
    )  # fmt: skip
    asked = exists().where(r.check_name == check, r.subject_kind == side, r.subject_id == i.owner_id,
                           r.about == i.vat_number, r.state.in_(queries.OPEN))  # fmt: skip
    return select(i.owner_kind, i.owner_id).where(i.vat_number != "", ~answered, ~asked).order_by(i.updated_at, i.id)
