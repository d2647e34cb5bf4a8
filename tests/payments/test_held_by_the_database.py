"""The rules of holds and commands hold against somebody with a database client."""

import pytest
from sqlalchemy.exc import DBAPIError

from marketwright.strategies.payments import CommandKind

COMMAND = (
    "INSERT INTO payment_commands (id, hold_id, kind, state, provider, currency, amount, fee, refund, funding, stray,"
    " after_release, reclaim, reclaimed, arrival, cause, ordered_by, page, reference, reason, note, attempts, fence,"
    " at, created_at, updated_at) VALUES ('{id}', '{hold}', '{kind}', '{state}', 'sandbox', '{currency}', {amount}, 0,"
    " 0, '', {stray}, {after}, 0, 0, '', '{cause}', '{by}', '', '', '', '', 0, 0, '2026-01-01 00:00:00',"
    " '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
)


def command(hold, kind="release", **kw):
    values = {"id": "x1", "state": "PENDING", "currency": "EUR", "amount": 5, "stray": "false", "after": "false",
              "cause": "approval:1", "by": "person:a"}  # fmt: skip
    return COMMAND.format(hold=hold, kind=kind, **values | kw)


@pytest.fixture
def funded(till):
    hold = till.open()
    till.fund(hold)
    return hold


@pytest.fixture
def by_hand(till):
    def run(*statements):
        with till.database.writes.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run


def held(hold, **values):
    return f"UPDATE holds SET {', '.join(f'{k} = {v}' for k, v in values.items())} WHERE id = '{hold}'"


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"held": 1}, "e1_adds_up"),
        ({"held": 0, "paid": 126_000}, "e2_all_held"),
        ({"held": -1, "refunded": 126_001}, "e2"),
        ({"paid": -5, "held": 126_005}, "e"),
        ({"funded": 5, "held": 5}, "e2_all_held"),
        ({"paying_out": 5}, "e7_payouts"),
    ],
)
def test_e1_e2_e7_sums_that_do_not_add_up_are_refused(by_hand, funded, values, rule):
    with pytest.raises(DBAPIError, match=rule):
        by_hand(held(funded, **values))


@pytest.mark.parametrize("state", ["SETTLED", "NONE", "EXPIRED"])
def test_e2_a_hold_with_money_does_not_end(by_hand, funded, state):
    with pytest.raises(DBAPIError, match=r"e2|E2|E4"):
        by_hand(held(funded, state=f"'{state}'", version="version + 1"))


@pytest.mark.parametrize("state", ["FUNDING", "NONE", "EXPIRED", "SETTLED"])
def test_e4_a_hold_moves_only_along_its_machine(by_hand, funded, state):
    with pytest.raises(DBAPIError, match=r"E4|e2|E2"):
        by_hand(held(funded, state=f"'{state}'", version="version + 1"))


def test_e3_a_move_that_does_not_count_up_is_refused(by_hand, funded):
    with pytest.raises(DBAPIError, match="E3"):
        by_hand(held(funded, state="'RELEASING'"))


def test_e11_a_frozen_hold_does_not_move(by_hand, funded):
    by_hand(held(funded, frozen="true"))
    with pytest.raises(DBAPIError, match="E11"):
        by_hand(held(funded, state="'RELEASING'", version="version + 1"))


@pytest.mark.parametrize("column", ["work", "client_fee", "freelancer_fee_tax"])
def test_c4_the_price_of_a_hold_does_not_change(by_hand, funded, column):
    with pytest.raises(DBAPIError, match=r"C4|e2|l11"):
        by_hand(held(funded, **{column: f"{column} + 1"}))


def test_a_hold_is_never_deleted(by_hand, funded):
    with pytest.raises(DBAPIError, match="E2"):
        by_hand(f"DELETE FROM holds WHERE id = '{funded}'")


