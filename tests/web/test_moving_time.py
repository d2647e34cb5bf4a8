"""Moving the demo's clock wakes everybody who watches deadlines, and nobody else."""

from sqlalchemy import select

from marketwright.store.tables import JobRow


def test_every_job_that_moving_time_wakes_has_somebody_who_does_it(house, browse):
    assert browse().post("/demo/move-time", {"by": "1d"}).status_code == 303
    with house.database.reading() as session:
        woken = set(session.scalars(select(JobRow.kind).where(JobRow.key == "moved")))
    assert woken
    assert woken <= set(house.worker.handlers)
