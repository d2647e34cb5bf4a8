"""The *fichier des écritures comptables*: the journal that French accountants' tools and the tax office read.

Eighteen columns in the order of article A47 A-1 of the *livre des procédures fiscales* (order of 29 July 2013), parted
by tabs, dates as ``YYYYMMDD``, amounts with a comma, one line an account of an entry, each entry balanced, its numbers
continuous; the file is called ``<SIREN>FEC<end of the year>.txt``. Read 2026-11-28:
https://fec-expert.fr/format-fec-caracteristiques-remise/a47a1-lpf-forme-contenu-fec.html
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any, ClassVar

from marketwright.plugin import N_, Books, InvalidInput, Journal, JournalLine, say

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
EURO = "EUR"
JOURNAL = ("MK", "Place de marché")  # one journal, so that its numbers are the ledger's own and have no gap
# The kinds of account of the ledger in the *plan comptable général*: number, name, whether its owners are auxiliary.
ACCOUNTS: dict[str, tuple[str, str, bool]] = {
    "psp_clearing": ("467100", "Fonds chez le prestataire de paiement", False),
    "hold": ("467200", "Fonds de clients en attente", True),
    "payable": ("467300", "Freelances, sommes à reverser", True),
    "refundable": ("467400", "Clients, sommes à rembourser", True),
    "receivable": ("411000", "Clients", True),
    "revenue": ("706000", "Prestations de services", False),
    "vat_collected": ("445710", "TVA collectée", False),
    "psp_fee": ("627000", "Services bancaires et assimilés", False),
    "dispute_reserve": ("467500", "Litiges de paiement", False),
    "suspense": ("471000", "Compte d'attente", False),
    "fx": ("476000", "Différences de conversion", False),
    "bank": ("512000", "Banque", False),
    "loss": ("654000", "Pertes sur créances irrécouvrables", False),
}

# What happened, by the ledger's word for it (what stands before a point or a colon).
HAPPENED: dict[str, str] = {
    "funded": "Fonds reçus du client", "released": "Fonds libérés", "split": "Fonds partagés sur décision",
    "refunded": "Fonds remboursés au client", "paid_out": "Versement au freelance", "commission": "Frais facturés",
    "invoiced": "Facture de la place de marché", "paid": "Règlement reçu", "reversed": "Contrepassation",
    "corrected": "Correction", "withheld": "Retenue sur versement", "arrived": "Virement reçu à affecter",
    "arrival_left": "Virement rendu", "given_back": "Virement rendu", "dispute_borne": "Litige supporté",
    "covered": "Virement affecté",
    "dispute_open": "Litige ouvert", "dispute_won": "Litige gagné", "dispute_lost": "Litige perdu",
    "unasked_fee": "Frais du prestataire de paiement", "platform_loss": "Créance abandonnée",
}  # fmt: skip
# Sentences of the ledger that say no more than that.
PLAIN = frozenset({"Commission on a paid bill", "Service of the marketplace", "Paid to our bank"})


class Fec(Journal):
    """``marketwright ledger export --format fec``."""

    name: ClassVar[str] = "fec"
    label: ClassVar[str] = N_("FEC, the French journal of entries")

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        super().__init__(settings, desk)
        self.numbers: dict[str, str] = {kind: number for kind, (number, _n, _a) in ACCOUNTS.items()}
        self.numbers |= settings["accounts"]

    def filename(self, books: Books) -> str:
        """The SIREN, ``FEC``, the last day."""
        return f"{siren_of(books)}FEC{books.until:%Y%m%d}.txt"

    def render(self, books: Books, lines: Iterable[JournalLine]) -> bytes:
        """The file, in UTF-8."""
        siren_of(books)
        rows = ["\t".join(COLUMNS)]
        for number, entry in groupby(lines, key=lambda line: line.number):
            legs = list(entry)
            if sum(leg.amount.amount for leg in legs):
                raise InvalidInput({"number": [say(
                    "Entry %(number)s does not balance: run `marketwright ledger verify`.", number=number,
                )]})  # fmt: skip
            foreign = next((leg.amount.currency for leg in legs if leg.amount.currency != EURO), "")
            if foreign:  # its columns are in euros, and no rate of that day is kept
                raise InvalidInput({"currency": [say(
                    "The FEC is in euros, and entry %(number)s is in %(currency)s: export these days as CSV or JSON "
                    "for your accountant, who has a rate.", number=number, currency=foreign,
                )]})  # fmt: skip
            rows += ["\t".join(self._row(leg)) for leg in legs]
        return ("\r\n".join(rows) + "\r\n").encode()

    def _row(self, leg: JournalLine) -> list[str]:
        account, name, auxiliary = self._account(leg.kind)
        debit = leg.amount.amount > 0
        amount = _amount(leg)
        return [
            *JOURNAL, str(leg.number),
            _day(leg.at), account, name, leg.owner if auxiliary else "", _text(leg.owner_name) if auxiliary else "",
            _text(leg.piece) or "SANS", _day(leg.piece_at), _said(leg),
            amount if debit else "0,00", "0,00" if debit else amount, "", "", _day(leg.sealed_at), "", "",
        ]  # fmt: skip

    def _account(self, kind: str) -> tuple[str, str, bool]:
        _number, name, auxiliary = ACCOUNTS.get(kind, ("", kind, True))
        if kind not in self.numbers:
            raise InvalidInput({"kind": [say(
                "The kind of account %(kind)s of the ledger has no number in the plan comptable.", kind=kind,
            )]})  # fmt: skip
        return self.numbers[kind], name, auxiliary


def siren_of(books: Books) -> str:
    """The nine digits of the company; ``InvalidInput`` where [legal] has none."""
    digits = re.sub(r"[\s.]", "", books.registration_number)
    found = re.search(r"\d{9}(?=\d{5}$|$)", digits)
    if found is None:
        raise InvalidInput({"registration_number": [say(
            "The FEC is named after the company's SIREN: give its nine digits in [legal], registration_number."
        )]})  # fmt: skip
    return found[0]


def _said(leg: JournalLine) -> str:
    """What the entry is, in French, and what people called it."""
    what = HAPPENED.get(re.split(r"[.:]", leg.effect, maxsplit=1)[0], "")
    called = "" if what and leg.text in PLAIN else _text(leg.text)
    return " : ".join(part for part in (what, called) if part) or _text(leg.piece)


def _amount(leg: JournalLine) -> str:
    return f"{abs(leg.amount.decimal):.2f}".replace(".", ",")


def _day(at: datetime | date) -> str:
    return f"{at:%Y%m%d}"


def _text(text: str) -> str:
    return re.sub(r"[\t\r\n|]+", " ", text).strip()