def test_l11_a_hold_with_fees_out_of_bounds_is_refused(till, by_hand):
    hold = till.open()
    copy = f"SELECT * FROM holds WHERE id = '{hold}'"
    with till.database.reading() as session:
        row = dict(session.connection().exec_driver_sql(copy).mappings().one())
    row |= {"id": "other", "client_fee": 99_000}
    names = ", ".join(row)
    values = ", ".join("NULL" if v is None else str(int(v)) if isinstance(v, bool | int) else f"'{v}'"
                       for v in row.values())  # fmt: skip
    if till.database.writes.dialect.name == "postgresql":
        values = values.replace(f", {int(row['frozen'])}, {row['version']},", f", false, {row['version']},")
    with pytest.raises(DBAPIError, match="l11_fees"):
        by_hand(f"INSERT INTO holds ({names}) VALUES ({values})")


@pytest.mark.parametrize("kind", ["release", "refund", "split", "payout"])
def test_e3_a_command_without_its_reservation_is_refused(by_hand, funded, kind):
    with pytest.raises(DBAPIError, match="E3"):
        by_hand(command(funded, kind))


def test_e3_a_command_is_born_pending(by_hand, funded):
    with pytest.raises(DBAPIError, match="E3"):
        by_hand(
            held(funded, state="'RELEASING'", version="version + 1"), command(funded, state="CONFIRMED")
        )


def test_e8_a_command_in_another_currency_is_refused(by_hand, funded):
    with pytest.raises(DBAPIError, match="E3"):
        by_hand(held(funded, state="'RELEASING'", version="version + 1"), command(funded, currency="USD"))


def test_e4_a_hold_has_one_open_command(by_hand, funded):
    with pytest.raises(DBAPIError, match=r"(?i)unique"):
        by_hand(
            held(funded, state="'RELEASING'", version="version + 1"), command(funded), command(funded, id="x2")
        )


@pytest.mark.parametrize("cause", ["request:1", "because"])
def test_e10_a_release_without_authority_is_refused(by_hand, funded, cause):
    with pytest.raises(DBAPIError, match="e10_authority"):
        by_hand(held(funded, state="'RELEASING'", version="version + 1"), command(funded, cause=cause))


@pytest.mark.parametrize("state", ["PENDING", "FAILED", "UNKNOWN", "SENT"])
def test_e5_a_confirmed_command_stays_confirmed(till, by_hand, state):
    done = till.fund(till.open())
    with pytest.raises(DBAPIError, match="E5"):
        by_hand(f"UPDATE payment_commands SET state = '{state}' WHERE id = '{done}'")


@pytest.mark.parametrize("change", ["amount = 1", "kind = 'refund'", "funding = 'x'", "cause = 'approval:x'"])
def test_e6_what_was_asked_does_not_change(till, by_hand, change):
    done = till.fund(till.open())
    with pytest.raises(DBAPIError, match=r"E6|e10"):
        by_hand(f"UPDATE payment_commands SET {change} WHERE id = '{done}'")


def test_e5_a_command_is_never_deleted(till, by_hand):
    done = till.fund(till.open())
    with pytest.raises(DBAPIError, match="E5"):
        by_hand(f"DELETE FROM payment_commands WHERE id = '{done}'")


def test_verify_names_a_hold_that_the_ledger_does_not_know(till, funded, by_hand):
    from marketwright.store.triggers import REGISTRY

    trigger = REGISTRY["holds_move"]
    on = "" if till.database.writes.dialect.name == "sqlite" else " ON holds"
    by_hand(
        f"DROP TRIGGER {trigger.name}{on}",
        held(funded, state="'SETTLED'", held=0, refunded=126_000, version="version + 1"),
    )
    found = till.findings()
    assert any(f.row == f"holds {funded}" and f.rule == "E1" for f in found)
    assert any(f.row == "trigger holds_move" for f in found)


def test_verify_names_a_command_that_is_confirmed_and_not_booked(till, funded, by_hand):
    done = till.reserve(funded, CommandKind.RELEASE)
    by_hand(f"UPDATE payment_commands SET state = 'CONFIRMED' WHERE id = '{done}'")
    assert any(f.row == f"payment_commands {done}" and f.rule == "E5" for f in till.findings())
