"""Payments that arrive on bills: in part, too much, twice, late; what they make due."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from marketwright.features.contracts.receiving import receive
from marketwright.features.contracts.tables import ContractCondition
from marketwright.features.invoicing import receiving
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.invoicing.remittance import creditor_reference, is_reference
from marketwright.features.invoicing.standing import payments_of, standing
from marketwright.features.ledger import queries as ledger
from marketwright.kernel.actors import plugin_actor
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotFound
from marketwright.kernel.money import Money
from marketwright.plugin import PAID_AHEAD

BANK = plugin_actor("bank")


def arrive(stage, bill, amount, key="one", *, by=BANK, currency="EUR", days_ago=0):
    with stage.unit(by) as uow:
        day = (uow.now - timedelta(days=days_ago)).date()
        taken = receive(uow, bill=bill.id, arrival=Arrival(Money(amount, currency), key, day))
        uow.commit()
    return taken.amount


def read(stage, look, *args):
    with stage.house.database.reading() as session:
        return look(session, *args)


def owed(stage):
    return read(stage, lambda s: ledger.balance(s, "revenue").amount)


def test_a_payment_in_full_ends_the_deal_and_makes_the_signed_fees_due(stage, bill):
    assert arrive(stage, bill, 120_000) == 120_000
    assert (stage.milestone().state, stage.row().end_reason) == ("paid", "completed")
    assert owed(stage) == 10_000
    assert [p.kind for p in read(stage, payments_of, bill.id)] == ["received"]


def test_a_part_leaves_the_rest_open_and_makes_nothing_due_yet(stage, bill):
    assert arrive(stage, bill, 50_000) == 50_000
    assert read(stage, standing, bill.id).open == Money(70_000, "EUR")
    assert (stage.milestone().state, owed(stage)) == ("billed", 0)
    assert arrive(stage, bill, 70_000, "two") == 70_000
    assert (stage.milestone().state, owed(stage)) == ("paid", 10_000)


def test_money_that_came_is_recorded_though_a_condition_stands_before_the_step(stage, bill):
    with stage.unit() as uow:
        uow.session.add(ContractCondition(
            id="c", contract_id=stage.contract, milestone_id=bill.milestone, transition="confirm_paid",
            name="permit.signed_off", met_by="", met_name="", evidence="", file_id="",
        ))  # fmt: skip
        uow.commit()
    assert arrive(stage, bill, 120_000) == 120_000
    assert read(stage, standing, bill.id).open == Money(0, "EUR")
    assert (stage.milestone().state, owed(stage)) == ("billed", 0)
    with pytest.raises(GateClosed):
        stage.take("confirm_paid", stage.freelancer)
    with stage.unit() as uow:
        its = update(ContractCondition).where(ContractCondition.id == "c")
        uow.session.execute(its.values(met_at=uow.now, met_by="somebody"))
        uow.commit()
    stage.take("confirm_paid", stage.freelancer)
    assert (stage.row().end_reason, owed(stage)) == ("completed", 10_000)
    assert [p.amount.amount for p in read(stage, payments_of, bill.id)] == [120_000]


def test_a_payment_may_be_dated_as_far_ahead_as_the_door_says(stage, bill):
    assert arrive(stage, bill, 5, days_ago=-PAID_AHEAD) == 5
    with pytest.raises(InvalidInput):
        arrive(stage, bill, 5, "two", days_ago=-PAID_AHEAD - 2)  # a day more, for where it has begun


def test_what_is_too_much_is_not_taken(stage, bill):
    assert arrive(stage, bill, 150_000) == 120_000
    assert arrive(stage, bill, 100, "two") == 0


def test_the_same_key_counts_once_and_answers_the_same(stage, bill):
    assert [arrive(stage, bill, 50_000) for _ in range(3)] == [50_000] * 3
    assert read(stage, standing, bill.id).received == Money(50_000, "EUR")
    with pytest.raises(Conflict, match="as something else"):
        arrive(stage, bill, 40_000)


def test_a_payment_that_the_client_had_announced_ends_the_deal_too(stage, bill):
    stage.take("mark_paid", stage.client)
    arrive(stage, bill, 120_000)
    assert stage.milestone().state == "paid"


def test_the_freelancer_records_a_part_by_hand_and_then_counts_the_rest_as_arrived(stage, bill):
    arrive(stage, bill, 20_000, by=stage.freelancer)
    stage.take("confirm_paid", stage.freelancer)
    assert [(p.kind, p.amount.amount) for p in read(stage, payments_of, bill.id)] == [
        ("received", 20_000), ("agreed", 100_000),
    ]  # fmt: skip
    assert not read(stage, standing, bill.id).open


def test_a_bill_closed_with_a_part_paid_owes_the_commission_on_that_part(stage, bill):  # E15
    arrive(stage, bill, 60_000)
    stage.take("give_up", stage.freelancer, note="Bankrupt")
    assert owed(stage) == 5_000
    assert arrive(stage, bill, 60_000, "late") == 60_000
    assert owed(stage) == 10_000
    assert stage.milestone().state == "unpaid"  # an end stays one (C3)


def test_a_recorded_payment_is_taken_back_while_the_bill_is_open(stage, bill):
    arrive(stage, bill, 60_000)
    (row,) = read(stage, payments_of, bill.id)
    for _ in range(2):
        with stage.unit(stage.freelancer) as uow:
            receiving.undo(uow, payment=row.id, note="It was for something else")
            uow.commit()
    assert read(stage, standing, bill.id).open == Money(120_000, "EUR")
    assert [p.undone for p in read(stage, payments_of, bill.id)] == [True]


def test_a_payment_of_a_paid_bill_stays(stage, bill):
    arrive(stage, bill, 120_000)
    (row,) = read(stage, payments_of, bill.id)
    with pytest.raises(Conflict, match="closed"), stage.unit(stage.freelancer) as uow:
        receiving.undo(uow, payment=row.id, note="")


def test_a_credit_lowers_what_is_asked_and_what_the_commission_is_due_on(stage, bill):
    with stage.unit() as uow:
        receiving.credit(uow, bill=bill.id, arrival=Arrival(Money(24_000, "EUR"), "note", uow.now.date()))
        uow.commit()
    assert read(stage, standing, bill.id).open == Money(96_000, "EUR")
    arrive(stage, bill, 96_000)
    assert (stage.milestone().state, owed(stage)) == ("paid", 8_000)


@pytest.mark.parametrize(("amount", "currency", "days_ago"), [(0, "EUR", 0), (-5, "EUR", 0), (5, "USD", 0),
                                                              (5, "EUR", -3)])  # fmt: skip
def test_nonsense_is_refused_and_leaves_nothing(stage, bill, amount, currency, days_ago):
    with pytest.raises(InvalidInput):
        arrive(stage, bill, amount, currency=currency, days_ago=days_ago)
    assert read(stage, payments_of, bill.id) == []


def test_a_payment_on_no_bill_is_refused(stage):
    with pytest.raises(NotFound), stage.unit(BANK) as uow:
        receive(uow, bill="nothing", arrival=Arrival(Money(1, "EUR"), "k", uow.now.date()))


def test_the_database_takes_no_more_than_the_bill_asks_for(stage, bill):
    arrive(stage, bill, 60_000)
    again = ("INSERT INTO bill_payments SELECT 'x', bill_id, kind, 60001, currency, source, 'y', paid_on, payer, note, "
             "undoes, 'z', at FROM bill_payments")  # fmt: skip
    with pytest.raises(DBAPIError, match="no more than it asks for"), stage.unit() as uow:
        uow.session.execute(text(again))
    with pytest.raises(DBAPIError, match="append only"), stage.unit() as uow:
        uow.session.execute(text("DELETE FROM bill_payments"))


@given(st.from_regex(r"\A[a-z0-9]{16}\Z"))
def test_the_reference_of_any_bill_is_one_that_banks_check(bill):
    made = creditor_reference(bill)
    assert is_reference(made)
    assert not is_reference(f"RF{(int(made[2:4]) + 1) % 100:02d}{made[4:]}")
