"""Books in a form: CSV and JSON of our own, or the journal that a country pack brings."""

import csv
import io
import json
from collections.abc import Iterable

from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say
from marketwright.kernel.time import iso
from marketwright.strategies.journals import Books, JournalLine

HEADS = ("number", "at", "account", "owner", "debit", "credit", "currency", "piece", "piece_on", "text", "sealed_at")
OWN = ("csv", "json")
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def forms(plugins: Plugins) -> tuple[str, ...]:
    """What ``render`` can be asked for."""
    return (*OWN, *plugins.journals)


def render(plugins: Plugins, form: str, books: Books, lines: Iterable[JournalLine]) -> tuple[str, bytes]:
    """(name of the file, its bytes). ``InvalidInput`` names the forms that there are. No unit may be open."""
    if form in plugins.journals:
        entry, found = plugins.journals[form], list(lines)
        name = entry.ask("filename", lambda j: j.filename(books))
        return name, entry.ask("render", lambda j: j.render(books, found), limit=60.0)
    if form not in OWN:
        raise InvalidInput({"format": [say("There is no format %(format)s; there are: %(forms)s.", format=form,
                                           forms=", ".join(forms(plugins)))]})  # fmt: skip
    rows = [_row(line) for line in lines]
    name = f"ledger-{books.since:%Y%m%d}-{books.until:%Y%m%d}.{form}"
    if form == "json":
        text = json.dumps([dict(zip(HEADS, row, strict=True)) for row in rows], indent=1, ensure_ascii=False) + "\n"
        return name, text.encode()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    writer.writerows([_quoted(cell) for cell in row] for row in rows)
    return name, out.getvalue().encode()


def _row(line: JournalLine) -> tuple[str, ...]:
    amount = abs(line.amount.decimal)
    debit = line.amount.amount > 0
    return (
        str(line.number), iso(line.at), line.account, line.owner_name, str(amount) if debit else "",
        "" if debit else str(amount), line.amount.currency, line.piece, line.piece_at.date().isoformat(), line.text,
        iso(line.sealed_at),
    )  # fmt: skip


def _quoted(cell: str) -> str:
    """Text that a spreadsheet would run is quoted (S37)."""
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell
