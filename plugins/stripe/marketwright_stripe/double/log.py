"""The durable log: objects, effects, keys, events, faults and the clock, in one SQLite file with its own commits.

``effects`` are what moved money, append only: the referee counts them. Everything an endpoint does is one commit,
made before it answers, so that a kill loses nothing that was acknowledged.
"""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, account TEXT NOT NULL,
  created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, account, number);
CREATE TABLE IF NOT EXISTS effects (
  number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, object TEXT NOT NULL, command TEXT NOT NULL,
  account TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), at INTEGER NOT NULL,
  UNIQUE (kind, object));
CREATE TRIGGER IF NOT EXISTS effects_no_update BEFORE UPDATE ON effects
  BEGIN SELECT RAISE(ABORT, 'effects are append only'); END;
CREATE TRIGGER IF NOT EXISTS effects_no_delete BEFORE DELETE ON effects
  BEGIN SELECT RAISE(ABORT, 'effects are append only'); END;
CREATE TABLE IF NOT EXISTS keys (
  account TEXT NOT NULL, key TEXT NOT NULL, asked TEXT NOT NULL, status INTEGER, body TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS deliveries (
  number INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, due REAL NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, status INTEGER);
CREATE TABLE IF NOT EXISTS faults (
  number INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL, fault TEXT NOT NULL, times INTEGER NOT NULL,
  details TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
  number INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL, key TEXT NOT NULL, status INTEGER, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS balances (
  account TEXT NOT NULL, currency TEXT NOT NULL, due INTEGER NOT NULL, net INTEGER NOT NULL,
  PRIMARY KEY (account, currency, due));
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (done, due);
CREATE INDEX IF NOT EXISTS keys_by_age ON keys (at);
CREATE INDEX IF NOT EXISTS faults_left ON faults (times);
"""
FOUND_BY = (  # fields by which objects are looked for: a double that was busy for hours still finds them at once
    ("charge", "transfer_group"), ("charge", "metadata.command"), ("checkout.session", "client_reference_id"),
    ("checkout.session", "customer"), ("checkout.session", "payment_intent"),
    ("customer_cash_balance_transaction", "customer"), ("dispute", "charge"), ("payment_intent", "customer"),
    ("payout", "metadata.command"), ("refund", "charge"), ("transfer", "destination"),
    ("transfer", "source_transaction"), ("transfer", "transfer_group"), ("transfer_reversal", "transfer"),
)  # fmt: skip
KEY_LIFE = 24 * 3600  # seconds after which a key is forgotten


class Log:
    """One file, one connection, one writer at a time. Every method runs inside :meth:`commit`'s transaction.

    ``durable`` false spares the disk (tests of what it answers, not of what it survives), ``time`` is its clock.
    """

    def __init__(self, file: Path, *, durable: bool = True, time: Callable[[], float] = time.time) -> None:
        self.time = time
        file.parent.mkdir(parents=True, exist_ok=True)
        self.lock = RLock()
        self.db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        self.db.executescript(SCHEMA)
        for kind, by in FOUND_BY:
            name = f"{kind}_by_{by}".replace(".", "_")
            self.db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON objects (json_extract(body, '$.{by}'), number) "
                            f"WHERE kind = '{kind}'")  # fmt: skip

    @contextmanager
    def commit(self) -> Iterator[None]:
        """One transaction: all of it or nothing; a nested one joins."""
        with self.lock:
            if self.db.in_transaction:
                yield
                return
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")

    # -- the clock ---------------------------------------------------------------------------------------------------

    def now(self) -> int:
        """Seconds since 1970 by the double's own clock."""
        return int(self.time()) + int(self.setting("clock", "0"))

    def setting(self, name: str, default: str) -> str:
        """A stored setting."""
        with self.lock:
            row = self.db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else default

    def set(self, name: str, value: str) -> None:
        """Store a setting."""
        with self.commit():
            self.db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    # -- objects -----------------------------------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """An id in Stripe's manner."""
        return f"{prefix}_{secrets.token_hex(12)}"

    def put(self, thing: dict[str, Any], account: str = "") -> dict[str, Any]:
        """Store ``thing`` as it is now; returns it."""
        with self.commit():
            self.db.execute(
                "INSERT INTO objects (id, kind, account, created, body) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (thing["id"], thing["object"], account, thing.get("created", 0), json.dumps(thing)),
            )
        return thing

    def get(self, name: str, kind: str, account: str | None = "") -> dict[str, Any] | None:
        """The object ``name`` of ``kind`` in ``account`` (``None`` for any), or ``None``."""
        with self.lock:
            row = self.db.execute("SELECT * FROM objects WHERE id = ? AND kind = ?", (name, kind)).fetchone()
        if row is None or (account is not None and row["account"] != account):
            return None
        found: dict[str, Any] = json.loads(row["body"])
        return found

    def named(self, name: str) -> dict[str, Any] | None:
        """The object ``name``, of whatever kind and account."""
        with self.lock:
            row = self.db.execute("SELECT body FROM objects WHERE id = ?", (name,)).fetchone()
        found: dict[str, Any] | None = json.loads(row["body"]) if row else None
        return found

    def account_of(self, name: str) -> str:
        """The account that owns the object ``name`` ('' for the platform's own)."""
        with self.lock:
            row = self.db.execute("SELECT account FROM objects WHERE id = ?", (name,)).fetchone()
        return str(row["account"]) if row else ""

    def all(self, kind: str, account: str | None = "", **having: Any) -> list[dict[str, Any]]:
        """All objects of ``kind`` whose fields are as ``having`` says, newest first."""
        return list(self.each(kind, account, having))

    def each(
        self, kind: str, account: str | None = "", having: Mapping[str, Any] | None = None, *, since: int = 0,
        below: int | None = None,
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """The same one after another: ``since`` a second of our clock, of a number ``below`` one.

        Names in ``having`` may lead into an object, by a dot.
        """
        where, given = [f"kind = '{kind}'"], list[Any]()
        for by, value in (having or {}).items():
            where, given = [*where, f"json_extract(body, '$.{by}') = ?"], [*given, value]
        for name, value, test in (("account", account, "="), ("number", below, "<")):
            if value is not None:
                where, given = [*where, f"{name} {test} ?"], [*given, value]
        query = f"SELECT created, body FROM objects WHERE {' AND '.join(where)} ORDER BY number DESC"  # noqa: S608
        with self.lock:
            cursor = self.db.execute(query, given)
        while True:
            with self.lock:
                rows = cursor.fetchmany(50)
            for row in rows:
                if row["created"] < since:
                    return
                yield json.loads(row["body"])
            if not rows:
                return

    def number_of(self, name: str) -> int | None:
        """Where the object ``name`` stands in the order in which objects were made."""
        with self.lock:
            row = self.db.execute("SELECT number FROM objects WHERE id = ?", (name,)).fetchone()
        return int(row["number"]) if row else None

    # -- effects and keys --------------------------------------------------------------------------------------------

    def effect(self, kind: str, thing: dict[str, Any], amount: int, account: str = "", currency: str = "") -> None:
        """Count one movement of money; the same of one object twice is an error of the double itself."""
        command = str((thing.get("metadata") or {}).get("command", ""))
        with self.commit():
            self.db.execute(
                "INSERT INTO effects (kind, object, command, account, currency, amount, at) VALUES (?,?,?,?,?,?,?)",
                (kind, thing["id"], command, account, currency or thing["currency"], amount, self.now()),
            )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A whole table, oldest first: what the referee's protocol shows."""
        with self.lock:
            return [dict(r) for r in self.db.execute(f"SELECT * FROM {table} ORDER BY number").fetchall()]  # noqa: S608
