"""Statements as CSV: whatever the bank's own dialect, found out from the file. Pure.

Encodings UTF-8 (with or without a mark), UTF-16 and Windows-1252; parted by semicolon, comma, tab or bar; a few lines
before the heads; one column of signed amounts, one with a column of words (debit, credit; or types of bookings) beside
it, or one of credits and one of debits.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from marketwright.plugin import BadAmount, Money, exponent, say
from marketwright_bank_transfer import directions
from marketwright_bank_transfer.amounts import bare, currency_of, day_of, decimal_sign, minor_units, month_first
from marketwright_bank_transfer.statement import (
    AHEAD,
    FURTHEST,
    MOST_PROBLEMS,
    Entry,
    Problem,
    Statement,
    Unreadable,
    refuse,
    tidy,
)

DELIMITERS = ";,\t|"
AMOUNTS = ("amount", "credit", "debit")
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
        "montant en eur", "amount eur", "total amount", "montant de l operation", "betrag eur", "bedrag eur", "valor",
    ),
    "direction": (
        "debit credit", "credit debit", "debit or credit", "credit or debit", "dr cr", "cr dr", "d c", "c d", "dc",
        "credit debit indicator", "debit credit indicator", "debit credit code", "cdtdbtind", "direction", "sign",
        "s h", "h s", "sh", "soll haben", "haben soll", "soll haben kennzeichen", "soll haben kz", "vorzeichen",
        "af bij", "bij af", "debet credit", "credit debet", "sens", "sens de l operation", "signe", "segno", "signo",
        "dare avere", "debe haber", "haber debe", "cargo abono", "debito credito", "credito debito", "d h", "d a",
        "debet kredit", "debit kredit", "d k", "wn ma", "terheles jovairas",
    ),
    "credit": ("credit", "credit euros", "credit eur", "haben", "money in", "paid in", "entree", "abono", "avoir"),
    "debit": ("debit", "debit euros", "debit eur", "soll", "money out", "paid out", "sortie", "cargo"),
    "text": (
        "libelle", "libelle operation", "libelle de l operation", "libelle simplifie", "description", "details",
        "verwendungszweck", "motif", "communication", "remittance information", "remittance", "concepto",
        "omschrijving", "informations complementaires", "libelle complementaire", "causale", "label", "memo",
        "payment reference", "mededeling", "message", "detail", "texte", "text", "notifications", "mededelingen",
        "vorgang verwendungszweck",
    ),
    "payer": (
        "payer", "payer name", "nom", "counterparty", "counterparty name", "nom de la contrepartie", "contrepartie",
        "nom contrepartie", "auftraggeber", "beguenstigter zahlungspflichtiger", "name", "emetteur", "debtor",
        "donneur d ordre", "zahlungspflichtiger", "naam tegenpartij", "tiers", "ordenante", "debtor name", "from",
        "beneficiary", "name zahlungsbeteiligter", "name description", "naam omschrijving",
        "empfanger zahlungspflichtiger",
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

    heads: Sequence[str]
    roles: Mapping[str, tuple[int, ...]]
    rows: Sequence[tuple[int, list[str]]]

    def cell(self, row: Sequence[str], role: str) -> str:
        """The cells of a role as one text."""
        return " ".join(t for c in self.roles.get(role, ()) if c < len(row) and (t := row[c].strip()))

    def head(self, column: int) -> str:
        """How a column is called; '' where it has no name."""
        return self.heads[column].strip() if column < len(self.heads) else ""


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What the whole of a file says about its lines: ``ways`` by column, what each word says of the money's way.

    With ``hints`` nothing says it, neither signs nor columns: the words of a line may give a hint.
    """

    currency: str
    sign: str
    months_first: bool
    ways: Mapping[int, Mapping[str, int]]
    hints: bool
    today: date


