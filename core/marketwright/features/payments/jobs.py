"""The worker's part of payments: commands, the sweep that makes lost wake-ups again, and looks at payees."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select

from marketwright.features.payments.catching_up import catch_up
from marketwright.features.payments.commands import COMMAND_JOB
from marketwright.features.payments.payees import look_again
from marketwright.features.payments.payouts import pay_what_waited
from marketwright.features.payments.running import WATCHED, HouseLike, run
from marketwright.features.payments.tables import SETTLED_STATES, PaymentCommand
from marketwright.kernel.actors import system
from marketwright.store.jobs import Job, Worker
from marketwright.store.unit import UnitOfWork

SWEEP_JOB, RECONCILE_JOB, LOOK_JOB = "payments.sweep", "payments.reconcile", "payments.payees"
STILL = timedelta(seconds=45)  # machine time after which a row that nothing moved is woken again
GO_ON = timedelta(minutes=5)  # machine time until a reconciliation that is not through goes on
BATCH = 200


def wire(worker: Worker, house: HouseLike) -> None:
    """Give ``worker`` what payments need done."""

    def command(job: Job) -> None:
        run(house, job.payload["command"], fence=job.check)

    def sweeping(job: Job) -> None:
        with house.database.unit(system(SWEEP_JOB), fence=job.check) as uow:
            sweep(uow)
            pay_what_waited(uow)
            uow.commit()

    def reconciling(job: Job) -> None:
        now = datetime.now(UTC)
        done = [catch_up(house, name, now, fence=job.check) for name in house.plugins.payment_providers]
        if not all(done):
            with house.database.unit(system(RECONCILE_JOB), fence=job.check) as uow:
                uow.job(RECONCILE_JOB, key="on", delay=GO_ON)
                uow.commit()

    def looking(job: Job) -> None:
        look_again(house, fence=job.check)

    worker.handle(COMMAND_JOB, command, first=True)
    worker.handle(RECONCILE_JOB, reconciling, every=3600, first=True)
    worker.handle(SWEEP_JOB, sweeping, every=30, first=True)
    worker.handle(LOOK_JOB, looking, every=120)


def sweep(uow: UnitOfWork) -> int:
    """Wake every command that nothing moves any more; a wake-up that still waits stays alone.

    A payment page whose time is up is woken at once, whatever wake-up waits for it. Returns how many rows it found.
    """
    now = uow.machine_now
    still = PaymentCommand.updated_at < now - STILL
    over = (PaymentCommand.expires_at < uow.now) & (PaymentCommand.state == "PAGE")
    commands = uow.session.execute(
        select(PaymentCommand.id, over)
        .where(
            PaymentCommand.state.not_in(SETTLED_STATES),
            or_(PaymentCommand.given_up_at.is_(None), PaymentCommand.created_at > now - WATCHED),
            or_(PaymentCommand.lease_until.is_(None), PaymentCommand.lease_until < now),
            or_(still, over & PaymentCommand.given_up_at.is_(None)),
        )
        .order_by(PaymentCommand.updated_at)
        .limit(BATCH)
    ).all()  # fmt: skip
    for command, is_over in commands:
        uow.job(COMMAND_JOB, key=f"{command}:over" if is_over else command, command=command)
    return len(commands)
