"""The hash chain: each seal is the hash of the one before and of everything that its transaction says.

What is hashed is a JSON object with sorted keys and no spaces. It is put together by hand, because the ledger is read
a million rows at a time; a test holds it against ``json.dumps``.
"""

from collections.abc import Sequence
from hashlib import sha256
from json.encoder import encode_basestring as _quoted

from marketwright.features.ledger.reading import Booked, Leg


def link(previous: str, number: int, recorded_at: str, booked: Booked, legs: Sequence[Leg]) -> str:
    """The hash of seal ``number``: 64 hexadecimal digits; ``recorded_at`` an instant in ISO 8601, legs by position."""
    lines = ",".join(
        f"[{leg.position},{_quoted(leg.account)},{_quoted(leg.kind)},{_quoted(leg.currency)},{leg.amount}]"
        for leg in legs
    )
    row = (
        f'{{"actor":{_quoted(booked.actor)},"at":"{booked.at}","book":{_quoted(booked.book)},'
        f'"cause":[{_quoted(booked.cause_type)},{_quoted(booked.cause_id)},{_quoted(booked.effect)}],'
        f'"contract":{_quoted(booked.contract)},"created_at":"{booked.created_at}",'
        f'"currency":{_quoted(booked.currency)},"id":{_quoted(booked.id)},"legs":[{lines}],'
        f'"memo":{_quoted(booked.memo)},"number":{number},"partial":{"true" if booked.partial else "false"},'
        f'"recorded_at":"{recorded_at}",'
        f'"reverses":{"null" if booked.reverses is None else _quoted(booked.reverses)}}}'
    )
    return sha256((previous + row).encode()).hexdigest()
