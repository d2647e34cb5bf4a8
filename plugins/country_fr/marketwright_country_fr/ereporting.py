"""The figures of *e-reporting*: sales to other countries, and payments for services whose VAT falls due on payment.

What articles 290 and 290 A of the CGI ask to be told to the tax office, a line each, for the approved platform that the
operator or the seller has chosen: no plugin of ours sends it there. Sales between businesses established in France are
not among the transactions: their platform reads them off the invoice. Read 2026-11-29:
https://www.impots.gouv.fr/professionnel/je-decouvre-la-facturation-electronique
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import ClassVar

from marketwright.plugin import N_, BookedDocument, Books, Journal, JournalLine, Money

COLUMNS = (
    "donnees", "vendeur", "siren", "tva_vendeur", "piece", "nature", "date_piece", "date_operation", "pays_acheteur",
    "tva_acheteur", "categorie", "taux", "base_ht", "tva", "date_encaissement", "encaisse_ttc", "devise",
)  # fmt: skip
TRANSACTION, PAYMENT = "transaction", "paiement"
HERE = ("FR", "MC")  # Monaco is part of the French VAT area


class EReporting(Journal):
    """``marketwright ledger export --format e_reporting``: transactions by document, payments by day."""

    name: ClassVar[str] = "e_reporting"
    label: ClassVar[str] = N_("E-reporting: sales abroad and payments, for an approved platform (France)")
    reads_documents: ClassVar[bool] = True

    def filename(self, books: Books) -> str:
        """The days."""
        return f"e-reporting-{books.since:%Y%m%d}-{books.until:%Y%m%d}.csv"

    def render(self, books: Books, lines: Iterable[JournalLine]) -> bytes:
        """The file, UTF-8, parted by semicolons, amounts with a comma."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for document in books.documents:
            if document.seller.get("country") in HERE:
                writer.writerows([[_safe(cell) for cell in row] for row in _rows(document, books)])
        return out.getvalue().encode()


def _rows(it: BookedDocument, books: Books) -> Iterator[list[str]]:
    back = -1 if it.credit else 1
    if it.buyer.get("country") not in HERE and books.since <= it.issued_on <= books.until:
        yield [*_document(TRANSACTION, it), _amount(it.net, back), _amount(it.tax, back), "", "", it.net.currency]
    if it.category == "S":
        for day, paid in it.payments:
            yield [*_document(PAYMENT, it), "", "", day.isoformat(), _amount(paid), paid.currency]


def _document(kind: str, it: BookedDocument) -> list[str]:
    siren = "".join(c for c in it.seller.get("registration_number", "") if c.isdigit())[:9]
    return [
        kind, it.seller.get("name", ""), siren, it.seller.get("vat_number", ""), it.number,
        "avoir" if it.credit else "facture", it.issued_on.isoformat(), it.supplied_on.isoformat(),
        it.buyer.get("country", ""), it.buyer.get("vat_number", ""), it.category,
        f"{it.bps / 100:.2f}".replace(".", ","),
    ]  # fmt: skip


def _amount(money: Money, sign: int = 1) -> str:
    return f"{money.decimal * sign}".replace(".", ",")


def _safe(cell: str) -> str:
    """Text that a spreadsheet would run is quoted; an amount below zero is none."""
    return f"'{cell}" if cell.startswith(("=", "+", "@", "\t", "\r")) else cell