def read_csv(data: bytes, *, currency: str, today: date, most: int) -> Statement:
    """The incoming payments of ``data``; :class:`Unreadable` names each line that is wrong."""
    table = _table(decode(data), most)
    problems: list[Problem] = []
    try:
        sign = decimal_sign(_amounts(table, currency))
        months = month_first(_date(table, row) for _n, row in table.rows)
    except ValueError as error:
        raise refuse(say(
            "In this file %(what)s; export it once more, as CAMT.053 if your bank has it.", what=say(str(error))
        )) from error  # fmt: skip
    ways = _ways(table)
    silent = "amount" in table.roles and not ways and not any(_minus(table, row) for _n, row in table.rows)
    dialect = _Dialect(currency, sign, months, ways, silent, today)
    entries, outgoing, pending = [], 0, 0
    for number, row in table.rows:
        found = _entry(table, number, row, dialect)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is None:
            continue
        elif found.amount.amount < 0:
            outgoing += 1
        elif found.booked_on > today + AHEAD:
            pending += 1
        else:
            entries.append(found)
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise Unreadable(problems)
    return Statement("CSV", "", tuple(entries), outgoing, pending)


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
    heads: list[str] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for seen, row in enumerate(reader, start=1):
        line = reader.line_num
        if roles is None:
            roles, heads = _roles(row), row
            if roles is None and seen >= LOOKED_AT:
                return None
            continue
        if len([c for c in row if c.strip()]) < 2:
            continue
        rows.append((line, row))
        if len(rows) > most:
            raise refuse(say("More than %(n)s lines. Export a shorter period.", n=most))
    return _Table(heads, roles, rows) if roles is not None else None


def _roles(row: Sequence[str]) -> dict[str, tuple[int, ...]] | None:
    """What each column is, if ``row`` are the heads: a date, and amounts."""
    found: dict[str, tuple[int, ...]] = {}
    for column, head in enumerate(row):
        role = _ROLE.get(plain(head))
        if role:
            several = role in ("text", "payer", "direction")
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


def _amounts(table: _Table, currency: str) -> Iterator[tuple[str, int]]:
    """Every amount with the digits of its currency; a line in none is named later."""
    for _n, row in table.rows:
        try:
            digits = exponent(_currency(table, row) or currency)
        except BadAmount:
            continue
        yield from ((cell, digits) for role in AMOUNTS if (cell := table.cell(row, role)))


def _currency(table: _Table, row: Sequence[str]) -> str:
    """The currency that a line names: in a column of its own, beside its amount, or in the head above; '' for none.

    Where they contradict each other it is all of them, which is no currency.
    """
    cells = [table.cell(row, role) for role in AMOUNTS]
    named = {table.cell(row, "currency").upper(), *(currency_of(cell) for cell in cells)} - {""}
    if named:
        return " ".join(sorted(named))
    heads = {plain(table.head(c)).rpartition(" ")[2] for role in AMOUNTS for c in table.roles.get(role, ())}
    return "EUR" if heads & {"eur", "euros"} else ""


def _ways(table: _Table) -> dict[int, Mapping[str, int]]:
    """The columns that say which way the money went; :class:`Unreadable` for one that does and is not understood."""
    words_in = ("credit", "debit") if "amount" in table.roles else ()  # beside amounts these may hold words
    with_role = {c for role, columns in table.roles.items() if role not in words_in for c in columns}
    known = table.roles.get("direction", ())
    paid = [row for _n, row in table.rows if any(table.cell(row, role) for role in AMOUNTS)]
    signed = any(_minus(table, row) for row in paid)
    ways: dict[int, Mapping[str, int]] = {}
    for column in range(max((len(row) for row in paid), default=0)):
        words = {w for row in paid if (w := _word(row, column))}
        try:
            if column in known:
                ways[column] = directions.named(table.head(column), words)
            elif column not in with_role and (says := directions.found(table.head(column), words)):
                if signed and table.head(column):
                    _agree(table, paid, column, says)
                ways[column] = says
        except ValueError:
            raise refuse(say(
                "The column “%(head)s” seems to say which way the money went, and cannot be understood. Call it "
                "“Debit/credit”, and write “debit” or “credit” in each line.", head=tidy(table.head(column), 40),
            )) from None  # fmt: skip
    return ways or ({} if signed or "amount" not in table.roles else _types(table, paid, with_role))


