"""What people are told of invoices: due, late, paid in part and in full."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketwright.features.contracts.receiving import receive
from marketwright.features.contracts.tables import ContractCondition
from marketwright.features.contracts.timers import run_clock
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.kernel.actors import plugin_actor
from marketwright.kernel.money import Money


def subjects(stage, account):
    stage.house.worker.drain()
    with stage.house.database.reading() as session:
        return list(session.scalars(select(Mail.subject).where(Mail.account_id == account).order_by(Mail.created_at)))


def notices(stage, account):
    stage.house.worker.drain()
    with stage.house.database.reading() as session:
        mine = select(Notice.template, Notice.params).where(Notice.account_id == account).order_by(Notice.at)
        return [template % params for template, params in session.execute(mine)]


@pytest.mark.parametrize(("days", "says"), [
    (23, "€1,200.00 to be paid within 7 days"), (30, "€1,200.00 to be paid today"), (38, "is late by 8 days"),
    (47, "is late by 17 days"),
])  # fmt: skip
def test_the_client_is_reminded_of_the_invoice_before_at_and_after_its_day(stage, bill, days, says):
    stage.move(days=days)
    run_clock(stage.house.database)
    (said,) = [s for s in subjects(stage, stage.client) if s.startswith("Invoice")]
    assert says in said
    with stage.house.database.reading() as session:
        letter = session.scalars(select(Mail.body).where(Mail.subject == said)).one()
    assert ("It was due on" in str(letter)) == ("late" in says)


def test_a_reminder_that_no_longer_holds_when_it_is_written_is_not(stage, bill):
    stage.move(days=23)
    run_clock(stage.house.database)
    pay(stage, bill)
    assert not [s for s in subjects(stage, stage.client) if s.startswith(("Invoice", "Reminder"))]


def test_nobody_is_reminded_of_an_invoice_of_which_nothing_is_left_while_its_step_waits(stage, bill):
    with stage.unit() as uow:
        uow.session.add(ContractCondition(
            id="c", contract_id=stage.contract, milestone_id=bill.milestone, transition="confirm_paid",
            name="permit.signed_off", met_by="", met_name="", evidence="", file_id="",
        ))  # fmt: skip
        uow.commit()
    pay(stage, bill)
    stage.move(days=38)
    run_clock(stage.house.database)
    assert not [s for s in subjects(stage, stage.client) if s.startswith(("Invoice", "Reminder"))]


def pay(stage, bill):
    with stage.unit(plugin_actor("bank")) as uow:
        day = uow.now.date() - timedelta(days=1)
        receive(uow, bill=bill.id, arrival=Arrival(Money(120_000, "EUR"), "k", day))
        uow.commit()


def test_both_sides_hear_of_a_payment_that_a_plugin_saw(stage, bill):
    pay(stage, bill)
    assert any("has arrived" in said for said in notices(stage, stage.client))
    assert any("is paid" in said for said in notices(stage, stage.freelancer))
