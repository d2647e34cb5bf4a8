"""Factur-X: the document as Cross Industry Invoice (profile EN 16931), inside its own PDF/A-3; extra ``invoice``.

The figures are those of the stored document and nothing is computed anew: what a reader sees in the PDF is what a
machine reads in the XML.
"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from marketwright.features.invoicing.invoices import InvoiceRow
from marketwright.features.invoicing.transfers import Transfer
from marketwright.kernel.money import Money, exponent
from marketwright.strategies.countries import TaxCategory

INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
PIECE, DAY = "C62", "DAY"  # UN/ECE recommendation 20: one
ANY_MEANS, CREDIT_TRANSFER = "1", "30"  # UNTDID 4461: not defined, transfer
LEVEL = "en16931"


def can_facturx() -> bool:
    """Whether the extra ``invoice`` is installed."""
    return find_spec("facturx") is not None


def carries(currency: str, country: str) -> bool:
    """Whether a document in ``currency`` can be electronic; ``country`` is the only one its country allows, or ''.

    The standard knows two decimals at most (BR-DEC).
    """
    return exponent(currency) <= 2 and country in ("", currency)


def as_xml(
    invoice: InvoiceRow, *, payment_reference: str = "", transfer: Transfer | None = None, notes: Sequence[str] = ()
) -> bytes:
    """The document as XML, checked against the schema of its profile.

    ``notes`` are what its sheet says besides and the standard has no term for (BT-22).
    """
    from facturx import generate_xml

    data = terms(invoice, payment_reference=payment_reference) | paying(transfer)
    data["BG-1"] += [{"BT-22": note} for note in notes]
    made: bytes = generate_xml(data, level=LEVEL, check_xsd=True, check_schematron=False)
    return made


def into_pdf(pdf: bytes, xml: bytes, invoice: InvoiceRow) -> bytes:
    """``pdf`` with ``xml`` inside, as Factur-X names it."""
    from facturx import generate_from_binary

    title = f"{invoice.body['seller']['name']}: {invoice.number}"
    made: bytes = generate_from_binary(
        pdf, xml, flavor="factur-x", level=LEVEL, check_xsd=False, lang=invoice.language,
        pdf_metadata={"author": invoice.body["seller"]["name"], "title": title, "subject": title,
                      "keywords": "Factur-X"},
    )  # fmt: skip
    return made


def xml_inside(pdf: bytes) -> bytes:
    """The XML that a Factur-X file carries."""
    from facturx import get_xml_from_pdf

    _name, xml = get_xml_from_pdf(BytesIO(pdf), check_xsd=False, check_schematron=False)
    return bytes(xml)


def terms(invoice: InvoiceRow, *, payment_reference: str = "") -> dict[str, Any]:
    """The document by the business terms of EN 16931 (``BT-1`` its number, ``BT-112`` its gross, and so on).

    What is paid already was due on the day of its payment (BR-FR-CO-09).
    """
    body = invoice.body
    due = Money(0, invoice.gross.currency) if invoice.credit else invoice.open
    data: dict[str, Any] = {
        "BT-1": invoice.number, "BT-2": invoice.issued_on, "BT-3": CREDIT_NOTE if invoice.credit else INVOICE,
        "BT-5": invoice.gross.currency, "BT-72": invoice.supplied_on, "BT-81": ANY_MEANS,
        "BT-106": _amount(invoice.net), "BT-109": _amount(invoice.net), "BT-110": _amount(invoice.tax),
        "BT-112": _amount(invoice.gross), "BT-113": _amount(invoice.gross - due), "BT-115": _amount(due),
        "BG-1": [{"BT-21": m["subject"], "BT-22": m["text"]} if m.get("subject") else {"BT-22": m["text"]}
                 for m in body["mentions"]],
        "BG-4": _party(body["seller"], body["taxes"]), "BG-7": _party(body["buyer"], body["taxes"], seller=False),
        "BG-23": [_tax(tax, invoice.gross.currency) for tax in body["taxes"]],
        "BG-25": [_line(n, line, invoice.gross.currency) for n, line in enumerate(body["lines"], start=1)],
    }  # fmt: skip
    data |= {key: value for key, value in {
        "BT-9": invoice.due_on if due else invoice.supplied_on, "BT-12": invoice.reference,
        "BT-13": invoice.purchase_order, "BT-23": body.get("mode", ""), "BT-83": payment_reference,
    }.items() if value}  # fmt: skip
    if invoice.period:
        data["BT-73"], data["BT-74"] = invoice.period
    if invoice.credit:
        data["BG-3"] = [{"BT-25": body["credits"], "BT-26": body["credits_on"]}]
    return data


def paying(transfer: Transfer | None) -> dict[str, str]:
    """The account that is paid to, where one is known: means (BT-81), IBAN, holder, BIC and reference."""
    if transfer is None or not transfer.iban:
        return {}
    found = {
        "BT-81": CREDIT_TRANSFER, "BT-83": transfer.reference, "BT-84": transfer.iban, "BT-85": transfer.holder,
        "BT-86": transfer.bic,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _amount(money: Money) -> str:
    return f"{money.decimal:.{exponent(money.currency)}f}"


def _party(party: Mapping[str, str], taxes: list[Mapping[str, Any]], *, seller: bool = True) -> dict[str, Any]:
    """A party; under "not subject to VAT" no VAT number may be named (BR-O-02)."""
    outside = any(tax["category"] == TaxCategory.OUTSIDE for tax in taxes)
    vat = "" if outside else "".join(party.get("vat_number", "").split())
    number = party.get("scheme_number") or party.get("registration_number", "")
    found = {
        "name": party["name"], "legal_identifier": number, "legal_identifier_schemeid": party.get("scheme", ""),
        "vat_identifier": vat, "tax_identifier": number if seller and not vat and not outside else "",
        "legal_info": party.get("form", "") if seller else "", "addr_l1": party.get("street", ""),
        "postcode": party.get("postcode", ""), "city": party.get("city", ""), "country_code": party["country"],
    }  # fmt: skip
    if party.get("address_scheme"):
        found |= {"einvoicing_addr": number, "einvoicing_addr_schemeid": party["address_scheme"]}
    return {key: value for key, value in found.items() if value}


def _tax(tax: Mapping[str, Any], currency: str) -> dict[str, Any]:
    made = {
        "BT-116": _amount(Money(tax["basis"], currency)), "BT-117": _amount(Money(tax["tax"], currency)),
        "BT-118": tax["category"], "BT-119": _rate(tax["bps"]), "BT-120": tax["reason"], "BT-121": tax["code"],
    }  # fmt: skip
    if tax["category"] == TaxCategory.OUTSIDE:
        made["BT-119"] = ""
    return {key: value for key, value in made.items() if value}


def _line(number: int, line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    net, price = (_amount(Money(line.get(key, line["net"]), currency)) for key in ("net", "price"))
    made = {
        "BT-126": str(number), "BT-129": line.get("quantity", "1"),
        "BT-130": DAY if line.get("unit") == "day" else PIECE, "BT-131": net, "BT-146": price,
        "BT-151": line["category"], "BT-152": _rate(line["bps"]), "BT-153": line["text"],
    }  # fmt: skip
    if line["category"] == TaxCategory.OUTSIDE:
        del made["BT-152"]
    return made


def _rate(bps: int) -> str:
    return f"{bps / 100:.2f}"
