"""The hash chain: each seal is the hash of the one before and of everything that its transaction says."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(
    previous: str, number: int, recorded_at: datetime, transaction: LedgerTransaction, legs: Sequence[LedgerLeg]
) -> str:
    """The hash of seal ``number``: 64 hexadecimal digits; ``legs`` in any order."""
    row = {
        "number": number,
        "recorded_at": _instant(recorded_at),
        "id": transaction.id,
        "book": transaction.book,
        "currency": transaction.currency,
        "cause": [transaction.cause_type, transaction.cause_id, transaction.effect],
        "memo": transaction.memo,
        "contract": transaction.contract,
        "reverses": transaction.reverses,
        "partial": transaction.partial,
        "actor": transaction.actor,
        "at": _instant(transaction.at),
        "created_at": _instant(transaction.created_at),
        "legs": [
            [leg.position, leg.account, leg.kind, leg.currency, leg.amount]
            for leg in sorted(legs, key=lambda leg: leg.position)
        ],
    }
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(previous.encode() + text.encode()).hexdigest()
