"""The rules of the ledger hold against somebody with a database client: no service in sight."""

import pytest
from sqlalchemy.exc import DBAPIError

TX = (
    "INSERT INTO ledger_transactions (id, book, currency, legs, cause_type, cause_id, effect, memo, contract, reverses,"
    " partial, actor, at, created_at) VALUES ('{id}', 'main', 'EUR', {legs}, 't', '{cause}', 'e', '', '', {reverses},"
    " {partial}, 'hand', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
)
LEG = (
    "INSERT INTO ledger_legs (transaction_id, position, account, kind, currency, amount)"
    " VALUES ('{id}', {n}, '{account}', '{kind}', '{currency}', {amount})"
)


def tx(key, legs=2, cause="", reverses="NULL", partial="false"):
    return TX.format(id=key, legs=legs, cause=cause or key, reverses=reverses, partial=partial)


def leg(key, n, account, amount, currency="EUR"):
    kind = account.partition(":")[0]
    return LEG.format(id=key, n=n, account=account, kind=kind, amount=amount, currency=currency)


def good(key="one", cause=""):
    return leg(key, 1, "psp_clearing", 100), leg(key, 2, "hold:m1", -100), tx(key, cause=cause)


def test_a_well_formed_transaction_goes_in_even_by_hand(by_hand):
    by_hand(*good())


def test_l1_a_transaction_whose_legs_do_not_sum_to_zero_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="L1"):
        by_hand(leg("one", 1, "psp_clearing", 100), leg("one", 2, "revenue", -90), tx("one"))


def test_l1_a_transaction_without_legs_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="L1"):
        by_hand(tx("one"))


def test_l1_a_transaction_that_miscounts_its_legs_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="L1"):
        by_hand(leg("one", 1, "psp_clearing", 100), leg("one", 2, "revenue", -100), tx("one", legs=3))


def test_l1_legs_without_a_transaction_are_refused(by_hand):
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        by_hand(leg("one", 1, "psp_clearing", 100), leg("one", 2, "revenue", -100))


def test_l1_a_leg_of_zero_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="l1_no_zero_leg"):
        by_hand(leg("one", 1, "psp_clearing", 0))


def test_l1_a_closed_transaction_takes_no_further_leg(by_hand):
    by_hand(*good())
    with pytest.raises(DBAPIError, match="L1"):
        by_hand(leg("one", 3, "revenue", 5), leg("one", 4, "psp_fee", -5))


@pytest.mark.parametrize("table", ["ledger_transactions", "ledger_legs"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET currency = 'USD'", "DELETE FROM {0}"])
def test_l4_nothing_booked_is_changed_or_deleted(by_hand, table, verb):
    by_hand(*good())
    with pytest.raises(DBAPIError, match="L4"):
        by_hand(verb.format(table))


def test_l4_replace_does_not_walk_past_the_triggers(by_hand, database):
    if database.writes.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    by_hand(*good())
    replaced = (
        tx("one").replace("INSERT", "INSERT OR REPLACE"),
        tx("two", cause="one").replace("INSERT", "INSERT OR REPLACE"),
        leg("one", 1, "psp_clearing", 999).replace("INSERT", "INSERT OR REPLACE"),
    )
    for statement in replaced:
        with pytest.raises(DBAPIError, match=r"L1|L4|L8"):
            by_hand(statement)


def test_l5_a_hold_below_zero_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="L5"):
        by_hand(leg("one", 1, "hold:m1", 100), leg("one", 2, "psp_clearing", -100), tx("one"))


@pytest.mark.parametrize("account", ["payable:f1", "refundable:c1"])
def test_l5_payable_and_refundable_below_zero_are_refused(by_hand, account):
    by_hand(*good())
    with pytest.raises(DBAPIError, match="L5"):
        by_hand(leg("two", 1, account, 1), leg("two", 2, "psp_clearing", -1), tx("two"))


def test_l6_a_leg_in_another_currency_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="L6"):
        by_hand(leg("one", 1, "psp_clearing", 5, "USD"), leg("one", 2, "revenue", -5), tx("one"))


def test_l8_a_cause_has_its_effect_once(by_hand):
    by_hand(*good("one", cause="r_1"))
    with pytest.raises(DBAPIError, match=r"L8|UNIQUE|uq_ledger"):
        by_hand(*good("two", cause="r_1"))


def test_l8_a_transaction_without_a_cause_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="l8_one_cause"):
        by_hand(*good("one")[:2], tx("one").replace("'t'", "''"))


def test_l9_a_reversal_of_another_account_is_refused(by_hand):
    by_hand(*good())
    with pytest.raises(DBAPIError, match="L9"):
        by_hand(
            leg("two", 1, "psp_clearing", -100), leg("two", 2, "suspense", 100), tx("two", reverses="'one'")
        )


def test_l9_a_partial_reversal_beyond_the_original_is_refused(by_hand):
    by_hand(leg("one", 1, "psp_clearing", 100), leg("one", 2, "revenue", -100), tx("one"))
    with pytest.raises(DBAPIError, match="L9"):
        by_hand(
            leg("two", 1, "psp_clearing", -101), leg("two", 2, "revenue", 101),
            tx("two", reverses="'one'", partial="true"),
        )  # fmt: skip


def test_l15_an_amount_beyond_the_bounds_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="l15_bounds"):
        by_hand(leg("one", 1, "psp_clearing", 10**12 + 1))


def test_an_account_outside_the_closed_list_is_refused(by_hand):
    with pytest.raises(DBAPIError, match="ck_ledger_legs_kind"):
        by_hand(leg("one", 1, "slush", 1))


def test_l10_a_number_cannot_be_left_out(by_hand):
    by_hand(*good())
    with pytest.raises(DBAPIError, match="L10"):
        by_hand(
            "INSERT INTO ledger_seals (book, number, transaction_id, previous, hash, recorded_at)"
            " VALUES ('main', 2, 'one', '', 'x', '2026-01-01 00:00:00')"
        )


def test_l7_a_key_is_never_forgotten(by_hand):
    by_hand(
        "INSERT INTO idempotency_keys (scope, key, body_hash, created_at) VALUES ('s', 'k', 'h', '2026-01-01 00:00:00')"
    )
    with pytest.raises(DBAPIError, match="L7"):
        by_hand("DELETE FROM idempotency_keys")
