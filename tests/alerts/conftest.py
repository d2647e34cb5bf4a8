"""The small market of the tests of matching, with somebody who wants to hear of what is new."""

import re

import pytest
from sqlalchemy import select

from marketwright.features.alerts.tables import AlertMatch
from marketwright.features.notifications.tables import Mail, Notice


@pytest.fixture
def market(house):
    from tests.matching.conftest import Market, make_skills

    made = Market(house)
    made.write(make_skills)
    made.organisation, made.owner = made.client()
    return made


@pytest.fixture
def work(app, house):
    """Let the worker do all that waits, what settles for half a minute too."""

    def work():
        from sqlalchemy import update

        from marketwright.kernel.actors import system
        from marketwright.store.tables import JobRow

        with app.app_context():
            for _ in range(3):
                house.worker.drain()
                with house.database.unit(system("tests")) as uow:
                    uow.session.execute(
                        update(JobRow).where(JobRow.kind.in_(("alerts.look", "alerts.lot")), JobRow.state == "ready")
                        .values(run_at=uow.machine_now)
                    )  # fmt: skip
                    uow.commit()

    return work


@pytest.fixture
def told(house):
    """The mails of alerts and the notices of an account, oldest first."""

    def told(account):
        with house.database.reading() as session:
            mails = session.scalars(
                select(Mail).where(Mail.kind == "alert.found", Mail.account_id == account).order_by(Mail.created_at)
            )
            notices = session.scalars(select(Notice.template).where(Notice.account_id == account))
            return list(mails), list(notices)

    return told


@pytest.fixture
def known(house):
    """Who or what an alert knows: by id, whether it was told."""

    def known(alert):
        with house.database.reading() as session:
            rows = session.execute(select(AlertMatch.subject, AlertMatch.told).where(AlertMatch.alert_id == alert))
            return dict(rows.all())

    return known


@pytest.fixture
def saved(house):
    """Save through the page and give the alert's id."""

    def saved(visitor, kind="missions", target="", frequency="at_once", name="Mine"):
        answer = visitor.post("/me/alerts", {"kind": kind, "target": target, "frequency": frequency, "name": name})
        assert answer.status_code == 303, answer.text[-2000:]
        return re.findall(r"/me/alerts/(\w+)/(?:pause|resume)", visitor.get("/me/alerts").text)[0]

    return saved
