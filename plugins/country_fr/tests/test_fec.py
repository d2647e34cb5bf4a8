"""The FEC: eighteen columns, balanced entries, French notation."""

from datetime import UTC, date, datetime

import pytest

from marketwright.plugin import Books, InvalidInput, JournalLine, Money
from marketwright_country_fr.fec import COLUMNS, Fec

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
BOOKS = Books("Place SAS", "732 829 320 00074", date(2026, 1, 1), date(2026, 12, 31))


def fec(**accounts):
    return Fec({"accounts": accounts}, None)


def line(kind, amount, *, owner="", number=1, currency="EUR", piece="MW-2026-0001", text="Commission", effect=""):
    account = f"{kind}:{owner}" if owner else kind
    return JournalLine(number, AT, AT, account, kind, owner, "Zoé\tMartin" if owner else "", Money(amount, currency),
                       piece, AT, text, effect)  # fmt: skip


def rows(*lines, **accounts):
    text = fec(**accounts).render(BOOKS, lines).decode()
    header, *body = text.rstrip("\r\n").split("\r\n")
    assert tuple(header.split("\t")) == COLUMNS
    return [dict(zip(COLUMNS, row.split("\t"), strict=True)) for row in body]


def test_there_are_eighteen_columns():
    assert len(COLUMNS) == 18


def test_an_entry_is_written_leg_by_leg_with_comma_and_day():
    debit, credit = rows(line("receivable", 360_050, owner="k3"), line("revenue", -360_050))
    assert (debit["CompteNum"], debit["CompAuxNum"], debit["Debit"]) == ("411000", "k3", "3600,50")
    assert debit["Credit"] == "0,00"
    assert (credit["CompteNum"], credit["Credit"], credit["EcritureDate"]) == ("706000", "3600,50", "20260504")
    assert debit["PieceRef"] == "MW-2026-0001"


def test_no_text_breaks_a_column():
    assert rows(line("receivable", 1, owner="k3"), line("revenue", -1))[0]["CompAuxLib"] == "Zoé Martin"


def test_an_entry_says_in_french_what_happened_and_keeps_what_people_called_it():
    said = [("Gel des traces", "funded"), ("Commission on a paid bill", "commission.x1"), ("", "withheld:x2")]
    found = [rows(line("revenue", 1, text=t, effect=e), line("bank", -1, text=t, effect=e))[0] for t, e in said]
    assert [r["EcritureLib"] for r in found] == [
        "Fonds reçus du client : Gel des traces", "Frais facturés", "Retenue sur versement",
    ]  # fmt: skip


def test_an_entry_in_another_currency_has_no_amount_in_euros_and_is_refused():
    with pytest.raises(InvalidInput, match="entry 1 is in KWD"):
        rows(line("receivable", 1005, owner="k3", currency="KWD"), line("revenue", -1005, currency="KWD"))


def test_the_file_is_named_after_siren_and_last_day():
    assert fec().filename(BOOKS) == "732829320FEC20261231.txt"


def test_a_company_without_a_siren_is_told_what_to_fill_in():
    with pytest.raises(InvalidInput, match="nine digits"):
        fec().filename(Books("X", "RCS Lille", BOOKS.since, BOOKS.until))


def test_an_entry_that_does_not_balance_is_refused():
    with pytest.raises(InvalidInput, match="does not balance"):
        rows(line("revenue", -1), line("receivable", 2, owner="k3"))


def test_accounts_are_the_operators_own():
    assert rows(line("receivable", 1, owner="k"), line("revenue", -1), revenue="706100")[1]["CompteNum"] == "706100"
