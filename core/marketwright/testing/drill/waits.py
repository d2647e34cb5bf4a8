"""What shortens a drill's waiting: leases of the dead, tries that come later, staff who ask the provider themselves."""

from functools import partial

from sqlalchemy import select, update

from marketwright.features.inbox.jobs import SWEEP_JOB as INBOX_SWEEP
from marketwright.features.inbox.service import HANDLE_JOB
from marketwright.features.payments.commands import COMMAND_JOB
from marketwright.features.payments.jobs import SWEEP_JOB
from marketwright.features.payments.tables import PaymentCommand
from marketwright.kernel.actors import system
from marketwright.store.tables import JobRow
from marketwright.store.unit import UnitOfWork
from marketwright.testing.drill.people import persistently
from marketwright.testing.drill.site import Site

_ACTOR = system("drill")


def ask_about(site: Site) -> None:
    """Staff asks the provider about each payment of which nobody knows what became."""
    c = PaymentCommand
    with site.house.database.reading() as session:
        unknown = session.scalars(select(c.id).where(c.state == "UNKNOWN", c.given_up_at.is_(None))).all()
    for command in unknown:
        site.staff.post(f"/console/payments/{command}/ask")


def hasten(site: Site) -> None:
    """Let what is tried again later be tried now: the waiting between two tries is not what faults are about."""
    persistently(partial(_hasten, site))


def _hasten(site: Site) -> None:
    with site.house.database.unit(_ACTOR) as uow:
        now = uow.machine_now
        later = (JobRow.state == "ready") & (JobRow.run_at > now) & JobRow.kind.in_((COMMAND_JOB, HANDLE_JOB))
        uow.session.execute(update(JobRow).where(later).values(run_at=now))
        _wake(uow)
        uow.commit()


def sweep(site: Site) -> None:
    """Wake the sweeps, which come twice a minute: money that was frozen is paid out then, as after any other while."""
    persistently(partial(_sweep, site))


def _sweep(site: Site) -> None:
    with site.house.database.unit(_ACTOR) as uow:
        _wake(uow)
        uow.commit()


def _wake(uow: UnitOfWork) -> None:
    """Have the sweeps run next: what they wake is what is waited for."""
    for kind in (SWEEP_JOB, INBOX_SWEEP):
        uow.job(kind, key="tick")


def let_leases_run_out(site: Site) -> None:
    """What a minute of waiting does, for short runs: the leases of dead processes are over at once."""
    persistently(partial(_end_leases, site))


def _end_leases(site: Site) -> None:
    with site.house.database.unit(_ACTOR) as uow:
        now = uow.machine_now
        uow.session.execute(update(JobRow).where(JobRow.state == "leased").values(lease_until=now))
        uow.session.execute(update(PaymentCommand).where(PaymentCommand.lease_until > now).values(lease_until=now))
        uow.session.execute(update(JobRow).where(JobRow.state == "ready", JobRow.run_at > now).values(run_at=now))
        uow.commit()
