"""What the staff changes that no other room keeps: dead jobs are run again."""

from sqlalchemy import update

from marketwright.features.accounts.rights import need
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.store.tables import JobRow
from marketwright.store.unit import UnitOfWork


def retry_job(uow: UnitOfWork, *, job: str) -> None:
    """Run a dead job again from the start of its attempts; needs ``jobs.retry``."""
    need(uow.actor, "jobs.retry")
    row = uow.session.get(JobRow, job)
    if row is None:
        raise NotFound("There is no such job.")
    done = uow.session.execute(
        update(JobRow)
        .where(JobRow.id == job, JobRow.state == "dead")
        .values(state="ready", attempts=0, run_at=uow.machine_now, finished_at=None)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This job is not dead: nothing is to be done.", state=row.state)
    uow.audit("job.retried", job, kind=row.kind)
