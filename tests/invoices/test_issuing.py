"""What money makes due is issued once, with the parties, the taxes and the mentions of its day."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketwright.features.invoicing import mandates
from marketwright.features.invoicing.invoices import waiting_rows


def waits(stage):
    with stage.house.database.reading() as session:
        return {row.kind: row for row in waiting_rows(session, everything=True)}


def test_a_release_is_invoiced_by_the_freelancer_and_both_fees_by_the_marketplace(stage):
    stage.release(100_000).issue()
    totals = {d.kind: (d.net.amount, d.tax.amount, d.gross.amount) for d in stage.documents()}
    assert totals == {
        "sale": (100_000, 20_000, 120_000), "client_fee": (3_000, 600, 3_600), "freelancer_fee": (7_000, 1_400, 8_400),
    }  # fmt: skip


def test_nothing_is_issued_twice(stage):
    stage.release(100_000)
    assert (stage.issue(), stage.issue()) == (3, 0)


def test_a_document_names_who_sells_who_buys_and_who_issued_it(stage):
    stage.release(100_000).issue()
    sale = stage.document("sale")
    assert sale.body["seller"]["name"] == "Business of freelancer"
    assert sale.body["buyer"]["name"] == "Business of organisation"
    assert sale.body["issuer"]["name"] == "Place SAS"
    assert any("on behalf of the seller" in m["text"] for m in sale.body["mentions"])


def test_each_seller_counts_from_one_in_a_series_of_their_own(stage):
    stage.release(100_000, 200_000).issue()
    numbers = {kind: [d.number for d in stage.documents() if d.kind == kind] for kind in ("sale", "client_fee")}
    assert [n[-4:] for n in numbers["sale"]] == ["0001", "0002"]
    assert numbers["sale"][0].startswith(stage.freelancer[:6].upper())
    assert {d.number for d in stage.documents() if d.kind != "sale"} == {
        f"TESTING-{stage.documents()[0].issued_on.year}-000{n}" for n in (1, 2, 3, 4)
    }


def test_without_the_mandate_the_work_waits_and_the_fees_do_not(without_mandate):
    stage = without_mandate.release(100_000)
    assert stage.issue() == 2
    assert waits(stage)["sale"].blocker == "mandate"
    stage.give_mandate().issue()
    assert waits(stage) == {}


def test_a_withdrawn_mandate_stops_what_comes_after_it(stage):
    stage.release(100_000).issue()
    with stage.unit(stage.freelancer) as uow:
        mandates.withdraw(uow)
        uow.commit()
    with stage.house.database.reading() as session:
        assert mandates.mandate_of(session, stage.freelancer) is None
        assert [s.step for s in mandates.steps_of(session, stage.freelancer)] == ["withdrawn", "accepted"]


@pytest.mark.parametrize("change", ["net = 1", "body = '{}'", "number = 9"])
def test_an_issued_document_does_not_change(stage, change):
    stage.release(100_000).issue()
    with pytest.raises(DBAPIError, match="append only"), stage.unit() as uow:
        uow.session.execute(text(f"UPDATE invoices SET {change}"))


def test_the_invoice_of_a_bill_is_to_be_paid(stage):
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    stage.issue()
    (sale,) = stage.documents()
    assert sale.open.amount == 120_000
    assert (sale.due_on - sale.issued_on).days == 30


def test_a_new_year_begins_a_new_series(stage):
    stage.release(100_000)
    stage.issue()
    stage.move(days=366)
    stage.contract = ""
    with stage.unit() as uow:
        uow.session.execute(text("UPDATE invoice_dues SET invoice_id = '', cause_id = 'again', facts = "
                                 "replace(CAST(facts AS TEXT), '\"cause_id\": \"', '\"cause_id\": \"again')"
                                 if uow.session.get_bind().dialect.name == "sqlite" else
                                 "UPDATE invoice_dues SET invoice_id = '', cause_id = 'again', facts = "
                                 "replace(facts::text, '\"cause_id\": \"', '\"cause_id\": \"again')::json"
        ))  # fmt: skip
        uow.commit()
    stage.issue()
    years = {d.issued_on.year: d.number for d in stage.documents() if d.kind == "sale"}
    assert len(years) == 2
    assert all(number.endswith(f"-{year}-0001") for year, number in years.items())


def test_workers_that_issue_at_the_same_time_leave_no_gap_and_no_double(stage):
    stage.release(*[100_000] * 3)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: stage.issue(), range(4)))
    numbers = sorted(d.number for d in stage.documents() if d.kind != "sale")
    assert len(stage.documents()) == 9
    assert [n[-4:] for n in numbers] == [f"{n:04d}" for n in range(1, 7)]
