"""Which line pays which invoice, to the last cent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.plugin import Money
from marketwright_bank_transfer.matching import Why, assign, match
from marketwright_bank_transfer.statement import Entry

from .conftest import a_bill

DAY = date(2026, 6, 20)


def entry(amount, text="", *, reference="", payer="", currency="EUR", number=1):
    return Entry(number, DAY, Money(amount, currency), payer, text, reference)


def one(amount, text="", *bills, **more):
    (found,) = match([entry(amount, text, **more)], bills or [a_bill()])
    return found


def test_the_structured_reference_finds_its_invoice():
    found = one(120_000, reference="RF00BILL000000000001")
    assert [(s.bill, s.amount, s.why) for s in found.shares] == [("bill000000000001", 120_000, Why.REFERENCE)]
    assert (found.sure, found.rest) == (True, 0)


def test_a_reference_typed_in_groups_among_words_is_found_too():
    assert one(120_000, "Vir. ref rf00 bill 0000 0000 0001 merci").shares[0].why is Why.REFERENCE


@pytest.mark.parametrize("text", ["Facture ABC123-2026-0001", "abc123 2026 0001", "FACT ABC12320260001 MERCI"])
def test_the_number_of_the_invoice_finds_it(text):
    assert one(120_000, text).shares[0].why is Why.NUMBER


@pytest.mark.parametrize("text", ["Facture ABC123-H-2026-0007", "Demande ABC123-2026-0001"])
def test_the_number_of_the_invoice_and_that_of_its_payment_request_find_it(text):
    bill = a_bill(number="ABC123-H-2026-0007", request="ABC123-2026-0001")
    assert one(120_000, text, bill).shares[0].why is Why.NUMBER


@pytest.mark.parametrize("text", ["ABC123-2026-00012", "XABC123-2026-0001"])
def test_a_longer_number_is_another_one(text):
    assert one(120_000, text, a_bill(payer="Nobody")).unknown == 120_000


def test_less_than_is_owed_leaves_the_rest_open():
    found = one(50_000, "ABC123-2026-0001")
    assert (found.shares[0].amount, found.over) == (50_000, 0)


def test_more_than_is_owed_is_too_much():
    found = one(150_000, "ABC123-2026-0001")
    assert (found.shares[0].amount, found.over, found.unknown) == (120_000, 30_000, 0)


def test_an_invoice_that_is_paid_already_takes_nothing_more_and_is_named():
    found = one(120_000, "ABC123-2026-0001", a_bill(left=0, total=120_000))
    assert (found.shares, found.named, found.over) == ((), ("bill000000000001",), 120_000)


def test_one_payment_of_two_invoices_pays_the_first_due_first():
    found = one(150_000, "ABC123-2026-0002 et ABC123-2026-0001", a_bill(1), a_bill(2))
    assert [(s.bill[-1], s.amount) for s in found.shares] == [("1", 120_000), ("2", 30_000)]


def test_two_payments_of_one_invoice_take_what_is_left_in_turn():
    found = match([entry(80_000, "ABC123-2026-0001"), entry(80_000, "ABC123-2026-0001", number=2)], [a_bill()])
    assert [(m.shares[0].amount, m.over) for m in found] == [(80_000, 0), (40_000, 40_000)]


def test_the_exact_amount_from_the_client_is_a_guess_to_confirm():
    found = one(120_000, payer="SAMBRE SANTE / SANTÉ")
    assert (found.shares[0].why, found.sure) == (Why.AMOUNT, False)
    assert one(120_000, payer="Somebody else").unknown == 120_000


def test_of_two_invoices_that_it_could_be_none_is_guessed():
    assert one(120_000, "", a_bill(1), a_bill(2), payer="Santé").unknown == 120_000


def test_the_clients_order_is_a_guess_to_confirm():
    found = one(120_000, "PO 4500-12345", a_bill(purchase_order="4500-12345"))
    assert (found.shares[0].why, found.sure) == (Why.ORDER, False)


def test_the_clients_order_of_two_invoices_finds_the_one_of_which_exactly_this_much_is_left():
    bills = [a_bill(n, 100_000, purchase_order="PO-778899") for n in (1, 2)]
    found = match([entry(a, "PO-778899", number=n) for n, a in enumerate((50_000, 100_000, 50_000))], bills)
    assert [[(s.bill[-1], s.amount) for s in m.shares] for m in found] == [
        [("1", 50_000)], [("2", 100_000)], [("1", 50_000)],
    ]  # fmt: skip


def test_in_another_currency_a_line_is_for_no_invoice_whoever_says_so():
    found = assign(entry(100, currency="USD"), a_bill(), 120_000)
    assert (found.shares, found.over, found.unknown) == ((), 0, 100)


def test_another_currency_pays_nothing():
    assert one(120_000, "ABC123-2026-0001", currency="USD").unknown == 120_000


def test_a_person_says_what_a_line_is_for_and_it_takes_no_more_than_is_left():
    found = assign(entry(150_000), a_bill(), 120_000)
    assert (found.shares[0].why, found.shares[0].amount, found.over) == (Why.HAND, 120_000, 30_000)


texts = st.sampled_from([
    "", "ABC123-2026-0001", "ABC123-2026-0002 ABC123-2026-0003", "RF00BILL000000000002", "CT-000003", "hello"
])  # fmt: skip
lines = st.lists(
    st.builds(entry, st.integers(1, 300_000), texts, payer=st.sampled_from(["", "Sambre Santé"]),
              currency=st.sampled_from(["EUR", "EUR", "USD"])),
    max_size=12,
)  # fmt: skip
lefts = st.lists(st.integers(0, 200_000), min_size=0, max_size=4)


@given(lines, lefts)
def test_every_line_is_accounted_for_and_no_invoice_takes_more_than_is_left(entries, left):
    bills = [a_bill(n, amount) for n, amount in enumerate(left, start=1)]
    found = match(entries, bills)
    assert [m.entry for m in found] == list(entries)
    for m in found:
        assert sum(s.amount for s in m.shares) + m.over + m.unknown == m.entry.amount.amount
        assert all(s.amount > 0 for s in m.shares)
        assert min(m.over, m.unknown) == 0
        assert len({s.bill for s in m.shares}) == len(m.shares)
    for bill in bills:
        took = [s.amount for m in found for s in m.shares if s.bill == bill.id]
        assert sum(took) <= bill.left.amount
