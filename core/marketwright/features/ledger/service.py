"""The only writers of the ledger: post, reverse, and answers kept by idempotency key."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.ledger.posting import Posting, by_cause, write
from marketwright.features.ledger.tables import IdempotencyKey, LedgerLeg, LedgerTransaction
from marketwright.kernel.errors import BrokenInvariant, Conflict, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert

Leg = tuple[str, Money]


def post(
    uow: UnitOfWork, *, cause_type: str, cause_id: str, effect: str, legs: Sequence[Leg], memo: str = "",
    contract: str = "",
) -> str:  # fmt: skip
    """Book ``legs`` (account, amount: above zero debit, below credit) and return the transaction's id.

    The cause ``(cause_type, cause_id, effect)`` books once (L8): asked again with the same legs, the first
    transaction is returned; with others ``BrokenInvariant``. Also raised for L1, L5, L6 and L15.
    """
    numbered = list(enumerate(legs, start=1))
    _check(numbered)
    made, before = _write(
        uow, numbered, cause_type=cause_type, cause_id=cause_id, effect=effect, memo=memo, contract=contract
    )
    wanted = [(account, amount.amount, amount.currency) for account, amount in legs]
    if before and _legs_of(uow.session, made) != wanted:
        raise BrokenInvariant(
            "%(cause)s has had the effect %(effect)s already, with other amounts.", code="L8",
            cause=f"{cause_type} {cause_id}", effect=effect,
        )  # fmt: skip
    return made


def reverse(
    uow: UnitOfWork, *, transaction: str, cause_type: str, cause_id: str, effect: str = "reversed", memo: str = "",
    parts: Mapping[int, int] | None = None,
) -> str:  # fmt: skip
    """Take a transaction back by its exact negation (L9) and return the reversal's id.

    ``parts`` makes it partial: minor units (above zero) to take back of each leg, by position; they sum to zero once
    given the legs' signs. The database refuses a second full reversal, and parts that exceed a leg.
    """
    found = by_cause(uow.session, cause_type, cause_id, effect)
    if found is not None:
        return found
    original = uow.session.get(LedgerTransaction, transaction)
    if original is None:
        raise NotFound("There is no such ledger transaction.")
    rows = uow.session.execute(
        select(LedgerLeg.position, LedgerLeg.account, LedgerLeg.amount, LedgerLeg.currency)
        .where(LedgerLeg.transaction_id == transaction)
        .order_by(LedgerLeg.position)
    ).all()
    numbered = []
    for position, account, amount, currency in rows:
        back = abs(amount) if parts is None else parts.get(position, 0)
        if back:
            numbered.append((position, (account, Money(-back if amount > 0 else back, currency))))
    _check(numbered)
    made, _before = _write(
        uow, numbered, cause_type=cause_type, cause_id=cause_id, effect=effect, memo=memo,
        contract=original.contract, reverses=transaction, partial=parts is not None,
    )  # fmt: skip
    return made


def _check(legs: Sequence[tuple[int, Leg]]) -> None:
    amounts = [amount for _, (_, amount) in legs]
    if len(legs) < 2 or not all(amounts):
        raise BrokenInvariant("A ledger transaction has two legs or more, none of them zero.", code="L1")
    if len({a.currency for a in amounts}) != 1:
        raise BrokenInvariant("A ledger transaction has one currency.", code="L6")
    if sum(a.amount for a in amounts):
        raise BrokenInvariant("The legs of a ledger transaction sum to zero.", code="L1")


def _write(
    uow: UnitOfWork, legs: Sequence[tuple[int, Leg]], *, cause_type: str, cause_id: str, effect: str, memo: str,
    contract: str, reverses: str | None = None, partial: bool = False,
) -> tuple[str, bool]:  # fmt: skip
    """The transaction of this cause, and whether it was there before."""
    posting = Posting(
        id=new_id(), currency=legs[0][1][1].currency,
        legs=tuple((position, account, amount.amount) for position, (account, amount) in legs), cause_type=cause_type,
        cause_id=cause_id, effect=effect, memo=memo[:200], contract=contract, actor=uow.actor.label, at=uow.now,
        created_at=uow.machine_now, reverses=reverses, partial=partial,
    )  # fmt: skip
    written = write(uow.connection, posting)
    if written.short:
        raise BrokenInvariant("%(account)s holds less than is asked of it.", code="L5", account=written.short)
    return written.before or posting.id, bool(written.before)


def _legs_of(session: Session, transaction: str) -> list[tuple[str, int, str]]:
    rows = session.execute(
        select(LedgerLeg.account, LedgerLeg.amount, LedgerLeg.currency)
        .where(LedgerLeg.transaction_id == transaction)
        .order_by(LedgerLeg.position)
    )
    return [(account, amount, currency) for account, amount, currency in rows]


def body_hash(body: Any) -> str:
    """The hash by which two requests are the same: SHA-256 of ``body`` as sorted JSON."""
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def once(
    uow: UnitOfWork, *, scope: str, key: str, body: Any, do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do a deed once for ``(scope, key)`` and return its answer; asked again, the stored answer (L7).

    The same key with another ``body`` is a ``Conflict`` that names the hash of the first. Of two at the same time one
    does it; the other waits for its commit.
    """
    asked = body_hash(body)
    placed = uow.session.execute(
        upsert(uow.session, IdempotencyKey)
        .values(scope=scope, key=key, body_hash=asked, answer=None, created_at=uow.machine_now)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    ).first()
    mine = (IdempotencyKey.scope == scope) & (IdempotencyKey.key == key)
    if placed is None:
        first, answer = uow.session.execute(select(IdempotencyKey.body_hash, IdempotencyKey.answer).where(mine)).one()
        if first != asked:
            raise Conflict(
                "This key was used for something else before (its hash is %(hash)s).", code="idempotency", hash=first
            )
        return dict(answer or {})
    answer = do()
    uow.session.execute(update(IdempotencyKey).where(mine).values(answer=answer))
    return answer
