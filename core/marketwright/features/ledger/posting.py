"""How a posting is written: in one statement on PostgreSQL, where each one is a journey to the server.

Legs go in first, then the transaction that closes over them; neither where the cause has had its effect already, or
an account holds less than is asked of it (L5). Balances are read from legs, never from a sum that was kept (L3).
The statements go to the driver as they stand, so that it prepares them once: this is the path that all money takes.
"""

import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from marketwright.features.ledger.kinds import BOOK, FLOORED, kind_of
from marketwright.features.ledger.tables import LedgerTransaction
from marketwright.kernel.frozen import dataclass
from marketwright.store.base import sqlite_instant
from marketwright.store.driver import run

_FLOORED = ", ".join(f"'{name}'" for name in FLOORED)
ONE_STATEMENT = f"""
WITH given AS (
  SELECT position, account, split_part(account, ':', 1) AS kind, amount
    FROM unnest(CAST(:positions AS int[]), CAST(:accounts AS text[]), CAST(:amounts AS bigint[]))
      AS g(position, account, amount)
), found AS (
  SELECT id FROM ledger_transactions WHERE cause_type = :cause_type AND cause_id = :cause_id AND effect = :effect
), short AS (
  SELECT asked.account FROM (
    SELECT account, sum(amount) AS amount FROM given WHERE kind IN ({_FLOORED}) GROUP BY account
    HAVING sum(amount) > 0
  ) AS asked
  WHERE asked.amount + coalesce((
    SELECT sum(l.amount) FROM ledger_legs AS l WHERE l.account = asked.account AND l.currency = :currency), 0) > 0
), written AS (
  INSERT INTO ledger_legs (transaction_id, position, account, kind, currency, amount)
  SELECT :id, position, account, kind, :currency, amount FROM given
   WHERE NOT EXISTS (SELECT FROM found) AND NOT EXISTS (SELECT FROM short)
  RETURNING 1
), closed AS (
  INSERT INTO ledger_transactions (id, book, currency, legs, cause_type, cause_id, effect, memo, contract, reverses,
                                   partial, actor, at, created_at)
  SELECT :id, :book, :currency, n, :cause_type, :cause_id, :effect, :memo, :contract, :reverses, :partial, :actor,
         :at, :created_at FROM (SELECT count(*) AS n FROM written) AS legs WHERE n > 0
  RETURNING id
)
SELECT (SELECT id FROM found), (SELECT id FROM closed), (SELECT min(account) FROM short)
"""  # noqa: S608  our own words

_COLUMNS = (
    "id", "book", "currency", "cause_type", "cause_id", "effect", "memo", "contract", "reverses", "partial", "actor",
    "at", "created_at", "legs",
)  # fmt: skip
_LITE_LOOK = """
SELECT (SELECT id FROM ledger_transactions WHERE cause_type = ? AND cause_id = ? AND effect = ?), (
  SELECT min(asked.account)
    FROM (SELECT json_extract(value, '$[0]') AS account, json_extract(value, '$[1]') AS amount FROM json_each(?))
      AS asked
   WHERE asked.amount + coalesce((
     SELECT sum(l.amount) FROM ledger_legs AS l WHERE l.account = asked.account AND l.currency = ?), 0) > 0)
"""
_LITE_LEG = (
    "INSERT INTO ledger_legs (transaction_id, position, account, kind, currency, amount) VALUES (?, ?, ?, ?, ?, ?)"
)
_LITE_CLOSE = (
    f"INSERT INTO ledger_transactions ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
)


def for_psycopg(statement: str) -> str:
    """``statement`` with its ``:names`` as psycopg writes them."""
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement)


_PG_POSTING = for_psycopg(ONE_STATEMENT)


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be booked; ``legs`` are (position, account, minor units with a debit above zero)."""

    id: str
    currency: str
    legs: tuple[tuple[int, str, int], ...]
    cause_type: str
    cause_id: str
    effect: str
    memo: str
    contract: str
    actor: str
    at: datetime
    created_at: datetime
    reverses: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What became of it: the transaction that the cause had ``before``, or the account that is too ``short``."""

    before: str = ""
    short: str = ""


def write(connection: Connection, posting: Posting) -> Written:
    """Write ``posting``, unless its cause was booked before or an account would fall below zero."""
    if connection.dialect.name == "postgresql":
        [(found, _made, short)] = run(connection, _PG_POSTING, pg_values(posting))
        return Written(found or "", "" if found else short or "")
    return _write_lite(connection, posting)


def by_cause(session: Session, cause_type: str, cause_id: str, effect: str) -> str | None:
    """The transaction that a cause has had as ``effect``, or ``None``."""
    return session.scalar(
        select(LedgerTransaction.id).where(
            LedgerTransaction.cause_type == cause_type, LedgerTransaction.cause_id == cause_id,
            LedgerTransaction.effect == effect,
        )
    )  # fmt: skip


def pg_values(posting: Posting) -> dict[str, Any]:
    """What :data:`ONE_STATEMENT` is given, by name; its arrays as PostgreSQL writes them."""
    positions, accounts, amounts = [], [], []
    for position, account, amount in posting.legs:
        kind_of(account)  # refuses what is no account
        positions.append(str(position))
        accounts.append(_quoted(account))
        amounts.append(str(amount))
    return {
        "positions": f"{{{','.join(positions)}}}", "accounts": f"{{{','.join(accounts)}}}",
        "amounts": f"{{{','.join(amounts)}}}",
        "id": posting.id, "book": BOOK, "currency": posting.currency, "cause_type": posting.cause_type,
        "cause_id": posting.cause_id, "effect": posting.effect, "memo": posting.memo, "contract": posting.contract,
        "reverses": posting.reverses, "partial": posting.partial, "actor": posting.actor, "at": posting.at,
        "created_at": posting.created_at,
    }  # fmt: skip


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write_lite(connection: Connection, posting: Posting) -> Written:
    asked: dict[str, int] = {}
    legs = []
    for position, account, amount in posting.legs:
        kind = kind_of(account).name
        legs.append((posting.id, position, account, kind, posting.currency, amount))
        if kind in FLOORED:
            asked[account] = asked.get(account, 0) + amount
    looked = (
        posting.cause_type, posting.cause_id, posting.effect, json.dumps([(a, n) for a, n in asked.items() if n > 0]),
        posting.currency,
    )  # fmt: skip
    [(before, short)] = run(connection, _LITE_LOOK, looked)
    if before or short:
        return Written(before or "", "" if before else short)
    run(connection, _LITE_LEG, legs, many=True)
    run(connection, _LITE_CLOSE, (
        posting.id, BOOK, posting.currency, posting.cause_type, posting.cause_id, posting.effect, posting.memo,
        posting.contract, posting.reverses, posting.partial, posting.actor, sqlite_instant(posting.at),
        sqlite_instant(posting.created_at), len(legs),
    ))  # fmt: skip
    return Written()
