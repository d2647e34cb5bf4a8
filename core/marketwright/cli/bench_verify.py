"""``marketwright bench verify``: how long it takes to read a big ledger and to name its first wrong row."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import as_json, print_json

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from marketwright.store.database import Database

LIMIT_SECONDS = 60.0
_BATCH = 5_000
# Of one milestone, minor units: paid in, released, paid out; account (with {} for the deal) and amount.
_DEAL: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("funded", (("psp_clearing", 117_600), ("hold:{}", -117_600))),
    ("released", (("hold:{}", 117_600), ("payable:{}", -101_600), ("revenue", -13_333), ("vat_collected", -2_667))),
    ("paid_out", (("payable:{}", 101_600), ("psp_clearing", -101_600))),
)


@click.command("verify")
@as_json
@click.option("--postings", default=1_000_000, show_default=True, type=click.IntRange(100, 10_000_000),
              help="How many transactions are booked.")  # fmt: skip
@click.option("--database", default="", help="Where, as a URL; an empty schema. A SQLite file of its own if not said.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool, postings: int, database: str) -> None:
    """Book and seal many transactions, verify them, break one by hand and verify again; exit code 1 above 60 s."""
    with tempfile.TemporaryDirectory() as folder:
        figures = _measure(database or f"sqlite:///{folder}/bench.sqlite", postings, Path(folder))
    good = figures["verify_seconds"] <= LIMIT_SECONDS * max(1.0, postings / 1_000_000) and figures["named_right"]
    figures |= {"limit_seconds": LIMIT_SECONDS, "good": good}
    if as_json:
        print_json(figures)
    else:
        for name, value in figures.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
    ctx.exit(0 if good else 1)


def _measure(url: str, postings: int, folder: Path) -> dict[str, Any]:
    import marketwright.tables  # noqa: F401  every room's tables
    from marketwright.features.ledger.sealer import seal_all
    from marketwright.features.ledger.verify import first_wrong, verify
    from marketwright.store.database import Database

    database = Database(url)
    database.create_schema()
    load, loaded = _timed(lambda: _load(database, postings))
    seal, sealed = _timed(lambda: seal_all(database, folder, most=_BATCH))
    now = datetime.now(UTC)
    with database.reading() as session:
        whole: list[Any] = []
        took, worked = _timed(lambda: whole.extend(verify(session, folder=folder, now=now)))
    broken = _break_one(database, postings // 2)
    with database.reading() as session:
        named = first_wrong(verify(session, folder=folder, now=now))
    database.dispose()
    return {
        "engine": url.partition(":")[0], "postings": postings, "load_seconds": round(load, 1),
        "seal_seconds": round(seal, 1), "verify_seconds": round(took, 1), "postings_per_second": round(postings / took),
        "processor_seconds": {"load": round(loaded, 1), "seal": round(sealed, 1), "verify": round(worked, 1)},
        "findings_when_whole": len(whole), "first_wrong_row": named.row if named else "",
        "named_right": not whole and named is not None and f"(number {broken})" in named.row,
    }  # fmt: skip


def _timed(work: Any) -> tuple[float, float]:
    """Seconds by the clock, and of this process on a processor: on a busy machine the first say little."""
    began, worked = perf_counter(), process_time()
    work()
    return perf_counter() - began, process_time() - worked


def _load(database: "Database", postings: int) -> None:
    """Book through the tables, triggers and all, ``_BATCH`` transactions a commit."""
    from marketwright.features.ledger.reading import ROOM_KIB
    from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
    from marketwright.store.base import sqlite_instant

    lite = database.writes.dialect.name == "sqlite"
    rows = _rows(postings, sqlite_instant if lite else lambda at: at)
    while batch := list(islice(rows, _BATCH)):
        with database.writes.begin() as connection:
            if lite:
                connection.exec_driver_sql(f"PRAGMA cache_size=-{ROOM_KIB}")
            _put(connection, LedgerLeg, [leg for _t, legs in batch for leg in legs])
            _put(connection, LedgerTransaction, [t for t, _legs in batch])


def _put(connection: "Connection", table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert by the driver itself: each value would else be looked at in Python, which costs as much again."""
    from sqlalchemy import insert

    made: Any = insert(table).compile(dialect=connection.dialect, column_keys=list(rows[0]))
    places = made.positiontup
    values: Any = [tuple([row[p] for p in places]) for row in rows] if places else rows
    connection.exec_driver_sql(str(made), values)


def _rows(postings: int, instant: Callable[[datetime], Any]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    from marketwright.features.ledger.kinds import BOOK
    from marketwright.kernel.ids import new_id

    begun = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(postings):
        deal, (effect, legs) = f"deal{number // len(_DEAL)}", _DEAL[number % len(_DEAL)]
        key, at = new_id(), instant(begun + timedelta(seconds=number))
        yield (
            {"id": key, "book": BOOK, "currency": "EUR", "legs": len(legs), "cause_type": "bench", "cause_id": deal,
             "effect": effect, "memo": "Security review", "contract": deal, "partial": False, "actor": "system:bench",
             "at": at, "created_at": at},
            [{"transaction_id": key, "position": n, "account": account.format(deal), "kind": account.partition(":")[0],
              "currency": "EUR", "amount": amount} for n, (account, amount) in enumerate(legs, start=1)],
        )  # fmt: skip


def _break_one(database: "Database", number: int) -> int:
    """Change a sealed memo as a hand with the database's password would, the trigger out of the way."""
    from sqlalchemy import text

    with database.writes.begin() as connection:
        key = connection.scalar(text("SELECT transaction_id FROM ledger_seals WHERE number = :n"), {"n": number})
        on = "" if connection.dialect.name == "sqlite" else " ON ledger_transactions"
        connection.execute(text(f"DROP TRIGGER ledger_transactions_no_update{on}"))
        connection.execute(text("UPDATE ledger_transactions SET memo = 'a gift' WHERE id = :k"), {"k": key})
    return number
