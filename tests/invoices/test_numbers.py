"""A document has its number from the moment it is issued; what waits, or is made elsewhere, takes none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text, update

from marketwright.features.desk.queries import HouseQueries
from marketwright.features.invoicing.invoice_tables import Invoice, InvoiceDue
from marketwright.features.invoicing.invoices import waiting_rows
from marketwright.features.invoicing.service import Billed, issue
from marketwright.features.invoicing.tables import Bill
from marketwright.features.missions.tables import Mission
from marketwright.kernel.ids import new_id
from marketwright.strategies.pricing import Party
from marketwright.testing.agreed import quote_over

from .conftest import move_to


def another_mission(stage):
    """The stage with a mission of its own for the next deal."""
    with stage.unit() as uow:
        old = uow.session.get(Mission, stage.mission)
        values = {column.key: getattr(old, column.key) for column in Mission.__mapper__.column_attrs}
        stage.mission = values["id"] = new_id()
        uow.session.add(Mission(**values))
        uow.commit()
    return stage


def billed(stage, work, *, country="FR"):
    """An accepted milestone of a deal of its own, whose freelancer is taxed in ``country``."""
    another_mission(stage)
    quote, number = quote_over(work), "FR44732829320" if country == "FR" else "DE136695976"
    party = quote.deal.freelancer if country == "FR" else Party(country, "standard", number)
    move_to(stage, country, "freelancer", registration_number="732829320", vat_number=number)
    stage.signed(work, process="invoice", how_priced=replace(quote, deal=replace(quote.deal, freelancer=party)))
    stage.deliver()
    stage.take("approve", stage.client)
    return stage


def sales(stage):
    return [d for d in stage.documents() if d.kind == "sale"]


def bills(stage):
    with stage.house.database.reading() as session:
        return session.scalars(select(Bill).order_by(Bill.issued_at, Bill.number)).all()


def test_an_invoice_that_waits_keeps_no_later_one_back(stage):
    billed(stage, 100_000, country="DE")
    billed(stage, 200_000).issue()
    with stage.house.database.reading() as session:
        assert [row.blocker for row in waiting_rows(session, everything=True)] == ["seller"]
    (sale,) = sales(stage)
    assert (sale.net.amount, sale.number[-5:]) == (200_000, "-0001")


def test_held_and_billed_work_is_numbered_in_one_series_without_a_gap(stage):
    billed(stage, 100_000, country="DE")
    billed(stage, 200_000)
    another_mission(stage).release(300_000)
    billed(stage, 400_000).issue()
    first = f"{stage.freelancer[:6].upper()}-H-{stage.house.today.year}"
    assert [sale.number for sale in sales(stage)] == [f"{first}-000{n}" for n in (1, 2, 3)]
    assert stage.findings() == []


def test_the_invoice_and_the_pages_name_the_payment_request_that_it_answers(stage, browse):
    billed(stage, 100_000)
    (bill,) = bills(stage)
    client = browse(stage.client)
    assert f"<h1>Payment request {bill.shown_number}</h1>" in client.get(f"/bills/{bill.id}").text
    stage.issue()
    (sale,) = sales(stage)
    assert f"Payment request {bill.shown_number}." in client.get(f"/accounting/{sale.id}").text
    asked = client.get(f"/bills/{bill.id}").text
    assert f"<h1>Invoice {sale.number}</h1>" in asked
    assert f"Payment request {bill.shown_number}." in asked
    assert f"Invoice {sale.number}" in client.get(f"/contracts/{stage.contract}").text


def test_a_plugin_that_matches_payments_is_told_both_numbers(stage):
    billed(stage, 100_000).issue()
    (bill,) = bills(stage)
    (row,) = HouseQueries(stage.house.database, stage.house.ports).bills("", "", "", "", 9)
    assert (row.number, row.request) == (sales(stage)[0].number, bill.shown_number)


def test_a_bill_of_before_whose_number_was_its_invoices_is_invoiced_under_the_next_free_one(stage):
    billed(stage, 100_000)
    with stage.unit() as uow:
        row = uow.session.scalars(select(InvoiceDue).where(InvoiceDue.kind == "sale")).one()
        facts = {**row.facts, "series": bills(stage)[0].series, "number": 7}
        uow.session.execute(update(InvoiceDue).where(InvoiceDue.id == row.id).values(
            facts=facts, blocker="order", reason="Number %(number)s of this series waits.", params={"number": 7},
        ))  # fmt: skip
        uow.commit()
    stage.issue()
    assert sales(stage)[0].number.endswith("-0001")


def test_invoices_of_before_stay_valid_beside_the_series_that_goes_on(stage):
    billed(stage, 100_000).issue()
    (bill,) = bills(stage)
    with stage.unit() as uow:
        old = uow.session.get(Invoice, sales(stage)[0].id)
        values = {column.key: getattr(old, column.key) for column in Invoice.__mapper__.column_attrs}
        uow.session.add(Invoice(**values | {"id": new_id(), "series": bill.series, "cause_id": "of before"}))
        uow.commit()
    billed(stage, 200_000).issue()
    numbers = {sale.number for sale in sales(stage)}
    assert {bill.shown_number, f"{stage.freelancer[:6].upper()}-H-{bill.issued_at.year}-0002"} < numbers
    assert stage.findings() == []


def test_two_sellers_never_share_a_series_of_bills(stage):
    billed(stage, 100_000)
    twin = stage.freelancer[:6] + "0" * 10
    for milestone in ("m2", "m3"):
        with stage.unit() as uow:
            issue(uow, Billed("c", milestone, stage.organisation, twin, "T", "R", "", "EUR", 1_000, 200, 30, 6, 70, 14,
                              {}), due=uow.now)  # fmt: skip
            uow.commit()
    year = stage.house.today.year
    own, *theirs = [bill.shown_number for bill in bills(stage)]
    assert own == f"{stage.freelancer[:6].upper()}-{year}-0001"
    assert theirs == [f"{twin[:7].upper()}-{year}-000{n}" for n in (1, 2)]


@pytest.mark.parametrize(("hour", "year"), [(22, 2026), (23, 2027)], ids=["before midnight", "after midnight"])
def test_the_year_of_a_bill_is_that_of_the_day_where_the_marketplace_is(stage, hour, year):
    until = datetime(2026, 12, 31, hour, 30, tzinfo=UTC) - stage.house.clock.business()
    stage.move(seconds=until.total_seconds())
    billed(stage, 100_000)
    with stage.house.database.reading() as session:
        assert session.scalar(text("SELECT series FROM bills")).endswith(f"-{year}")
