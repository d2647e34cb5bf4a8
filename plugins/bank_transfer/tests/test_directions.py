"""Which way money went, where a bank says so in words: what went out never pays an invoice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright_bank_transfer.directions import IN, OUT, found, named
from marketwright_bank_transfer.reading import read_statement
from marketwright_bank_transfer.statement import Unreadable


def read(text):
    return read_statement(text.encode(), currency="EUR", today=date(2026, 6, 30))


def came(text):
    found = read(text)
    return [e.amount.amount for e in found.entries], found.outgoing


def refused(text):
    with pytest.raises(Unreadable) as caught:
        read(text)
    return str(caught.value.problems[0].says)


ING = ('"Date","Name / Description","Account","Counterparty","Code","Debit/credit","Amount (EUR)","Notifications"\n'
       '"20260612","Sambre Santé","NL69INGB0123456789","FR76","OV","Debit","1200,00","Refund RF18"\n'
       '"20260613","Sambre Santé","NL69INGB0123456789","FR76","OV","Credit","300,00","RF18"\n')  # fmt: skip
VR = ('"Buchungstag";"Valuta";"Empfänger";"Verwendungszweck";"Währung";"Umsatz";" "\n'
      '"12.06.2026";"12.06.2026";"Sambre";"Rückzahlung";"EUR";"1.200,00";"S"\n'
      '"13.06.2026";"13.06.2026";"Sambre";"RF18";"EUR";"300,00";"H"\n')  # fmt: skip


@pytest.mark.parametrize("text", [ING, ING.replace("Debit/credit", "Af Bij").replace('"Debit"', '"Af"')
                                  .replace('"Credit"', '"Bij"'), VR])  # fmt: skip
def test_a_refund_in_a_column_without_signs_went_out(text):
    assert came(text) == ([30_000], 1)


def test_what_the_bank_of_ing_customers_says_is_read_with_it():
    (e,) = read(ING).entries
    assert (e.payer, e.text) == ("Sambre Santé FR76", "RF18")


WORDS = [("Debit", "Credit"), ("D", "C"), ("DBIT", "CRDT"), ("Soll", "Haben"), ("S", "H"), ("Af", "Bij"), ("A", "B"),
         ("Débit", "Crédit"), ("Dare", "Avere"), ("D", "A"), ("Debe", "Haber"), ("D", "H"), ("Cargo", "Abono"),
         ("Débito", "Crédito"), ("Sortie", "Entrée"), ("Wn", "Ma"), ("Obciążenie", "Uznanie"), ("Výdaj", "Příjem"),
         ("Uttag", "Insättning"), ("Terhelés", "Jóváírás"), ("Belastung", "Gutschrift"), ("OUT", "IN"), ("-", "+"),
         ("\u2212", "+"), ("Χρέωση", "Πίστωση")]  # fmt: skip


@pytest.mark.parametrize(("out", "into"), WORDS)
def test_the_words_of_banks_are_known_under_a_head_that_says_so(out, into):
    head = "Af Bij" if out == "A" else "Debit/credit"
    assert came(f"Date;{head};Amount\n2026-06-03;{out};9,00\n2026-06-04;{into};5,00\n") == ([500], 1)


@pytest.mark.parametrize(("out", "into"), [pair for pair in WORDS if pair != ("A", "B")])
def test_they_are_known_by_themselves_under_any_other_head(out, into):
    assert came(f"Date;X;Amount\n2026-06-03;{out};9,00\n2026-06-04;{into};5,00\n") == ([500], 1)


@pytest.mark.parametrize("column", [("A", "B"), ("A", "C"), ("Debit", ""), ("S", "S"), ("DB", "DB")])
def test_a_column_of_such_words_that_is_not_understood_refuses_the_file(column):
    first, second = column
    text = f"Date;Land;Amount\n2026-06-03;{first};9,00\n2026-06-04;{second};5,00\n"
    assert "which way the money went" in refused(text) or "came in or went out" in refused(text)


def test_a_column_that_contradicts_the_signs_is_not_taken_for_one_of_words():
    text = "Date;Land;Amount\n2026-06-03;D;9,00\n2026-06-04;A;-5,00\n"
    assert "which way the money went" in refused(text)


def test_words_under_the_heads_of_two_columns_are_read_beside_amounts():
    assert came("Date;Debit;Amount\n2026-06-03;D;9,00\n2026-06-04;C;5,00\n") == ([500], 1)


@pytest.mark.parametrize("word", ["", "?", "Transfer"])
def test_a_line_that_does_not_say_it_is_named(word):
    text = f"Date;Debit/credit;Amount\n2026-06-03;Debit;9,00\n2026-06-04;{word};5,00\n"
    assert "came in or went out" in refused(text)


@pytest.mark.parametrize("column", [("SEPA", "SEPA"), ("", ""), ("-", "-"), ("B", "B"), ("FR", "D")])
def test_a_column_of_other_words_says_nothing(column):
    first, second = column
    assert came(f"Date;Land;Amount\n2026-06-03;{first};9,00\n2026-06-04;{second};5,00\n") == ([900, 500], 0)


TYPES = [("Lastschrift", "Gutschrift"), ("SEPA-Basislastschrift", "Zahlungseingang"), ("Prélèvement", "Virement reçu"),
         ("VIREMENT EMIS", "VIREMENT RECU"), ("Direct debit", "Credit"), ("Card payment", "Incoming transfer"),
         ("Addebito diretto", "Bonifico ricevuto"), ("Adeudo directo", "Transferencia recibida")]  # fmt: skip


@pytest.mark.parametrize(("out", "into"), TYPES)
def test_where_no_amount_has_a_sign_the_type_of_a_booking_says_which_way_it_went(out, into):
    text = f"Date;Type;Libellé;Amount\n2026-06-03;{out};Refund RF18;9,00\n2026-06-04;{into};RF18;5,00\n"
    assert came(text) == ([500], 1)


INCOMING_ONLY = [
    ("Buchungstext", "GUTSCHR. UEBERWEISUNG", "ECHTZEIT-GUTSCHRIFT"),
    ("Buchungstext", "DAUERAUFTRAGSGUTSCHRIFT", "GUTSCHRIFT"),
    ("Transaction type", "Income", "Incoming transfer"),
    ("Type opération", "VIREMENT RECU", "VIREMENT INSTANTANE"),
    ("Type", "Standing order", "Bank credit"),
    ("Commentaire", "", "for the incoming goods audit"),
    ("Buchungstext", "Überweisung", "Gutschrift"),
    ("Buchungstext", "", "Gutschrift"),
    ("Commentaire", "", "client will not pay by direct debit"),
    ("Commentaire", "new client since the trade fair", "asked for an outgoing goods note"),
]


@pytest.mark.parametrize(("head", "first", "second"), INCOMING_ONLY)
def test_a_statement_of_money_that_came_in_is_read_whatever_its_types_are_called(head, first, second):
    text = f"Date;Libellé;{head};Montant\n03/06/2026;RF18;{first};900,00\n04/06/2026;RF19;{second};500,00\n"
    assert came(text) == ([90_000, 50_000], 0)


@pytest.mark.parametrize("word", ["Überweisung", "Rücklastschrift", "Dauerauftrag", "Sonstiges"])
def test_a_type_that_does_not_tell_it_refuses_its_line_where_another_says_that_money_went_out(word):
    text = f"Date;Buchungstext;Amount\n2026-06-03;{word};9,00\n2026-06-04;Lastschrift;5,00\n"
    assert "column “Buchungstext” does not say whether the money came in or went out" in refused(text)


def test_a_line_without_a_type_is_not_refused_for_it():
    assert came("Date;Type;Amount\n2026-06-03;;9,00\n2026-06-04;Direct debit;5,00\n") == ([900], 1)


@pytest.mark.parametrize("word", ["Folgelastschrift", "SEPA-ELV-LASTSCHRIFT", "Dauerauftragsbelastung",
                                  "Outgoing credit transfer", "Credit card payment", "Prélèvement EDF",
                                  "VIREMENT SEPA INSTANTANE EMIS"])  # fmt: skip
def test_a_debit_is_known_by_a_part_of_its_type(word):
    text = f"Date;Type;Amount\n2026-06-03;{word};9,00\n2026-06-04;Gutschrift;5,00\n"
    assert came(text) == ([500], 1)


def test_signs_say_more_than_the_type_of_a_booking():
    text = "Date;Type;Amount\n2026-06-03;Lastschrift;9,00\n2026-06-04;Überweisung;-5,00\n"
    assert came(text) == ([900], 1)


def test_a_column_that_names_the_way_goes_before_the_type_of_a_booking():
    text = "Date;Type;Debit/credit;Amount\n2026-06-03;Lastschrift;C;9,00\n2026-06-04;Überweisung;D;5,00\n"
    assert came(text) == ([900], 1)


def test_the_sign_and_the_word_together_count_once():
    assert came("Date;D/C;Amount\n2026-06-03;D;-9,00\n2026-06-04;C;5,00\n2026-06-05;C;-3,00\n") == ([500], 2)


def test_a_credit_that_is_taken_back_is_none():
    assert came("Date;Libellé;Débit;Crédit\n2026-06-04;ANNULATION;;-500,00\n2026-06-04;VIR;;20,00\n") == ([2_000], 1)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.booleans()), min_size=2, max_size=8)
       .filter(lambda lines: len({out for _a, out in lines}) == 2), st.sampled_from(WORDS[:6]), st.booleans())
def test_what_went_out_is_never_read_as_what_came_in(lines, words, named_head):
    head = "Debit/credit" if named_head else ""
    text = f"Date;{head};Amount\n" + "".join(
        f"2026-06-03;{words[0] if out else words[1]};{a // 100},{a % 100:02d}\n" for a, out in lines
    )
    assert came(text) == ([a for a, out in lines if not out], sum(out for _a, out in lines))


def test_a_letter_that_two_languages_read_differently_takes_its_meaning_from_the_others():
    assert named("Af Bij", {"a", "b"}) == {"a": OUT, "b": IN}
    assert found("", {"d", "a"}) == {"d": OUT, "a": IN}
    with pytest.raises(ValueError, match="Land"):
        found("Land", {"a"})


def doubts(text):
    return [e.doubt for e in read(text).entries]


HINTS = ["PRELEVEMENT EDF 12", "Prélèvement SEPA EDF", "VIREMENT EMIS vers Sambre", "PAIEMENT PAR CARTE 0306",
         "RETRAIT DAB", "Folgelastschrift Stadtwerke", "Direct debit to Vodafone", "ADDEBITO DIRETTO ENEL"]  # fmt: skip


@pytest.mark.parametrize("text", HINTS)
def test_a_text_that_begins_as_banks_call_what_went_out_is_doubtful_where_nothing_else_tells(text):
    assert doubts(f"Date;Libellé;Montant\n03/06/2026;{text};9,00\n04/06/2026;RF18;5,00\n") == [text, ""]


def test_so_are_such_words_under_a_head_that_nobody_knows():
    text = "Date;Libellé;Commentaire;Montant\n03/06/2026;EDF;prélèvement automatique du mois de mai;9,00\n"
    assert doubts(text + "04/06/2026;RF18;nouveau client depuis mai;5,00\n") == [
        "prélèvement automatique du mois de mai", ""]  # fmt: skip


@pytest.mark.parametrize(("head", "first", "second"), INCOMING_ONLY)
def test_no_line_of_a_statement_of_money_that_came_in_is_doubtful(head, first, second):
    text = f"Date;Libellé;{head};Montant\n03/06/2026;RF18;{first};900,00\n04/06/2026;RF19;{second};500,00\n"
    assert doubts(text) == ["", ""]


@pytest.mark.parametrize("text", ["VIREMENT RECU DE Sambre", "Facture émise le 3 mai", "Debit note 12",
                                  "Rücklastschrift", "Rejet de prélèvement", "payment for RF18",
                                  "Gutschrift Sambre"])  # fmt: skip
def test_what_came_in_is_not_doubted_for_a_word_of_its_text(text):
    assert doubts(f"Date;Libellé;Montant\n03/06/2026;{text};9,00\n") == [""]


@pytest.mark.parametrize("statement", [
    "Date;Libellé;Montant\n03/06/2026;PRELEVEMENT rendu;9,00\n04/06/2026;EDF;-5,00\n",
    "Date;Libellé;Crédit;Débit\n03/06/2026;PRELEVEMENT rendu;9,00;\n04/06/2026;EDF;;5,00\n",
    "Date;Libellé;Sens;Montant\n03/06/2026;PRELEVEMENT rendu;C;9,00\n04/06/2026;EDF;D;5,00\n",
])  # fmt: skip
def test_where_signs_or_columns_tell_no_text_is_doubted(statement):
    assert doubts(statement) == [""]
