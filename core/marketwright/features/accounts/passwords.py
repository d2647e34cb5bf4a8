"""Passwords: argon2id, no rules of composition, the common ones refused."""

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_token
from marketwright.kernel.text import say

SHORTEST, LONGEST = 8, 256
_LEET = str.maketrans("013457@$!|", "oieastasii")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: passes, memory in KiB, lanes."""

    passes: int
    memory: int
    lanes: int = 1


NORMAL = Cost(2, 19 * 1024)
CHEAP = Cost(1, 8)  # tests only


class _Hashing:
    hasher = PasswordHasher(NORMAL.passes, NORMAL.memory, NORMAL.lanes)
    nobody = ""  # a hash at the present cost that no password opens, made when first needed


def set_cost(cost: Cost) -> Cost:
    """Hash with ``cost`` from now on, in this process; what it was before."""
    before = Cost(_Hashing.hasher.time_cost, _Hashing.hasher.memory_cost, _Hashing.hasher.parallelism)
    _Hashing.hasher = PasswordHasher(cost.passes, cost.memory, cost.lanes)
    _Hashing.nobody = ""
    return before


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``."""
    return _Hashing.hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether ``password`` made ``stored``; takes as long for an empty ``stored`` (S15)."""
    _Hashing.nobody = _Hashing.nobody or hash_password(new_token())
    try:
        return _Hashing.hasher.verify(stored or _Hashing.nobody, password[:LONGEST]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def verify_password(session: Session, account: str, password: str) -> bool:
    """Whether ``password`` is the one of ``account``: for signing and for asking again."""
    stored = session.scalar(select(Account.password_hash).where(Account.id == account))
    return matches(stored or "", password)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _is_common(password: str) -> bool:
    plain = password.casefold()
    word = plain.strip("0123456789!?.,;:*_-+=#$%&/()[]{}<>@ ")
    candidates = {plain, plain.translate(_LEET), word, word.translate(_LEET)}
    return bool(candidates & _common()) or len(set(plain)) <= 2 or _is_run(plain)


def _is_run(text: str) -> bool:
    """Whether each character follows the one before, up or down: 12345678, hgfedcba."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})


def check_password(password: str, *known: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long, common, or made of what is ``known`` of the person."""
    if len(password) < SHORTEST:
        why = say("At least %(n)s characters. A few words in a row are easy to keep.", n=SHORTEST)
        raise InvalidInput({field: [why]})
    if len(password) > LONGEST:
        raise InvalidInput({field: [say("At most %(n)s characters.", n=LONGEST)]})
    mine = {part for text in known for part in (text.casefold(), text.casefold().partition("@")[0]) if len(part) > 3}
    if _is_common(password) or password.casefold() in mine:
        raise InvalidInput({field: [say("This password is among the first that are tried. Take another one.")]})