def _types(table: _Table, rows: Sequence[Sequence[str]], with_role: Collection[int]) -> dict[int, Mapping[str, int]]:
    """Columns of types of bookings, such as “Lastschrift”: where no amount has a sign, they alone tell a debit."""
    columns = set(range(max((len(row) for row in rows), default=0))) - set(with_role)
    said = {c: directions.types([_word(row, c) for row in rows]) for c in sorted(columns)}
    return {c: ways for c, ways in said.items() if ways}


def _agree(table: _Table, rows: Sequence[Sequence[str]], column: int, says: Mapping[str, int]) -> None:
    """``ValueError`` where amounts have signs, and a column of perhaps something else calls one a debit."""
    if any(says.get(_word(row, column)) == directions.OUT and not _minus(table, row) for row in rows):
        raise ValueError(table.head(column))


def _minus(table: _Table, row: Sequence[str]) -> bool:
    return any("-" in bare(table.cell(row, role)) for role in AMOUNTS)


def _word(row: Sequence[str], column: int) -> str:
    return directions.flat(row[column]) if column < len(row) else ""


def _entry(table: _Table, number: int, row: list[str], dialect: _Dialect) -> Entry | Problem | None:
    its = _currency(table, row) or dialect.currency
    try:
        exponent(its)
    except BadAmount:
        return Problem(number, say("“%(what)s” is no currency.", what=tidy(its, 20)))
    given = _date(table, row)
    try:
        day = day_of(given, months_first=dialect.months_first)
    except ValueError:
        return Problem(number, say("“%(what)s” is no date.", what=tidy(given, 30)))
    if day > dialect.today + FURTHEST:
        return Problem(number, say("%(day)s has not come yet.", day=day.isoformat()))
    try:
        amount = _amount(table, row, dialect.sign, its)
    except ValueError as error:
        shown = tidy(" ".join(table.cell(row, r) for r in AMOUNTS), 30)
        return Problem(number, say("“%(what)s”: %(why)s.", what=shown, why=say(str(error))))
    for column, ways in dialect.ways.items():
        way = ways.get(_word(row, column), 0)
        if amount > 0 and not way:
            return Problem(number, say(
                "“%(what)s” in the column “%(head)s” does not say whether the money came in or went out. Write "
                "“debit” or “credit” there, or put a minus before each amount that went out.",
                what=tidy(row[column] if column < len(row) else "", 30), head=tidy(table.head(column), 40),
            ))  # fmt: skip
        amount = -amount if amount > 0 and way < 0 else amount
    if not amount:
        return None
    return Entry(
        number, day, Money(amount, its), tidy(table.cell(row, "payer"), 140), tidy(table.cell(row, "text")),
        tidy(table.cell(row, "reference"), 80), tidy(table.cell(row, "bank_id"), 80),
        doubt=_hint(table, row) if dialect.hints else "",
    )  # fmt: skip


def _hint(table: _Table, row: Sequence[str]) -> str:
    """Words of a line, in whichever column of text, that begin as banks call what went out; '' for none."""
    other = {c for role, columns in table.roles.items() if role != "text" for c in columns}
    return next((tidy(cell, 60) for c, cell in enumerate(row) if c not in other and directions.hints(cell)), "")


def _amount(table: _Table, row: list[str], sign: str, currency: str) -> int:
    """Minor units that came in, negative where they went out or a credit was reversed."""
    whole = table.cell(row, "amount")
    if whole or "credit" not in table.roles:
        return minor_units(whole, sign, currency)
    came, went = table.cell(row, "credit"), table.cell(row, "debit")
    if not came and not went:
        return minor_units("", sign, currency)
    # banks write debits with a minus or without; a credit with a minus is one that was taken back
    return (minor_units(came, sign, currency) if came else 0) - (abs(minor_units(went, sign, currency)) if went else 0)
