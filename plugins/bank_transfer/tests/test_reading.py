"""Statements in the dialects of banks, and files that are none."""

import codecs
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.plugin import MAX_MINOR, exponent
from marketwright_bank_transfer.amounts import decimal_sign, minor_units
from marketwright_bank_transfer.reading import read_statement
from marketwright_bank_transfer.statement import Unreadable

TODAY = date(2026, 6, 30)


def read(text, *, encoding="utf-8", currency="EUR", **limits):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_statement(data, currency=currency, today=TODAY, **limits)


def rows(text, **how):
    return [(e.booked_on.isoformat(), e.amount.amount, e.payer, e.text) for e in read(text, **how).entries]


def refused(text, **how):
    with pytest.raises(Unreadable) as caught:
        read(text, **how)
    return [(p.line, str(p.says)) for p in caught.value.problems]


def refused_or_read(text):
    """Whether it was read, or refused with what is wrong; anything else is raised."""
    try:
        read(text)
    except Unreadable as error:
        return bool(error.problems)
    return True


FRENCH = "Date;Libellé;Débit;Crédit\n03/06/2026;VIR SAMBRE SANTÉ RF18;;1 200,00\n04/06/2026;Loyer;-900,00;\n"
SAID = "VIR SAMBRE SANTÉ RF18"
DIALECTS = {
    "French, two columns": (FRENCH, "utf-8"),
    "the same in Windows-1252": (FRENCH, "cp1252"),
    "with a mark": (FRENCH, "utf-8-sig"),
    "UTF-16": (FRENCH, "utf-16"),
    "lines before the heads": ("Compte 123\nSolde;4 000,00\n\n" + FRENCH, "utf-8"),
    "carriage returns": (FRENCH.replace("\n", "\r\n"), "utf-8"),
    "English": (f'Date,Description,Amount\n2026-06-03,"{SAID}","1,200.00"\n2026-06-04,Loyer,-900\n', "utf-8"),
    "German": (f"Buchungstag;Verwendungszweck;Betrag\n03.06.26;{SAID};1.200,00\n04.06.26;Loyer;-900,00\n", "utf-8"),
    "tabs": (f"Date\tLibellé\tMontant\n03/06/2026\t{SAID}\t1200,00 €\n04/06/2026\tLoyer\t900,00-\n", "utf-8"),
    "bars and parentheses": (f"date|label|amount\n20260603|{SAID}|1200.00\n20260604|Loyer|(900.00)\n", "utf-8"),
    "American days": (f"Date,Description,Amount\n06/03/2026,{SAID},1200\n06/24/2026,Loyer,-900\n", "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_reads_the_same(name):
    text, encoding = DIALECTS[name]
    found = read(text, encoding=encoding)
    assert [(e.booked_on, e.amount.amount, e.text) for e in found.entries] == [
        (date(2026, 6, 3), 120_000, "VIR SAMBRE SANTÉ RF18")
    ]
    assert found.outgoing == 1


def test_payer_reference_currency_and_the_banks_id_are_read_where_they_stand():
    (e,) = read("Date;Nom de la contrepartie;Montant;Devise;Référence;Identifiant;Motif;Description\n"
                "2026-06-03;Sambre;5,00;USD;RF18;B-7;one;two\n").entries  # fmt: skip
    assert (e.payer, e.amount.currency, e.reference, e.bank_id, e.text) == ("Sambre", "USD", "RF18", "B-7", "one two")


@pytest.mark.parametrize(("text", "says"), [
    ("", "empty"),
    ("%PDF-1.7 ...", "kind PDF"),
    ("PK\x03\x04....", "kind XLSX"),
    ("Date;Amount\n\0;3", "no text file"),
    ("nothing here\nof use\n", "No row of heads"),
    ("Date;Montant\n03/06/2026;abc\n", "no amount"),
    ("Date;Montant\n03/06/2026;1,005\n04/06/2026;1,5\n", "too many decimals"),
    ("Date;Montant\n03/06/2026;99999999999999,00\n", "too large"),
    ("Date;Montant\n2026-02-31;5,00\n", "is no date"),
    ("Date;Montant\n0001-01-01;5,00\n", "is no date"),
    ("Date;Montant\n2030-01-01;5,00\n", "has not come yet"),
    ("Date;Montant\n13/06/2026;1,50\n06/13/2026;2,50\n", "day first"),
    ("Date;Montant\n13/06/2026;1,50\n14/06/2026;2.50\n", "with a comma"),
    ("Date;Montant;Devise\n13/06/2026;1,50;ABC\n", "no currency"),
    ("Date;Montant\n13/06/2026;NaN\n", "no amount"),
    ("Date;Montant\n13/06/2026;1e3\n", "no amount"),
    ("Date;Montant\n13/06/2026;١٢\n", "no amount"),
])  # fmt: skip
def test_a_wrong_file_is_refused_with_its_reason(text, says):
    assert says in refused(text)[0][1]


def test_every_wrong_line_is_named_and_nothing_is_taken():
    text = "Date;Libellé;Montant\n03/06/2026;a;5,00\nnonsense;b;6,00\n05/06/2026;c;x\n"
    assert [line for line, _says in refused(text)] == [3, 4]


def test_a_quotation_that_never_closes_is_refused():
    assert "quotation" in refused('Date;Libellé;Montant\n03/06/2026;"a;5,00\n04/06/2026;b;6,00\n')[0][1]


def test_too_many_lines_and_too_large_a_file_are_refused():
    text = "Date;Montant\n" + "03/06/2026;1,00\n" * 50
    assert "More than 10 lines" in refused(text, most_lines=10)[0][1]
    assert "larger than 0.0001 megabytes" in refused(text, most_bytes=100)[0][1]


@pytest.mark.parametrize(("text", "sign", "currency", "minor"), [
    ("1 234,56", ",", "EUR", 123_456), ("1'234.56", ".", "CHF", 123_456), ("-1.234,5", ",", "EUR", -123_450),
    ("+7", ".", "EUR", 700), ("1.234", ",", "EUR", 123_400), ("€12.00", ".", "EUR", 1_200), ("500", ".", "JPY", 500),
    ("1.234", ".", "KWD", 1_234), ("12,00 EUR", ",", "EUR", 1_200), ("0,00", ",", "EUR", 0),
    ("1,50-", ",", "EUR", -150),
])  # fmt: skip
def test_amounts_as_banks_write_them(text, sign, currency, minor):
    assert minor_units(text, sign, currency) == minor


@pytest.mark.parametrize(("values", "digits", "sign"), [
    (["1,234.56"], 2, "."), (["1.234,56"], 2, ","), (["5,00"], 2, ","), (["1,234", "2,5"], 2, ","),
    (["1.234.567"], 2, ","), (["1,234"], 2, "."), (["1.200", "900"], 2, ","), (["120,000"], 0, "."),
    (["1.500", "0.250"], 3, "."), (["1.500", "1,250.000"], 3, "."), (["1,500", "1234,500"], 3, ","),
    (["-1.200", "(2.400)"], 2, ","),
])  # fmt: skip
def test_the_whole_column_says_what_parts_the_decimals(values, digits, sign):
    assert decimal_sign((v, digits) for v in values) == sign


@pytest.mark.parametrize("text", ["1.234", "1,23"])
def test_no_amount_takes_more_decimals_than_its_currency_has(text):
    with pytest.raises(ValueError, match="too many decimals"):
        minor_units(text, "." if "." in text else ",", "EUR" if "." in text else "JPY")


@pytest.mark.parametrize(("currency", "text", "minor"), [
    ("EUR", "Date;Amount\n2026-06-12;1,500\n", [150_000]), ("EUR", 'Date,Amount\n2026-06-12,"1.200"\n', [120_000]),
    ("JPY", "Date;Amount\n2026-06-12;120,000\n2026-06-13;1,000\n", [120_000, 1_000]),
    ("KWD", "Date;Amount\n2026-06-12;1.500\n2026-06-13;0.250\n", [1_500, 250]),
])  # fmt: skip
def test_thousands_are_told_from_decimals_by_what_the_currency_has(currency, text, minor):
    assert [e.amount.amount for e in read(text, currency=currency).entries] == minor


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_column_that_reads_either_way_is_refused_with_a_way_out(delimiter):
    text = f"Date{delimiter}Amount\n2026-06-12{delimiter}1.500\n2026-06-13{delimiter}250.000\n"
    ((line, says),) = refused(text, currency="KWD")
    assert (line, "may part thousands or decimals" in says, "CAMT.053" in says) == (0, True, True)


@pytest.mark.parametrize("text", ["Date;Amount\n2026-06-12;1,500\n2026-06-13;2.500\n",
                                  "Date;Amount\n2026-06-12;0,500\n", "Date;Amount\n2026-06-12;12.3456\n"])
def test_what_contradicts_itself_is_refused(text):
    assert refused(text)


amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=8)
dialects = st.tuples(
    st.sampled_from(";,\t|"), st.sampled_from(",."), st.sampled_from(["", " ", "\u202f", "group"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%Y%m%d"]),
)  # fmt: skip


@given(amounts, dialects)
def test_what_a_bank_writes_in_any_dialect_is_read_to_the_cent(minor, dialect):
    delimiter, sign, grouping, encoding, end, days = dialect
    group = {"group": "." if sign == "," else ","}.get(grouping, grouping)
    if encoding == "cp1252" and grouping == "\u202f":
        group = "\u00a0"

    def shown(amount):
        whole, cents = divmod(amount, 100)
        return f"{whole:,}".replace(",", group) + f"{sign}{cents:02d}"

    day = date(2026, 6, 13).strftime(days)
    lines = [["Date", "Libellé", "Montant"], *([day, f"n° {n}", shown(a)] for n, a in enumerate(minor))]
    text = end.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    found = read(text, encoding=encoding)
    assert [e.amount.amount for e in found.entries] == minor
    assert {e.booked_on for e in found.entries} == {date(2026, 6, 13)}


@given(amounts, st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(";,\t|"), st.sampled_from(",."),
       st.sampled_from(["", " ", "'", "group"]), st.booleans())  # fmt: skip
def test_what_a_bank_writes_in_any_currency_is_read_exactly_or_refused(minor, currency, delimiter, sign, mark, whole):
    """``whole`` amounts are written without decimals, where they are."""
    digits = exponent(currency)
    group = {"group": "." if sign == "," else ","}.get(mark, mark)
    minor = [a * 10**digits for a in minor] if whole else minor

    def shown(amount):
        units, rest = divmod(amount, 10**digits)
        return f"{units:,}".replace(",", group) + ("" if whole or not digits else f"{sign}{rest:0{digits}d}")

    lines = [["Date", "Libellé", "Montant"], *(["2026-06-13", f"n° {n}", shown(a)] for n, a in enumerate(minor))]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    try:
        found = [e.amount.amount for e in read(text, currency=currency).entries]
    except Unreadable:
        assert max(minor) > MAX_MINOR or currency == "KWD"
    else:
        assert found == minor


@pytest.mark.parametrize(("text", "currency"), [
    ("Date;Amount\n2026-06-12;USD 5,00\n", "USD"), ("Date;Amount\n2026-06-12;-1,00\n2026-06-12;5,00 £\n", "GBP"),
    ("Date;Amount (EUR)\n2026-06-12;5,00\n", "EUR"), ("Date;Amount\n2026-06-12;$5,00\n", "CHF"),
])  # fmt: skip
def test_the_currency_that_an_amount_or_its_head_names_is_taken(text, currency):
    assert [e.amount.currency for e in read(text, currency="CHF").entries] == [currency]


def test_two_currencies_for_one_amount_are_none():
    assert "no currency" in refused("Date;Amount;Currency\n2026-06-12;USD 5,00;EUR\n")[0][1]


def test_a_line_that_is_dated_ahead_is_not_booked_yet():
    found = read("Date;Montant\n2026-07-01;5,00\n2026-07-02;6,00\n")
    assert ([e.amount.amount for e in found.entries], found.pending) == ([500], 1)


@given(st.binary(max_size=400))
def test_whatever_bytes_come_are_read_or_refused(data):
    assert refused_or_read(data)


@given(st.text(st.sampled_from("Date;Montan,t\n\"'05/-.é1€\t"), max_size=200))
def test_whatever_text_under_heads_is_read_or_refused(text):
    assert refused_or_read("Date;Montant\n" + text)


def test_the_marks_of_utf_16_are_known():
    assert read(codecs.BOM_UTF16_BE + "Date;Montant\n2026-06-03;5,00\n".encode("utf-16-be")).entries
