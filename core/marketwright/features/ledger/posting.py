"""How a posting is written: in one statement on PostgreSQL, where each one is a journey to the server.

Legs go in first, then the transaction that closes over them; neither where the cause has had its effect already, or
an account holds less than is asked of it (L5). Balances are read from legs, never from a sum that was kept (L3).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from marketwright.features.ledger.kinds import BOOK, FLOORED, kind_of
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.kernel.frozen import dataclass

_FLOORED = ", ".join(f"'{name}'" for name in FLOORED)
ONE_STATEMENT = f"""
WITH given AS (
  SELECT * FROM unnest(CAST(:positions AS int[]), CAST(:accounts AS text[]), CAST(:kinds AS text[]),
                       CAST(:amounts AS bigint[])) AS g(position, account, kind, amount)
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
_STATEMENT = text(ONE_STATEMENT)


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


def write(session: Session, posting: Posting) -> Written:
    """Write ``posting``, unless its cause was booked before or an account would fall below zero."""
    if session.get_bind().dialect.name == "postgresql":
        found, _made, short = session.execute(_STATEMENT, _values(posting)).one()
        return Written(found or "", "" if found else short or "")
    before = by_cause(session, posting.cause_type, posting.cause_id, posting.effect)
    short = "" if before else _short(session, posting)
    if not before and not short:
        _write_in_steps(session, posting)
    return Written(before or "", short)


def by_cause(session: Session, cause_type: str, cause_id: str, effect: str) -> str | None:
    """The transaction that a cause has had as ``effect``, or ``None``."""
    return session.scalar(
        select(LedgerTransaction.id).where(
            LedgerTransaction.cause_type == cause_type, LedgerTransaction.cause_id == cause_id,
            LedgerTransaction.effect == effect,
        )
    )  # fmt: skip


def _values(posting: Posting) -> dict[str, Any]:
    return {
        "positions": [position for position, _account, _amount in posting.legs],
        "accounts": [account for _position, account, _amount in posting.legs],
        "kinds": [kind_of(account).name for _position, account, _amount in posting.legs],
        "amounts": [amount for _position, _account, amount in posting.legs],
        **_columns(posting),
    }


def _columns(posting: Posting) -> dict[str, Any]:
    return {
        "id": posting.id, "book": BOOK, "currency": posting.currency, "cause_type": posting.cause_type,
        "cause_id": posting.cause_id, "effect": posting.effect, "memo": posting.memo, "contract": posting.contract,
        "reverses": posting.reverses, "partial": posting.partial, "actor": posting.actor, "at": posting.at,
        "created_at": posting.created_at,
    }  # fmt: skip


def _short(session: Session, posting: Posting) -> str:
    """The first account that is asked for more than it holds; ''."""
    change: dict[str, int] = {}
    for _position, account, amount in posting.legs:
        if kind_of(account).name in FLOORED:
            change[account] = change.get(account, 0) + amount
    for account in sorted(a for a, by in change.items() if by > 0):
        held = session.scalar(
            select(func.coalesce(func.sum(LedgerLeg.amount), 0)).where(
                LedgerLeg.account == account, LedgerLeg.currency == posting.currency
            )
        )
        if int(held or 0) + change[account] > 0:
            return account
    return ""


def _write_in_steps(session: Session, posting: Posting) -> None:
    session.execute(
        insert(LedgerLeg),
        [{"transaction_id": posting.id, "position": position, "account": account, "kind": kind_of(account).name,
          "currency": posting.currency, "amount": amount} for position, account, amount in posting.legs],
    )  # fmt: skip
    session.execute(insert(LedgerTransaction).values(legs=len(posting.legs), **_columns(posting)))
