"""Who takes part in ``bench ledger``: our service, the databases themselves, and the schema that most people write."""

import multiprocessing
import re
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import click
from sqlalchemy import column, insert, select, table, update
from sqlalchemy.engine import make_url

from marketwright.features.ledger.kinds import BOOK
from marketwright.features.ledger.posting import ONE_STATEMENT, Posting, for_psycopg, pg_values
from marketwright.features.ledger.service import post
from marketwright.kernel.actors import system
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.database import Database

SCHEMA, ROWS = "bench_ledger", "bench_rows"
HOLDS = 1_000
_MUCH = 10**11


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn gave."""

    per_second: float
    p99_ms: float
    slowest_ms: float


@dataclass(frozen=True, slots=True)
class Contender:
    """``worker(place)`` opens what it needs and returns the deed; run by ``clients`` processes at the same time."""

    worker: Callable[[str], Callable[[], Any]]
    place: str
    clients: int

    def run(self, seconds: float) -> Turn:
        """One turn of ``seconds``."""
        spawn = multiprocessing.get_context("spawn")
        start, results = spawn.Barrier(self.clients), spawn.Queue()
        arguments = (self.worker, self.place, seconds, start, results)
        processes = [spawn.Process(target=_client, args=arguments) for _ in range(self.clients)]
        for process in processes:
            process.start()
        took = sorted(t for _ in processes for t in results.get())
        for process in processes:
            process.join()
        return Turn(len(took) / seconds, took[int(len(took) * 0.99)] * 1000, took[-1] * 1000)


@dataclass(frozen=True, slots=True)
class Pgbench:
    """PostgreSQL's own bench with the very statement that the service sends."""

    program: str
    url: str
    script: Path
    clients: int

    def run(self, seconds: float) -> Turn:
        """One turn of ``seconds``."""
        said = subprocess.run(  # noqa: S603  the program of the machine, our own script
            [self.program, "-n", "-M", "prepared", "-c", str(self.clients), "-j", "1",
             "-T", str(max(1, round(seconds))), "-f", str(self.script), self.url],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if said.returncode:
            raise click.ClickException(f"pgbench: {said.stderr.strip()[-300:]}")
        found = re.search(r"tps = ([0-9.]+) \(", said.stdout)
        return Turn(float(found[1]) if found else 0.0, 0.0, 0.0)


def _client(worker: Any, place: str, seconds: float, start: Any, results: Any) -> None:
    deed = worker(place)
    for _ in range(5):
        deed()
    took = []
    start.wait()
    end = perf_counter() + seconds
    while (began := perf_counter()) < end:
        deed()
        took.append(perf_counter() - began)
    results.put(took)


def sqlite(scratch: Path) -> dict[str, Contender]:
    """Our service with one writer and with eight; the sqlite3 module on the same schema, as durable."""
    for name in ("ours", "raw"):
        database = Database(f"sqlite:///{scratch / name}.sqlite")
        _filled(database)
        database.dispose()
    ours = f"sqlite:///{scratch / 'ours.sqlite'}"
    return {
        "lite ours 1": Contender(service, ours, 1), "lite raw 1": Contender(raw_sqlite, str(scratch / "raw.sqlite"), 1),
        "lite ours 8": Contender(service, ours, 8),
    }  # fmt: skip


def postgresql(url: str, scratch: Path, pgbench: str) -> dict[str, Any]:
    """Our service; the same statement sent by pgbench, or by psycopg; a schema with a balance row an account."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    clean(url)
    _statements(plain, [f"CREATE SCHEMA {SCHEMA}", f"CREATE SCHEMA {ROWS}", *_BALANCE_ROWS])
    database = Database(_driver(url), schema=SCHEMA)
    _filled(database)
    database.dispose()
    script = scratch / "posting.sql"
    script.write_text(_script(), "utf-8")
    there = f"{plain}{'&' if '?' in plain else '?'}options=-csearch_path%3D{SCHEMA}"
    made: dict[str, Any] = {}
    for clients in (1, 8):
        made[f"pg ours {clients}"] = Contender(service, _driver(url), clients)
        made[f"pg same {clients}"] = (
            Pgbench(pgbench, there, script, clients) if pgbench else Contender(same_statement, plain, clients)
        )
    return made | {"pg rows 8": Contender(balance_rows, _driver(url), 8)}


def clean(url: str) -> None:
    """Leave nothing on the server."""
    if url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        _statements(plain, [f"DROP SCHEMA IF EXISTS {name} CASCADE" for name in (SCHEMA, ROWS)])


def service(place: str) -> Callable[[], None]:
    """What the site does: a unit of work, the service, a commit."""
    database = Database(place, schema=SCHEMA if place.startswith("postgresql") else "")
    actor = system("bench")

    def deed() -> None:
        with database.unit(actor) as uow:
            post(uow, cause_type="bench", cause_id=uuid4().hex, effect="released", memo="Security review",
                 legs=[(account, Money(amount, "EUR")) for account, amount in _legs()])  # fmt: skip
            uow.commit()

    return deed


def raw_sqlite(place: str) -> Callable[[], None]:
    """The same rows by the sqlite3 module, with the triggers and the durability of ours."""
    connection = sqlite3.connect(place, isolation_level=None, timeout=10)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")

    def deed() -> None:
        key, at = new_id(), "2026-01-01 00:00:00.000000"
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO ledger_legs (transaction_id, position, account, kind, currency, amount) "
            "VALUES (?, ?, ?, ?, 'EUR', ?)",
            [(key, n, account, account.partition(":")[0], amount) for n, (account, amount) in enumerate(_legs(), 1)],
        )
        connection.execute(
            "INSERT INTO ledger_transactions (id, book, currency, legs, cause_type, cause_id, effect, memo, contract, "
            "partial, actor, at, created_at) VALUES (?, ?, 'EUR', 4, 'bench', ?, 'released', 'Security review', '', 0, "
            "'system:bench', ?, ?)",
            (key, BOOK, uuid4().hex, at, at),
        )
        connection.execute("COMMIT")

    return deed


def same_statement(place: str) -> Callable[[], None]:
    """The statement of the service by psycopg alone, where there is no pgbench."""
    import psycopg

    connection: Any = psycopg.connect(place, autocommit=True, options=f"-c search_path={SCHEMA}")
    statement, at = for_psycopg(ONE_STATEMENT), datetime(2026, 1, 1, tzinfo=UTC)

    def deed() -> None:
        legs = tuple((n, account, amount) for n, (account, amount) in enumerate(_legs(), 1))
        posting = Posting(
            id=new_id(), currency="EUR", legs=legs, cause_type="bench", cause_id=uuid4().hex, effect="released",
            memo="Security review", contract="", actor="system:bench", at=at, created_at=at,
        )  # fmt: skip
        connection.execute(statement, pg_values(posting), prepare=True)

    return deed


_BALANCE_ROWS = (  # our own words
    f"CREATE TABLE {ROWS}.accounts (account text PRIMARY KEY, floored boolean NOT NULL, balance bigint NOT NULL, "
    "CHECK (NOT floored OR balance <= 0))",
    f"CREATE TABLE {ROWS}.transactions (id text PRIMARY KEY, cause text UNIQUE NOT NULL, memo text NOT NULL, "
    "at timestamptz NOT NULL)",
    f"CREATE TABLE {ROWS}.legs (transaction_id text REFERENCES {ROWS}.transactions, position int, "
    f"account text REFERENCES {ROWS}.accounts, amount bigint NOT NULL, PRIMARY KEY (transaction_id, position))",
    f"INSERT INTO {ROWS}.accounts SELECT 'hold:h' || n, true, -{_MUCH} FROM generate_series(1, {HOLDS}) AS n",  # noqa: S608
    f"INSERT INTO {ROWS}.accounts SELECT 'payable:p' || n, true, 0 FROM generate_series(1, {HOLDS}) AS n",  # noqa: S608
    f"INSERT INTO {ROWS}.accounts VALUES ('revenue', false, 0), ('vat_collected', false, 0)",  # noqa: S608
)


_ACCOUNTS = table("accounts", column("account"), column("floored"), column("balance"))
_TRANSACTIONS = table("transactions", column("id"), column("cause"), column("memo"), column("at"))
_LEGS = table("legs", column("transaction_id"), column("position"), column("account"), column("amount"))


def balance_rows(place: str) -> Callable[[], None]:
    """As most people write it, with the same unit of work and driver as ours, so that the schemas are compared.

    The balance rows of the accounts are locked in one order and looked at, then written with the transaction and its
    legs; the platform's own accounts have a row like all others.
    """
    database = Database(place, schema=ROWS)
    actor = system("bench")

    def deed() -> None:
        legs = sorted(_legs())
        change = dict(legs)
        with database.unit(actor) as uow:
            found = uow.session.execute(
                select(_ACCOUNTS.c.account, _ACCOUNTS.c.floored, _ACCOUNTS.c.balance)
                .where(_ACCOUNTS.c.account.in_(list(change))).order_by(_ACCOUNTS.c.account).with_for_update()
            ).all()  # fmt: skip
            if any(row.floored and row.balance + change[row.account] > 0 for row in found):
                raise RuntimeError(place)
            key = new_id()
            uow.session.execute(
                insert(_TRANSACTIONS).values(id=key, cause=uuid4().hex, memo="Security review", at=uow.now)
            )
            uow.session.execute(insert(_LEGS), [
                {"transaction_id": key, "position": n, "account": account, "amount": amount}
                for n, (account, amount) in enumerate(legs, start=1)
            ])  # fmt: skip
            for account, amount in legs:
                uow.session.execute(
                    update(_ACCOUNTS).where(_ACCOUNTS.c.account == account)
                    .values(balance=_ACCOUNTS.c.balance + amount)
                )  # fmt: skip
            uow.commit()

    return deed


def _legs() -> list[tuple[str, int]]:
    n = 1 + uuid4().int % HOLDS
    return [(f"hold:h{n}", 120), (f"payable:p{n}", -100), ("revenue", -16), ("vat_collected", -4)]


def _filled(database: Database) -> None:
    import marketwright.tables  # noqa: F401  every room's tables

    database.create_schema()
    with database.unit(system("bench")) as uow:
        for n in range(1, HOLDS + 1):
            post(uow, cause_type="bench", cause_id=f"fill{n}", effect="funded",
                 legs=[("psp_clearing", Money(_MUCH, "EUR")), (f"hold:h{n}", Money(-_MUCH, "EUR"))])  # fmt: skip
        uow.commit()


def _script() -> str:
    values = {
        "positions": "ARRAY[1, 2, 3, 4]",
        # chr(58) is a colon: pgbench takes one for a variable, in quotes too
        "accounts": "ARRAY['hold' || chr(58) || 'h' || CAST(:n AS bigint), "
                    "'payable' || chr(58) || 'p' || CAST(:n AS bigint), 'revenue', 'vat_collected']",
        "amounts": "ARRAY[120, -100, -16, -4]",
        "id": "left(md5(CAST(CAST(:k AS bigint) AS text)), 16)",
        "cause_id": "md5(CAST(CAST(:k AS bigint) AS text))", "book": f"'{BOOK}'", "currency": "'EUR'",
        "cause_type": "'bench'", "effect": "'released'", "memo": "'Security review'", "contract": "''",
        "reverses": "NULL", "partial": "false", "actor": "'bench'", "at": "now()", "created_at": "now()",
    }  # fmt: skip
    statement = re.sub(r"(?<!:):(\w+)", lambda m: values[m[1]], ONE_STATEMENT)
    first = f"\\set n random(1, {HOLDS})\n\\set k random(1, 9000000000000000000)\n"
    return first + " ".join(statement.split()) + ";\n"


def _driver(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _statements(plain: str, statements: Any) -> None:
    import psycopg

    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
