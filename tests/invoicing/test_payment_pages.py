"""The pages of what is owed and of one invoice's payment, for both sides, staff and strangers."""

from datetime import date

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.invoicing.remittance import creditor_reference, spaced
from marketwright.features.invoicing.standing import payments_of, standing
from marketwright.kernel.money import Money


@pytest.fixture
def owed(bill, browse, stage):
    """The freelancer and the client in their browsers."""
    return browse(stage.freelancer), browse(stage.client)


def left(stage, bill):
    with stage.house.database.reading() as session:
        return standing(session, bill.id).open.amount


def record(visitor, bill, amount, *, key="k", day=None, **more):
    day = day or bill.issued_at.date()
    return visitor.post(f"/bills/{bill.id}/payment", {"amount": amount, "paid_on": day.isoformat(), "key": key, **more})


def test_each_side_sees_what_it_is_owed_or_owes_and_when(owed, bill, stage):
    freelancer, client = owed
    mine, theirs = freelancer.get("/invoices").text, client.get("/invoices").text
    assert "owe you for accepted work" in mine
    assert "Business of organisation" in mine
    assert "Business of freelancer" in theirs
    assert all("€1,200.00" in page and bill.number in page for page in (mine, theirs))
    stage.move(days=33)
    assert "3 days late" in client.get("/invoices").text


def test_with_nothing_owed_the_pages_say_so(stage, browse):
    assert "Nobody owes you anything" in browse(stage.freelancer).get("/invoices").text
    assert "You owe nothing" in browse(stage.client).get("/invoices").text
    assert "No invoice is settled yet" in browse(stage.client).get("/invoices?show=closed").text


def test_the_client_reads_reference_and_amount_and_the_contract_leads_there(owed, bill, stage):
    _freelancer, client = owed
    page = client.get(f"/bills/{bill.id}/payment").text
    assert spaced(creditor_reference(bill.id)) in page
    assert "€1,200.00" in page
    assert f"/bills/{bill.id}/payment" in client.get(f"/contracts/{stage.contract}").text


def test_a_part_that_the_freelancer_writes_down_leaves_the_rest(owed, bill, stage):
    freelancer, client = owed
    assert record(freelancer, bill, "500.00", note="First half").status_code == 303
    assert record(freelancer, bill, "500.00", note="First half").status_code == 303  # the same form, sent twice
    assert left(stage, bill) == 70_000
    assert "left of" in client.get("/invoices").text
    assert "First half" not in client.get(f"/bills/{bill.id}/payment").text


def test_the_last_part_ends_the_matter(owed, bill, stage):
    freelancer, client = owed
    record(freelancer, bill, "500.00", key="a")
    record(freelancer, bill, "700.00", key="b")
    assert stage.row().end_reason == "completed"
    assert "Paid on" in client.get(f"/bills/{bill.id}/payment").text


@pytest.mark.parametrize(("amount", "day"), [
    ("1200.01", None), ("0", None), ("-5", None), ("", None), ("5", date(2100, 1, 1)),
])  # fmt: skip
def test_nonsense_is_refused_beside_its_field_and_nothing_is_kept(owed, bill, stage, amount, day):
    response = record(owed[0], bill, amount, day=day)
    assert response.status_code == 422
    assert left(stage, bill) == 120_000


def test_the_client_writes_nothing_down(owed, bill, stage):
    assert record(owed[1], bill, "500.00").status_code == 403
    assert left(stage, bill) == 120_000


def test_what_was_written_down_is_taken_back(owed, bill, stage):
    freelancer, client = owed
    record(freelancer, bill, "500.00")
    with stage.house.database.reading() as session:
        (row,) = payments_of(session, bill.id)
    url = f"/bills/{bill.id}/payments/{row.id}/undo"
    assert client.post(url).status_code == 403
    assert freelancer.post(url).status_code == 303
    assert left(stage, bill) == 120_000
    assert "Taken back" in freelancer.get(f"/bills/{bill.id}/payment").text


def test_when_the_two_sides_disagree_the_page_shows_both_and_what_to_do(owed, bill, stage):
    stage.take("mark_paid", stage.client, note="By transfer on Monday")
    stage.take("not_arrived", stage.freelancer, note="Nothing until today")
    for visitor in owed:
        page = visitor.get(f"/bills/{bill.id}/payment").text
        assert "The two sides say different things" in page
        assert "By transfer on Monday" in page
        assert "Nothing until today" in page
        assert "proof of the transfer" in page


def test_strangers_find_no_such_invoice_and_staff_read_it(bill, stage, browse):
    with stage.unit() as uow:
        stranger = accounts.create_account(uow, email="s@example.org", name="S", locale="en", is_freelancer=True)
        staff = accounts.create_account(uow, email="t@example.org", name="T", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=staff, roles=["auditor"])
        uow.commit()
    assert browse(stranger).get(f"/bills/{bill.id}/payment").status_code == 404
    assert record(browse(stranger), bill, "5").status_code == 404
    assert browse(staff).get(f"/bills/{bill.id}/payment").status_code == 200
    assert record(browse(staff), bill, "5").status_code == 403
    assert browse().get("/invoices").status_code == 303


def test_a_closed_unpaid_invoice_still_takes_a_late_payment(owed, bill, stage):
    stage.take("give_up", stage.freelancer, note="Bankrupt")
    assert "still be recorded" in owed[0].get(f"/bills/{bill.id}/payment").text
    assert record(owed[0], bill, "1200.00").status_code == 303
    with stage.house.database.reading() as session:
        assert standing(session, bill.id).open == Money(0, "EUR")
