"""What money settles which debt to the marketplace: one rule, read by invoices, sheets, notes and reports alike."""

from datetime import date, timedelta

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.invoicing.books import books_for
from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.invoices import owed
from marketwright.features.invoicing.own import issue_own, receive_own
from marketwright.features.invoicing.settled import debts
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.queries import balance
from marketwright.kernel.money import Money

GROSS = 58_80


@pytest.fixture
def finance(stage):
    with stage.unit() as uow:
        made = accounts.create_account(uow, email="f@example.org", name="Fi Nance", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["finance"])
        uow.commit()
    return made


def buy(stage, cause="plan-1"):
    with stage.unit() as uow:
        issue_own(uow, cause_type="plan", cause_id=cause, buyer_kind="freelancer", buyer=stage.freelancer,
                  lines=(Item("Plan", 49_00, typed=True),), currency="EUR", due_on=date(2026, 12, 28))  # fmt: skip
        uow.commit()
    stage.issue()
    return next(d for d in stage.documents() if d.cause_id == cause)


def booked(stage, effect, amount, other="suspense", cause=("hold", "h1")):
    """Move the freelancer's debt by ``amount``: below zero settles it."""
    with stage.unit() as uow:
        made = ledger.post(
            uow, cause_type=cause[0], cause_id=cause[1], effect=effect,
            legs=[(f"receivable:{stage.freelancer}", Money(amount, "EUR")), (other, Money(-amount, "EUR"))],
        )  # fmt: skip
        uow.commit()
    return made


def left(stage, *documents):
    with stage.house.database.reading() as session:
        found = owed(session, documents)
    return [found[d.id].amount if d.id in found else 0 for d in documents]


def parts(stage):
    with stage.house.database.reading() as session:
        return [[(p.amount, p.money) for p in d.parts] for d in debts(session, [f"receivable:{stage.freelancer}"])]


def test_an_invoice_kept_back_from_a_payout_stays_paid_when_another_debt_arises(stage):
    plan = buy(stage)
    stage.release(100_000)
    for _ in range(3):
        stage.issue()
    assert left(stage, plan) == [0]
    stage.refund(61_800)
    stage.issue()
    assert left(stage, plan) == [0]


def test_of_an_invoice_of_which_a_part_was_kept_back_the_sheet_asks_for_the_rest(stage, browse):
    plan = buy(stage)
    booked(stage, "withheld:h1", -44_64)
    page = browse(stage.freelancer).get(f"/accounting/{plan.id}").text
    assert "€14.16" in page.partition("Still to be paid")[2]
    assert "-€44.64" in page.partition("Settled since it was issued")[2]


def test_an_invoice_of_which_nothing_was_paid_says_nothing_of_it(stage, browse):
    plan = buy(stage)
    assert "Still to be paid" not in browse(stage.freelancer).get(f"/accounting/{plan.id}").text


def test_an_invoice_noted_as_paid_is_paid_before_an_older_one(stage):
    first, second = buy(stage, "plan-1"), buy(stage, "plan-2")
    booked(stage, "paid", -GROSS, "bank", ("invoice", second.id))
    assert left(stage, first, second) == [GROSS, 0]


def test_a_payment_of_a_settled_invoice_books_nothing_on_another_debt(stage):
    buy(stage)
    booked(stage, "withheld:h1", -GROSS)
    booked(stage, "refund_later_owed", 500_00)
    with stage.unit() as uow:
        taken = receive_own(
            uow, cause_type="plan", cause_id="plan-1", payer=stage.freelancer, amount=Money(GROSS, "EUR")
        )
        uow.commit()
    assert not taken
    with stage.house.database.reading() as session:
        assert balance(session, f"receivable:{stage.freelancer}").amount == 500_00


def test_noting_the_rest_as_paid_settles_the_invoice(stage, finance, browse):
    plan = buy(stage)
    booked(stage, "withheld:h1", -44_64)
    booked(stage, "refund_later_owed", 500_00)
    assert browse(finance).post(f"/console/invoices/{plan.id}/paid").status_code == 303
    assert left(stage, plan) == [0]
    with stage.house.database.reading() as session:
        assert balance(session, "bank").amount == 14_16


