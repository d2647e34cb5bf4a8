"""A worker killed with -9 at every step of an alert, started again: every match is told, and none twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from tests.kill.killing import kill_at, script
from tests.matching.conftest import Market, make_skills

from marketwright.app import create_app
from marketwright.features.alerts import queries, service
from marketwright.features.alerts.tables import AlertMatch
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.kernel.actors import Actor, system
from marketwright.store.tables import JobRow

listener = script("listener")
STEPS = ("found", "kept", "written", "told")


def let_leases_run_out(house):
    with house.database.unit(system("tests")) as uow:
        gone = uow.machine_now - timedelta(minutes=5)
        uow.session.execute(update(JobRow).where(JobRow.state == "leased").values(lease_until=gone))
        uow.commit()


@pytest.mark.slow  # five processes
def test_killed_at_every_step_each_match_is_told_once(database_url, tmp_path):
    house = listener.build(database_url, tmp_path)
    market = Market(house)
    market.write(make_skills)
    market.organisation, market.owner = market.client()
    ada = market.person("Ada Lovelace", "web")
    with house.database.unit(Actor(kind="person", id=ada)) as uow:
        service.save(uow, new=service.NewAlert("missions", "skill=web", "Web", "at_once"))
        uow.commit()
    app = create_app(house.marketplace, house)
    with app.app_context():
        house.worker.drain()
    for stop in STEPS:
        mission = market.mission(f"Killed when {stop}")
        kill_at(listener, database_url, tmp_path, stop=stop)
        let_leases_run_out(house)
        with app.app_context():
            house.worker.drain()
        with house.database.reading() as session:
            mails = list(session.scalars(select(Mail).where(Mail.kind == "alert.found")))
            notices = list(session.scalars(select(Notice.href).where(Notice.account_id == ada)))
            rows = list(session.scalars(select(AlertMatch.subject).where(AlertMatch.told)))
            waiting = queries.alerts_of(session, ada)[0].told
        named = [title for mail in mails for title, _, _ in mail.items]
        assert named.count(f"Killed when {stop}") == 1, stop
        assert notices.count(f"/missions/{mission}") == 1, stop
        assert len(named) == len(set(named)) == len(rows) == waiting, stop
    house.database.dispose()
