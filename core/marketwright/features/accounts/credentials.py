"""Whether an address and a password go together, at the same cost whether the address is known or not."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.mailboxes import canonical_email
from marketwright.features.accounts.passwords import matches
from marketwright.features.accounts.tables import Account
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who typed the right password; ``state`` changes when the password does."""

    account: str
    confirmed: bool
    suspended_reason: str
    second_factor: bool
    state: str


def check_credentials(session: Session, email: str, password: str) -> Known | None:
    """Who owns ``email`` and ``password``, or ``None``; confirmed and suspended are for the caller to judge."""
    row = session.execute(
        select(Account.id, Account.password_hash, Account.confirmed_at, Account.suspension_reason, Account.totp_on)
        .where(Account.email == canonical_email(email))
    ).first()  # fmt: skip
    if not matches(row.password_hash if row else "", password) or row is None:
        return None
    return Known(row.id, row.confirmed_at is not None, row.suspension_reason, row.totp_on, _state(row.password_hash))


def still_holds(session: Session, account: str, state: str) -> bool:
    """Whether the password that ``state`` was made with is still the one of ``account``."""
    stored = session.scalar(select(Account.password_hash).where(Account.id == account))
    return bool(stored) and _state(stored or "") == state


def _state(password_hash: str) -> str:
    return hashlib.sha256(password_hash.encode()).hexdigest()[:24]


def mark_hash(mark: str) -> str:
    """What the database keeps of the mark that the browser of a sign-up was given."""
    return hashlib.sha256(mark.encode()).hexdigest() if mark else ""


def knows_browser(session: Session, account: str, mark: str) -> bool:
    """Whether ``mark`` is what the browser that signed ``account`` up was given."""
    stored = session.scalar(select(Account.sign_up_mark).where(Account.id == account))
    return bool(mark) and stored == mark_hash(mark)