def test_what_comes_before_any_debt_settles_the_next_one(stage):
    booked(stage, "withheld:h1", -10_00)
    assert left(stage, buy(stage)) == [GROSS - 10_00]


def test_a_debt_given_up_is_settled_and_no_payment(stage):
    plan = buy(stage)
    booked(stage, "platform_loss", -GROSS, "loss", ("decision", "c1"))
    assert left(stage, plan) == [0]
    assert parts(stage) == [[(GROSS, False)]]


def test_a_payment_taken_back_is_owed_again_on_the_invoice_that_it_had_settled(stage):
    first = buy(stage, "plan-1")
    paid = booked(stage, "withheld:h1", -GROSS)
    second = buy(stage, "plan-2")
    with stage.unit() as uow:
        ledger.reverse(uow, transaction=paid, cause_type="decision", cause_id="c1")
        uow.commit()
    assert left(stage, first, second) == [GROSS, GROSS]
    assert parts(stage) == [[(GROSS, True), (-GROSS, True)], []]


def test_a_payment_taken_back_in_two_steps_is_owed_again_once(stage):
    first, second = buy(stage, "plan-1"), buy(stage, "plan-2")
    paid = booked(stage, "withheld:h1", -2 * GROSS)
    for cause, amount in (("c1", 40_00), ("c2", 2 * GROSS - 40_00)):
        with stage.unit() as uow:
            ledger.reverse(uow, transaction=paid, cause_type="decision", cause_id=cause, parts={1: amount, 2: amount})
            uow.commit()
    assert left(stage, first, second) == [GROSS, GROSS]


def test_a_debt_taken_back_leaves_the_others_as_they_were(stage):
    first, second = buy(stage, "plan-1"), buy(stage, "plan-2")
    with stage.house.database.reading() as session:
        newest = debts(session, [f"receivable:{stage.freelancer}"])[-1].transaction
    with stage.unit() as uow:
        ledger.reverse(uow, transaction=newest, cause_type="decision", cause_id="c1")
        uow.commit()
    assert left(stage, first, second) == [GROSS, 0]


def payments(stage, since=date(2020, 1, 1), until=date(2100, 1, 1)):
    market, plugins = stage.house.marketplace, stage.house.plugins
    with stage.house.database.reading() as session:
        books = books_for(session, market, plugins, "e_reporting", since, until)
    return {d.number: [(day, amount.amount) for day, amount in d.payments] for d in books.documents}


def test_what_is_kept_back_for_an_invoice_of_ours_is_reported_on_the_day_it_was_kept_back(stage):
    plan = buy(stage)
    stage.move(days=3)
    booked(stage, "withheld:h1", -44_64)
    day = plan.issued_on + timedelta(days=3)
    assert payments(stage)[plan.number] == [(day, 44_64)]
    assert payments(stage, day, day)[plan.number] == [(day, 44_64)]
    assert payments(stage, plan.issued_on, plan.issued_on)[plan.number] == []


def test_what_was_noted_as_paid_is_reported_too(stage, finance, browse):
    plan = buy(stage)
    browse(finance).post(f"/console/invoices/{plan.id}/paid")
    assert payments(stage)[plan.number] == [(plan.issued_on, GROSS)]


def test_the_fees_of_a_bill_are_reported_when_they_are_paid(stage, finance, browse):
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    stage.issue()
    stage.take("confirm_paid", stage.freelancer)
    stage.issue()
    fees = [d for d in stage.documents() if d.kind != "sale"]
    assert len(fees) == 2
    assert [payments(stage)[fee.number] for fee in fees] == [[], []]
    for fee in fees:
        browse(finance).post(f"/console/invoices/{fee.id}/paid")
    assert [payments(stage)[d.number] for d in fees] == [[(d.issued_on, d.gross.amount)] for d in fees]


def test_a_debt_given_up_is_not_reported_as_a_payment(stage):
    plan = buy(stage)
    booked(stage, "platform_loss", -GROSS, "loss", ("decision", "c1"))
    assert payments(stage)[plan.number] == []
