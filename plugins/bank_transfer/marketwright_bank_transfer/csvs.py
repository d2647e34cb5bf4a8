"""Statements as CSV: whatever the bank's own dialect, found out from the file. Pure.

Encodings UTF-8 (with or without a mark), UTF-16 and Windows-1252; parted by semicolon, comma, tab or bar; a few lines
before the heads; one column of signed amounts, or one of credits and one of debits.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from marketwright.plugin import BadAmount, Money, exponent, say
from marketwright_bank_transfer.amounts import day_of, decimal_sign, minor_units, month_first
from marketwright_bank_transfer.statement import MOST_PROBLEMS, Entry, Problem, Statement, Unreadable, refuse, tidy

DELIMITERS = ";,\t|"
LOOKED_AT = 40  # rows in which the heads must stand
HEADS: Mapping[str, tuple[str, ...]] = {
    "date": (
        "date", "date operation", "date de l operation", "date comptable", "date de comptabilisation", "booking date",
        "transaction date", "buchungstag", "buchungsdatum", "datum", "fecha", "data", "boekdatum", "completed date",
        "date d operation", "operation date", "date utc", "posted date",
    ),
    "value_date": ("date de valeur", "date valeur", "value date", "valuta", "wertstellung", "valutadatum"),
    "amount": (
        "montant", "amount", "betrag", "umsatz", "importe", "bedrag", "importo", "montant eur", "montant en euros",
        "montant en eur", "amount eur", "total amount", "montant de l operation", "betrag eur", "valor",
    ),
    "credit": ("credit", "credit euros", "credit eur", "haben", "money in", "paid in", "entree", "abono", "avoir"),
    "debit": ("debit", "debit euros", "debit eur", "soll", "money out", "paid out", "sortie", "cargo"),
    "text": (
        "libelle", "libelle operation", "libelle de l operation", "libelle simplifie", "description", "details",
        "verwendungszweck", "motif", "communication", "remittance information", "remittance", "concepto",
        "omschrijving", "informations complementaires", "libelle complementaire", "causale", "label", "memo",
        "payment reference", "mededeling", "message", "detail", "texte", "text",
    ),
    "payer": (
        "payer", "payer name", "nom", "counterparty", "counterparty name", "nom de la contrepartie", "contrepartie",
        "nom contrepartie", "auftraggeber", "beguenstigter zahlungspflichtiger", "name", "emetteur", "debtor",
        "donneur d ordre", "zahlungspflichtiger", "naam tegenpartij", "tiers", "ordenante", "debtor name", "from",
        "beneficiary", "name zahlungsbeteiligter",
    ),
    "reference": (
        "reference", "reference structuree", "structured reference", "creditor reference", "structured communication",
        "communication structuree",
    ),
    "currency": ("devise", "currency", "wahrung", "waehrung", "divisa", "munt", "valuta code"),
    "bank_id": ("transaction id", "id", "identifiant", "reference bancaire", "bank reference", "transactiereferentie"),
}  # fmt: skip
_ROLE = {head: role for role, heads in HEADS.items() for head in heads}


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows under the heads, each with its line in the file; ``roles`` maps a role onto its columns."""

    roles: Mapping[str, tuple[int, ...]]
    rows: Sequence[tuple[int, list[str]]]
    delimiter: str

    def cell(self, row: list[str], role: str) -> str:
        """The cells of a role as one text."""
        return " ".join(t for c in self.roles.get(role, ()) if c < len(row) and (t := row[c].strip()))


def read_csv(data: bytes, *, currency: str, today: date, most: int) -> Statement:
    """The incoming payments of ``data``; :class:`Unreadable` names each line that is wrong."""
    table = _table(decode(data), most)
    problems: list[Problem] = []
    amounts = [table.cell(row, role) for _n, row in table.rows for role in ("amount", "credit", "debit")]
    try:
        sign = decimal_sign([a for a in amounts if a], "." if table.delimiter == "," else ",")
        months = month_first(_date(table, row) for _n, row in table.rows)
    except ValueError as error:
        raise refuse(say("In this file %(what)s; export it once more.", what=say(str(error)))) from error
    entries, outgoing = [], 0
    for number, row in table.rows:
        found = _entry(table, number, row, (currency, sign, months, today))
        if isinstance(found, Problem):
            problems.append(found)
        elif found is None:
            continue
        elif found.amount.amount < 0:
            outgoing += 1
        else:
            entries.append(found)
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise Unreadable(problems)
    return Statement("CSV", "", tuple(entries), outgoing)


