"""The platform's own accounts are sums, kept now and then; a kept sum is checked before it is believed (L3)."""

import json
from hashlib import sha256

import pytest

from marketwright.features.ledger import queries, rollups
from marketwright.features.ledger.chain import link
from marketwright.features.ledger.reading import Booked, Leg
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.verify import verify


@pytest.fixture
def rolled(post, database, tmp_path, monkeypatch):
    """Three postings rolled up, one sealed after them, one that waits for its seal."""
    monkeypatch.setattr(rollups, "EVERY", 3)
    for _ in range(3):
        post(("psp_clearing", 100), ("hold:m1", -100))
    seal_all(database, tmp_path)
    post(("hold:m1", 300), ("payable:f1", -240), ("revenue", -50), ("vat_collected", -10))
    seal_all(database, tmp_path)
    post(("psp_fee", 7), ("psp_clearing", -7))
    return tmp_path


def balances(database, **kw):
    with database.reading() as session:
        return {b.account: b.balance.amount for b in queries.balances(session, **kw)}


def findings(database):
    with database.reading() as session:
        return [f for f in verify(session) if f.grave]


NOW = {"hold:m1": 0, "payable:f1": 240, "psp_clearing": 293, "psp_fee": 7, "revenue": 50, "vat_collected": 10}


def test_l3_a_balance_is_what_was_rolled_up_and_all_that_came_after(rolled, database):
    with database.reading() as session:
        kept, wrong = rollups.kept(session)
        assert [(r.account, r.number, r.amount) for r in kept] == [("psp_clearing", 3, 300)]
        assert not wrong
        assert queries.balance(session, "psp_clearing").amount == 293
    assert balances(database) == NOW
    assert balances(database, kind="psp_clearing") == {"psp_clearing": 293}


def test_l10_balances_as_of_a_number_before_and_after_the_roll_up(rolled, database):
    assert balances(database, upto=1) == {"hold:m1": 100, "psp_clearing": 100}
    assert balances(database, upto=4) == {k: v for k, v in NOW.items() if k != "psp_fee"} | {"psp_clearing": 300}


@pytest.mark.parametrize("by_hand", [
    "UPDATE ledger_rollups SET amount = amount + 1000000",
    "UPDATE ledger_rollups SET number = 2",
    "UPDATE ledger_rollups SET number = 99",
    "UPDATE ledger_rollups SET proof = 'x'",
])  # fmt: skip
def test_l3_a_sum_that_was_tampered_with_is_named_and_not_believed(rolled, database, forge, by_hand):
    forge(by_hand)
    assert balances(database) == NOW
    assert any(f.rule == "L3" for f in findings(database))


def test_l3_a_false_sum_with_a_proof_made_to_fit_is_named_against_the_legs(rolled, database, forge):
    with database.reading() as session:
        seal = queries.head_at(session, 3)
    false = rollups.Rolled("psp_clearing", "EUR", 3, 999, 3)
    forge(f"UPDATE ledger_rollups SET amount = 999, proof = '{rollups.proof_of(false, seal, 1)}'")
    assert [f.row for f in findings(database) if f.rule == "L3"] == ["ledger_rollups psp_clearing EUR"]


def test_l3_no_sum_that_was_kept_lets_money_move(rolled, database, forge):
    with database.reading() as session:
        seal = queries.head_at(session, 3)
    false = rollups.Rolled("hold:m1", "EUR", 3, -999, 3)
    forge(
        f"UPDATE ledger_rollups SET account = 'hold:m1', amount = -999, proof = '{rollups.proof_of(false, seal, 1)}'"
    )
    with database.reading() as session:
        assert queries.raw_balance(session, "hold:m1", "EUR") == 0


def test_l3_the_sealer_mends_a_roll_up_that_does_not_fit(rolled, database, forge):
    forge("UPDATE ledger_rollups SET amount = 1")
    seal_all(database, rolled)
    with database.reading() as session:
        kept, wrong = rollups.kept(session)
    assert not wrong
    assert {(r.account, r.amount) for r in kept} >= {("psp_clearing", 293), ("revenue", -50)}


@pytest.mark.parametrize("reverses", [None, "first"])
def test_l4_a_link_is_the_hash_of_sorted_json_whatever_the_words(reverses):
    at = "2026-01-01T00:00:00.000000+00:00"
    booked = Booked("id", "main", "EUR", 2, "test", 'a"b\\c', "é\n\u2028", "\x00😀", "", reverses, True, "me", at, at)
    legs = [Leg(1, "psp_clearing", "psp_clearing", "EUR", 5), Leg(2, 'hold:"é', "hold", "EUR", -5)]
    row = {
        "number": 7, "recorded_at": at, "id": "id", "book": "main", "currency": "EUR",
        "cause": ["test", 'a"b\\c', "é\n\u2028"], "memo": "\x00😀", "contract": "", "reverses": reverses,
        "partial": True, "actor": "me", "at": at, "created_at": at,
        "legs": [[1, "psp_clearing", "psp_clearing", "EUR", 5], [2, 'hold:"é', "hold", "EUR", -5]],
    }  # fmt: skip
    said = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert link("before", 7, at, booked, legs) == sha256(("before" + said).encode()).hexdigest()
