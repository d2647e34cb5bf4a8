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
    rows = json.loads(call("balances", "--json").output)
    assert [(r["account"], r["balance"], r["currency"]) for r in rows] == [
        ("hold:m1", "123.45", "EUR"), ("psp_clearing", "123.45", "EUR"),
    ]  # fmt: skip


def test_a_statement_of_a_contract_lists_its_movements(call, booked):
    rows = json.loads(call("statement", "--contract", "contract1", "--json").output)
    assert [(r["number"], r["account"], r["amount"]) for r in rows] == [
        (1, "psp_clearing", "123.45"), (1, "hold:m1", "123.45"),
    ]  # fmt: skip


def test_a_statement_of_nothing_asks_what_of(call, database):
    result = call("statement")
    assert result.exit_code == 2
    assert "account" in result.output