def decode(data: bytes) -> str:
    """The text of ``data``; :class:`Unreadable` for what is none."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise refuse(say("This is no text file. Export the statement as CSV or CAMT.053.")) from error
    if b"\0" in data:
        raise refuse(say("This is no text file. Export the statement as CSV or CAMT.053."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _table(text: str, most: int) -> _Table:
    best: _Table | None = None
    broken = False
    for delimiter in DELIMITERS:
        try:
            found = _under_heads(text, delimiter, most)
        except csv.Error:
            broken = broken or text.count(delimiter) > 3
            continue
        if found is not None and (best is None or len(found.roles) > len(best.roles)):
            best = found
    if best is None and broken:
        raise refuse(say("Its quotation marks do not close. Export it once more."))
    if best is None:
        raise refuse(say(
            "No row of heads with a date and an amount was found in the first %(n)s lines. The heads may read, for "
            "example: Date; Description; Amount.", n=LOOKED_AT,
        ))  # fmt: skip
    return best


def _under_heads(text: str, delimiter: str, most: int) -> _Table | None:
    rows: list[tuple[int, list[str]]] = []
    roles: Mapping[str, tuple[int, ...]] | None = None
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for seen, row in enumerate(reader, start=1):
        line = reader.line_num
        if roles is None:
            roles = _roles(row)
            if roles is None and seen >= LOOKED_AT:
                return None
            continue
        if len([c for c in row if c.strip()]) < 2:
            continue
        rows.append((line, row))
        if len(rows) > most:
            raise refuse(say("More than %(n)s lines. Export a shorter period.", n=most))
    return _Table(roles, rows, delimiter) if roles is not None else None


def _roles(row: Sequence[str]) -> dict[str, tuple[int, ...]] | None:
    """What each column is, if ``row`` are the heads: a date, and amounts."""
    found: dict[str, tuple[int, ...]] = {}
    for column, head in enumerate(row):
        role = _ROLE.get(plain(head))
        if role:
            several = role in ("text", "payer")
            found[role] = (*found.get(role, ()), column) if several or role not in found else found[role]
    dated = "date" in found or "value_date" in found
    if dated and ("amount" in found or "credit" in found):
        return found
    return None


def plain(head: str) -> str:
    """A head without accents, signs and case: ``Date de l’opération`` is ``date de l operation``."""
    parted = head.replace("’", " ").replace("'", " ")
    flat = unicodedata.normalize("NFKD", parted).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", flat.lower()).split())


def _date(table: _Table, row: list[str]) -> str:
    return table.cell(row, "date") or table.cell(row, "value_date")


def _entry(
    table: _Table, number: int, row: list[str], how: tuple[str, str, bool, date]
) -> Entry | Problem | None:
    currency, sign, months, today = how
    its = table.cell(row, "currency").upper() or currency
    try:
        exponent(its)
    except BadAmount:
        return Problem(number, say("“%(what)s” is no currency.", what=tidy(its, 20)))
    given = _date(table, row)
    try:
        day = day_of(given, months_first=months)
    except ValueError:
        return Problem(number, say("“%(what)s” is no date.", what=tidy(given, 30)))
    if day > today + timedelta(days=7):
        return Problem(number, say("%(day)s has not come yet.", day=day.isoformat()))
    try:
        amount = _amount(table, row, sign, its)
    except ValueError as error:
        shown = tidy(" ".join(table.cell(row, r) for r in ("amount", "credit", "debit")), 30)
        return Problem(number, say("“%(what)s”: %(why)s.", what=shown, why=say(str(error))))
    if not amount:
        return None
    return Entry(
        number, day, Money(amount, its), tidy(table.cell(row, "payer"), 140), tidy(table.cell(row, "text")),
        tidy(table.cell(row, "reference"), 80), tidy(table.cell(row, "bank_id"), 80),
    )  # fmt: skip


def _amount(table: _Table, row: list[str], sign: str, currency: str) -> int:
    whole = table.cell(row, "amount")
    if whole or "credit" not in table.roles:
        return minor_units(whole, sign, currency)
    came, went = table.cell(row, "credit"), table.cell(row, "debit")
    if not came and not went:
        return minor_units("", sign, currency)
    return (abs(minor_units(came, sign, currency)) if came else 0) - (
        abs(minor_units(went, sign, currency)) if went else 0
    )
