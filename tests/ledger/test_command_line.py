"""``marketwright ledger``: what the operator types, and the exit codes that a cron job reads."""

import json

import pytest
from click.testing import CliRunner

from marketwright.cli import group
from marketwright.features.ledger.sealer import seal_all

TOML = """
plugins = []
[marketplace]
name = "Testing"
slug = "testing"
database = "{url}"
"""


@pytest.fixture
def call(database_url, tmp_path):
    url = database_url.replace("postgresql+psycopg", "postgresql")
    (tmp_path / "marketplace.toml").write_text(TOML.format(url=url))

    def run(*arguments):
        return CliRunner().invoke(group, ["-C", str(tmp_path), "ledger", *arguments])

    return run


@pytest.fixture
def booked(post, database, tmp_path):
    made = post(("psp_clearing", 12_345), ("hold:m1", -12_345), contract="contract1")
    seal_all(database, tmp_path / "var")
    return made


def test_a_clean_ledger_verifies_with_exit_code_0(call, booked):
    result = call("verify")
    assert result.exit_code == 0, result.output
    assert "1 transactions sealed" in result.output


def test_verify_names_the_row_that_a_hand_edited(call, booked, forge):
    forge(f"UPDATE ledger_transactions SET memo = 'a gift' WHERE id = '{booked}'")
    result = call("verify", "--json")
    found = json.loads(result.output)["findings"]
    assert result.exit_code == 1
    assert any(booked in f["row"] and "edited by hand" in f["says"] for f in found)


def test_a_row_that_waits_for_its_seal_is_no_alarm(call, post):
    post(("psp_clearing", 5), ("hold:m1", -5))
    result = call("verify", "--json")
    assert [f["grave"] for f in json.loads(result.output)["findings"]] == [False]
    assert result.exit_code == 0


def test_balances_are_in_whole_units_of_the_currency(call, booked):
    rows = json.loads(call("balances", "--json").stdout)
    assert [(r["account"], r["balance"], r["currency"]) for r in rows] == [
        ("hold:m1", "123.45", "EUR"), ("psp_clearing", "123.45", "EUR"),
    ]  # fmt: skip


def test_a_statement_of_a_contract_lists_its_movements(call, booked):
    rows = json.loads(call("statement", "--contract", "contract1", "--json").stdout)
    assert [(r["number"], r["account"], r["amount"]) for r in rows] == [
        (1, "psp_clearing", "123.45"), (1, "hold:m1", "123.45"),
    ]  # fmt: skip


def test_a_statement_of_nothing_asks_what_of(call, database):
    result = call("statement")
    assert result.exit_code == 2
    assert "account" in result.output


def test_balances_as_of_a_sealed_number_leave_out_what_came_later(call, booked, post, database, tmp_path):
    post(("psp_clearing", 100), ("hold:m2", -100))
    seal_all(database, tmp_path / "var")
    rows = json.loads(call("balances", "--upto", "1", "--json").stdout)
    assert {r["account"]: r["balance"] for r in rows} == {"hold:m1": "123.45", "psp_clearing": "123.45"}


def test_a_number_that_is_not_there_is_refused_with_the_last_one(call, booked):
    result = call("balances", "--upto", "9")
    assert result.exit_code == 2
    assert "the last one is 1" in result.output


def test_a_statement_of_days_without_entries_says_so(call, booked):
    result = call("statement", "psp_clearing", "--from", "2001-01-01", "--to", "2001-01-31")
    assert "no entries of that account or contract in those days" in result.output


def test_a_statement_quotes_how_far_it_is_sealed(call, booked):
    assert "Sealed up to number 1." in call("statement", "psp_clearing").output


def test_a_statement_goes_to_a_spreadsheet(call, booked):
    lines = call("statement", "psp_clearing", "--csv").stdout.splitlines()
    assert lines[0].startswith("number,at,account")
    assert lines[1].endswith("123.45,123.45,EUR")


def test_an_account_that_is_none_is_refused(call, booked):
    result = call("statement", "petty_cash")
    assert result.exit_code == 2
    assert "petty_cash is no account of the ledger" in result.output


def test_verify_ends_with_the_first_wrong_row(call, booked, forge):
    forge(f"UPDATE ledger_transactions SET memo = 'a gift' WHERE id = '{booked}'")
    assert json.loads(call("verify", "--json").output)["first_wrong"] == f"ledger_transactions {booked} (number 1)"
    assert f"First wrong row: ledger_transactions {booked} (number 1)" in call("verify").output
