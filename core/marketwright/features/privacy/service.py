"""Erasing a person: at once what nothing keeps, later what a law keeps for a time."""

from datetime import UTC, datetime, time

from sqlalchemy import select

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.forgetting import forget as forget_account
from marketwright.features.accounts.forgetting import forget_identity, is_erased
from marketwright.features.accounts.rights import need
from marketwright.features.alerts.forgetting import forget as forget_alerts
from marketwright.features.contracts.tables import Contract
from marketwright.features.desk import people
from marketwright.features.matching.forgetting import forget as forget_lists
from marketwright.features.messaging.forgetting import forget as forget_messages
from marketwright.features.messaging.tables import Thread
from marketwright.features.notices.forgetting import forget as forget_notices
from marketwright.features.notifications.forgetting import forget as forget_mails
from marketwright.features.privacy import events, queries
from marketwright.features.privacy.leftovers import clean
from marketwright.features.privacy.periods import ends, stays
from marketwright.features.privacy.tables import Erasure
from marketwright.features.profiles.forgetting import forget as forget_profile
from marketwright.features.proposals.forgetting import forget as forget_reasons
from marketwright.features.services.forgetting import forget as forget_services
from marketwright.features.vetting.forgetting import forget as forget_evidence
from marketwright.features.vetting.forgetting import withdraw_all
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.text import N_, say
from marketwright.store.jobs import Job
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.countries import Country
from marketwright.web.house import House
from marketwright.web.i18n import speaking, translate

PERMISSION, JOB = "people.erase", "privacy.erase"
NAME, INSTEAD = N_("Deleted account"), N_("Deleted with the account.")


def pack_of(house: House) -> Country | None:
    """The pack of the marketplace's own country."""
    entry = house.plugins.countries.get(house.marketplace.country)
    return entry.it if entry else None


def erase(uow: UnitOfWork, house: House, *, account: str, reason: str = "") -> None:
    """Erase ``account`` as far as no law keeps it; plugins follow in a job.

    Oneself, or staff with a reason (permission ``people.erase``). ``Conflict`` while something stands in the way,
    with what it is. Safe to repeat.
    """
    person = accounts.account(uow.session, account)
    if person is None or is_erased(person.email):
        raise NotFound("There is no such account.")
    if uow.actor.kind != "system" and uow.actor.id != account:
        need(uow.actor, PERMISSION)
        if not reason.strip():
            raise InvalidInput({"reason": [say("Write who asked for it, and when.")]})
    standing = queries.blockers(uow.session, account)
    if standing:
        raise Conflict("Something has to end first: %(what)s", what=standing[0].says)
    kept = stays(uow.session, account, pack_of(house), house.marketplace.day_of)
    until = ends(kept)
    with speaking(person.locale, house.catalogues):
        name, instead = translate(NAME), translate(INSTEAD)
    _at_once(uow, account, person.email, name=name, instead=instead, dealt=bool(kept))
    uow.session.add(Erasure(
        account_id=account, at=uow.now, by=uow.actor.label, reason=reason.strip(), plugins_at=None,
        kept=[[s.name, s.law.name if s.law else "", s.until.isoformat() if s.until else ""] for s in kept],
        until=datetime.combine(until, time(), UTC) if until else None, finished_at=None if kept else uow.now,
    ))  # fmt: skip
    uow.flush()
    uow.emit(events.ERASED, account)
    uow.audit("account.erased", account, reason=reason.strip(), kept=[s.name for s in kept])
    uow.job(JOB, key=account)


def _at_once(uow: UnitOfWork, account: str, email: str, *, name: str, instead: str, dealt: bool) -> None:
    deals = select(Thread.id).join(Contract, (Contract.mission_id == Thread.mission_id)
                                   & (Contract.freelancer_id == Thread.freelancer_id))  # fmt: skip
    forget_messages(uow, account=account, instead=instead, but_in=deals if dealt else None)
    forget_services(uow, profile=account)
    forget_profile(uow, profile=account)
    withdraw_all(uow, freelancer=account)
    forget_lists(uow, account=account)
    forget_alerts(uow, account=account)
    forget_mails(uow, account=account, address=email)
    forget_reasons(uow, account=account)
    forget_notices(uow, account=account, address=email, instead=instead)
    if not dealt:
        _afterwards(uow, account, instead)
        for organisation in queries.alone_in(uow.session, account):
            forget_identity(uow, owner=organisation, kind="organisation")
    forget_account(uow, account=account, name=name)


def _afterwards(uow: UnitOfWork, account: str, instead: str) -> None:
    """What a deal keeps, once its periods are over."""
    forget_messages(uow, account=account, instead=instead)
    forget_evidence(uow, freelancer=account)
    forget_identity(uow, owner=account)


def go_on(house: House, job: Job | None = None) -> int:
    """Ask the plugins that have not forgotten yet, and let go of what no period keeps any more; how many people."""
    with house.database.reading() as session:
        today = datetime.combine(house.today, time(), UTC)  # ``until`` is the last day that keeps, written the same way
        asked = list(session.scalars(select(Erasure.account_id).where(Erasure.plugins_at.is_(None))))
        over = list(session.scalars(
            select(Erasure.account_id).where(Erasure.finished_at.is_(None), Erasure.until < today)
        ))  # fmt: skip
    for account in asked:
        said = people.forget(house, system(JOB), account)
        if not said.failed:
            _note(house, account, job, plugins=True)
    for account in over:
        _note(house, account, job, plugins=False)
    return len({*asked, *over})


def _note(house: House, account: str, job: Job | None, *, plugins: bool) -> None:
    with house.database.unit(system(JOB), fence=job.check if job else None) as uow:
        row = uow.session.get(Erasure, account, with_for_update=True)
        if row is None:
            return
        if plugins:
            row.plugins_at = uow.now
        else:
            person = accounts.account(uow.session, account)
            with speaking(person.locale if person else house.marketplace.languages[0], house.catalogues):
                _afterwards(uow, account, translate(INSTEAD))
            row.finished_at = uow.now
            uow.audit("account.periods_over", account)
        uow.commit()


def wire(house: House) -> None:
    """Give the worker the erasures that have not ended, at once and once a day, and what older versions left."""

    def going_on(job: Job) -> None:
        go_on(house, job)
        clean(house, job)

    house.worker.handle(JOB, going_on, every=24 * 3600)
