"""The form of the sandbox's books, and how one change of them is kept whole."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_SCHEMA = """
CREATE TABLE IF NOT EXISTS happenings (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, key TEXT NOT NULL,
  reference TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL, fee INTEGER NOT NULL,
  moved INTEGER NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS payees (
  payee TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, state TEXT NOT NULL, missing TEXT NOT NULL,
  return_to TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS commands (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, hold TEXT NOT NULL, funding TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL, fee INTEGER NOT NULL, refund INTEGER NOT NULL, payer TEXT NOT NULL, payee TEXT NOT NULL,
  describe TEXT NOT NULL, return_to TEXT NOT NULL, reclaim INTEGER NOT NULL DEFAULT 0,
  arrival TEXT NOT NULL DEFAULT '', token TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('page', 'confirming', 'waiting', 'confirmed', 'failed')),
  reason TEXT NOT NULL DEFAULT '', created REAL NOT NULL, due REAL, settled REAL);
CREATE TABLE IF NOT EXISTS effects (
  number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL REFERENCES commands (key),
  effect TEXT NOT NULL CHECK (effect IN ('charge', 'transfer', 'fee', 'refund', 'payout', 'provider_fee', 'reclaim')),
  hold TEXT NOT NULL, funding TEXT NOT NULL, who TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), at REAL NOT NULL, UNIQUE (key, effect));
CREATE TABLE IF NOT EXISTS calls (
  number INTEGER PRIMARY KEY AUTOINCREMENT, verb TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  id TEXT PRIMARY KEY, body TEXT NOT NULL, created REAL NOT NULL, delivered REAL);
CREATE TRIGGER IF NOT EXISTS effects_no_update BEFORE UPDATE ON effects
  BEGIN SELECT RAISE(ABORT, 'effects are append only'); END;
CREATE TRIGGER IF NOT EXISTS effects_no_delete BEFORE DELETE ON effects
  BEGIN SELECT RAISE(ABORT, 'effects are append only'); END;
CREATE INDEX IF NOT EXISTS commands_settled ON commands (settled);
CREATE INDEX IF NOT EXISTS commands_state ON commands (state);
CREATE INDEX IF NOT EXISTS effects_funding ON effects (funding);
CREATE INDEX IF NOT EXISTS effects_who ON effects (who, currency);
CREATE INDEX IF NOT EXISTS happenings_key ON happenings (key);
CREATE INDEX IF NOT EXISTS happenings_reference ON happenings (reference);
"""


def begin(db: sqlite3.Connection) -> None:
    """Make the books of ``db`` where there are none, and bring those that an older sandbox began to today's form."""
    db.executescript(_SCHEMA)
    _renew(db)


def _renew(db: sqlite3.Connection) -> None:
    with whole(db):
        columns = {row["name"] for row in db.execute("PRAGMA table_info(commands)")}
        if "reclaim" not in columns:
            db.execute("ALTER TABLE commands ADD COLUMN reclaim INTEGER NOT NULL DEFAULT 0")
            db.execute("ALTER TABLE commands ADD COLUMN arrival TEXT NOT NULL DEFAULT ''")
        sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'effects'").fetchone()[0]
        if "reclaim" not in sql:
            for name in ("effects_no_update", "effects_no_delete"):
                db.execute(f"DROP TRIGGER {name}")
            db.execute("ALTER TABLE effects RENAME TO effects_before")
            for statement in _statements("effects"):
                db.execute(statement)
            db.execute("INSERT INTO effects SELECT * FROM effects_before")
            db.execute("DROP TABLE effects_before")


@contextmanager
def whole(db: sqlite3.Connection) -> Iterator[None]:
    """One change, kept whole or not at all; nobody else writes meanwhile."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _statements(about: str) -> list[str]:
    """The statements of the schema that make ``about`` and its triggers."""
    found = [s.strip() for s in re.findall(r"CREATE (?:TABLE|TRIGGER).*?;(?=\nCREATE|\n$)", _SCHEMA, re.DOTALL)]
    return [s for s in found if f" {about} (" in s or f" ON {about}" in s]
