"""A file becomes a statement, or is refused as a whole with every line that is wrong. Pure."""

from datetime import date

from marketwright.plugin import say
from marketwright_bank_transfer.camt import read_camt
from marketwright_bank_transfer.csvs import read_csv
from marketwright_bank_transfer.statement import Statement, refuse

MAGIC = {b"%PDF": "PDF", b"PK\x03\x04": "XLSX", b"\xd0\xcf\x11\xe0": "XLS", b"\x89PNG": "PNG", b"\x1f\x8b": "GZIP"}


def read_statement(
    data: bytes, *, currency: str, today: date, most_bytes: int = 5_000_000, most_lines: int = 20_000
) -> Statement:
    """The incoming payments of ``data``: CAMT when it is XML, else CSV. Raises :class:`Unreadable`.

    ``currency`` is what a CSV without such a column is in; ``today`` the business day, after which nothing is booked.
    """
    if not data.strip():
        raise refuse(say("The file is empty."))
    if len(data) > most_bytes:
        raise refuse(say("The file is larger than %(n)s megabytes. Export a shorter period.",
                         n=f"{most_bytes / 1_000_000:g}"))  # fmt: skip
    kind = next((name for magic, name in MAGIC.items() if data.startswith(magic)), "")
    if kind:
        raise refuse(say("This is a file of the kind %(kind)s. Export the statement as CSV or CAMT.053.", kind=kind))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" or _is_wide_xml(data):
        return read_camt(data, today=today, most=most_lines)
    return read_csv(data, currency=currency, today=today, most=most_lines)


def _is_wide_xml(data: bytes) -> bool:
    return data[:4] in (b"\xff\xfe<\x00", b"\xfe\xff\x00<")
