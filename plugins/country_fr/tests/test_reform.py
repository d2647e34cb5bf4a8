"""R32: what the reform of electronic invoices asks, by date, and the figures that are to be reported."""

import csv
import io
from datetime import date

import pytest

from marketwright.plugin import BookedDocument, Books, Money
from marketwright_country_fr.ereporting import COLUMNS, EReporting
from marketwright_country_fr.pack import FRANCE

SINCE, UNTIL = date(2027, 9, 1), date(2027, 9, 30)
SELLER = {"name": "Zoé Martin", "registration_number": "73282932000074", "vat_number": "FR44732829320", "country": "FR"}
GERMAN = {"name": "Vesseler", "vat_number": "DE136695976", "country": "DE"}
FRENCH = {"name": "Sambre", "vat_number": "FR40303265045", "country": "FR"}


def document(buyer, category="AE", bps=0, **more):
    tax = Money(100_000 * bps // 10_000, "EUR")
    given = {"seller": SELLER, "issued_on": date(2027, 9, 3), "credit": False, "net": Money(100_000, "EUR"),
             "tax": tax} | more  # fmt: skip
    return BookedDocument("K3-2027-0001", "sale", supplied_on=date(2027, 8, 31), buyer=buyer,
                          category=category, bps=bps, **given)  # fmt: skip


def report(*documents):
    made = EReporting({}, None).render(Books("Place SAS", "732829320", SINCE, UNTIL, documents), ())
    return list(csv.DictReader(io.StringIO(made.decode()), delimiter=";"))


@pytest.mark.parametrize(("on", "name", "holding"), [
    (date(2026, 8, 31), "receive", 0), (date(2026, 9, 1), "receive", 1), (date(2026, 9, 1), "issue", 1),
    (date(2027, 8, 31), "report", 1), (date(2027, 9, 1), "issue", 2), (date(2027, 9, 1), "report", 3),
])  # fmt: skip
def test_r32_all_receive_and_the_large_issue_a_year_before_the_small(on, name, holding):
    assert sum(d.name == name and d.dated.holds(on) for d in FRANCE.electronic) == holding


def test_r32_every_duty_says_whom_and_what_in_both_languages_and_where_it_was_read():
    for duty in FRANCE.electronic:
        assert set(duty.whom) == set(duty.what) == {"fr", "en"}
        assert duty.dated.source.startswith("https://")


def test_r32_a_sale_abroad_is_reported_with_both_numbers():
    [row] = report(document(GERMAN))
    assert (row["donnees"], row["siren"], row["tva_acheteur"]) == ("transaction", "732829320", "DE136695976")
    assert (row["base_ht"], row["tva"], row["categorie"], row["date_piece"]) == ("1000,00", "0,00", "AE", "2027-09-03")
    assert tuple(row) == COLUMNS


def test_r32_an_amount_keeps_the_decimals_of_its_currency():
    [row] = report(document(GERMAN, net=Money(420_015, "KWD"), tax=Money(0, "KWD")))
    assert (row["base_ht"], row["devise"]) == ("420,015", "KWD")


def test_r32_a_sale_in_france_is_reported_by_its_payments_alone():
    [row] = report(document(FRENCH, "S", 2000, payments=((date(2027, 9, 12), Money(120_000, "EUR")),)))
    assert (row["donnees"], row["date_encaissement"], row["encaisse_ttc"], row["taux"]) == (
        "paiement", "2027-09-12", "1200,00", "20,00"
    )  # fmt: skip


def test_r32_what_the_customer_declares_has_no_payments_to_report():
    assert [r["donnees"] for r in report(document(GERMAN, payments=((SINCE, Money(1, "EUR")),)))] == ["transaction"]


def test_r32_a_credit_note_abroad_takes_back():
    [row] = report(document(GERMAN, credit=True))
    assert (row["nature"], row["base_ht"]) == ("avoir", "-1000,00")


def test_r32_a_seller_in_another_country_is_left_out():
    assert report(document(FRENCH, seller=SELLER | {"country": "BE"})) == []


def test_r32_an_earlier_sale_that_is_paid_now_is_no_transaction_of_now():
    assert report(document(GERMAN, issued_on=date(2027, 8, 1))) == []
