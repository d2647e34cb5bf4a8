"""The ledger as books: entry by entry, with names and the documents behind them, in every form."""

import csv
import io
import json
from datetime import date

import pytest

from marketwright.features.invoicing.books import books_for, books_of, journal_lines
from marketwright.features.invoicing.exports import render
from marketwright.features.ledger.sealer import seal_all
from marketwright.kernel.errors import InvalidInput

pytestmark = pytest.mark.either_engine


@pytest.fixture
def booked(stage):
    """A released and invoiced deal, sealed."""
    stage.release(100_000)
    stage.issue()
    seal_all(stage.house.database, stage.house.marketplace.var)
    return stage


def exported(stage, form, since=date(2020, 1, 1), until=date(2100, 1, 1)):
    market = stage.house.marketplace
    with stage.house.database.reading() as session:
        return render(stage.house.plugins, form, books_of(market, since, until),
                      journal_lines(session, market, since, until))  # fmt: skip


@pytest.mark.both_engines
def test_csv_balances_and_names_the_documents_behind_a_release(booked):
    rows = list(csv.DictReader(io.StringIO(exported(booked, "csv")[1].decode())))
    sums = {side: sum(float(row[side] or 0) for row in rows) for side in ("debit", "credit")}
    fees = booked.document("client_fee").number
    assert sums["debit"] == sums["credit"] > 0
    assert any(row["account"] == "revenue" and fees in row["piece"] for row in rows)
    assert "Tomasz Wiśniewski" in {row["owner"] for row in rows}


def test_json_says_the_same(booked):
    rows = json.loads(exported(booked, "json")[1])
    assert [row["number"] for row in rows] == [r["number"] for r in csv.DictReader(
        io.StringIO(exported(booked, "csv")[1].decode()))]  # fmt: skip


def test_the_fec_has_every_leg_once(booked):
    name, data = exported(booked, "fec")
    lines = data.decode().rstrip("\r\n").split("\r\n")[1:]
    assert len(lines) == len(json.loads(exported(booked, "json")[1]))
    assert name == "732829320FEC21000101.txt"
    assert {len(line.split("\t")) for line in lines} == {18}


def test_other_days_have_nothing(booked):
    assert json.loads(exported(booked, "json", until=date(2020, 1, 2))[1]) == []


def test_an_unknown_form_is_told_which_there_are(booked):
    with pytest.raises(InvalidInput, match="csv, json, fec"):
        exported(booked, "pdf")


def test_the_figures_to_report_have_the_documents_and_payments_of_the_days(booked):
    market, plugins, sale = booked.house.marketplace, booked.house.plugins, booked.document("sale")
    with booked.house.database.reading() as session:
        before = books_for(session, market, plugins, "e_reporting", date(2020, 1, 1), date(2020, 1, 2))
        books = books_for(session, market, plugins, "e_reporting", sale.issued_on, sale.issued_on)
    found = {d.number: d for d in books.documents}[sale.number]
    assert before.documents == ()
    assert (found.category, found.bps, found.payments) == ("S", 2000, ((sale.issued_on, sale.gross),))
    assert b"paiement;Business of freelancer;732829320" in render(plugins, "e_reporting", books, ())[1]
