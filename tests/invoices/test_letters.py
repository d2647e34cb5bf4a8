"""Whoever sold gets the double, whoever pays gets word, and a missing mandate is asked for."""

from types import SimpleNamespace

from sqlalchemy import select

from marketwright.features.notifications.letters.kit import Told
from marketwright.features.notifications.letters.papers import WRITERS
from marketwright.kernel.money import Money
from marketwright.store.tables import EventRow


def letters(stage, name):
    with stage.house.database.reading() as session:
        found = session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.at, EventRow.id)).all()
        events = [SimpleNamespace(name=e.name, subject=e.subject, payload=e.payload, actor=e.actor) for e in found]
        return [x for e in events for x in WRITERS[name](Told(e, session, stage.house))]


def test_both_sides_are_told_of_an_invoice_for_work_and_of_no_fee(stage):
    stage.release(100_000)
    stage.issue()
    told = letters(stage, "invoice.issued")
    assert {x.reader.account for x in told} == {stage.freelancer, stage.client}
    assert all(x.subject.params["amount"] == Money(120_000, "EUR") for x in told)  # shown to each in their way


def test_a_missing_mandate_is_asked_of_the_freelancer(without_mandate):
    without_mandate.release(100_000).issue()
    (asked,) = letters(without_mandate, "invoice.waits")
    assert (asked.reader.account, asked.path) == (without_mandate.freelancer, "/accounting/mandate")
