"""Letters about payments: who paid hears of their payment, and of nothing that the house could not do."""

import pytest
from sqlalchemy import select

from marketwright.features.notifications.tables import Mail
from marketwright.features.payments import events


@pytest.fixture
def refused(stage, app):
    """The subjects of letters after the provider has refused a command of some kind."""

    def subjects(kind):
        with stage.unit(stage.client) as uow:
            uow.emit(events.FAILED, stage.milestones[0], command="c1", kind=kind)
            uow.commit()
        with app.app_context():
            stage.house.worker.drain()
        with stage.house.database.reading() as session:
            return {m.subject for m in session.scalars(select(Mail).where(Mail.kind == events.FAILED))}

    stage.signed(100_000)
    return subjects


def test_a_client_whose_payment_was_refused_is_told(refused):
    assert len(refused("fund")) == 1


@pytest.mark.parametrize("kind", ["release", "refund", "split", "payout"])
def test_a_client_is_told_of_no_refusal_but_that_of_a_payment(refused, kind):
    assert refused(kind) == set()
