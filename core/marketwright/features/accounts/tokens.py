"""Tokens of links in mails: signed, expiring by machine time, single use because bound to the state they change.

They are made when a mail is rendered, from ids; none is ever stored.
"""

import hashlib
import hmac

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Invitation

CONFIRM_SECONDS = 7 * 24 * 3600
RESET_SECONDS = 3600
INVITATION_DAYS = 14


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(str(p) for p in parts).encode()).hexdigest()[:24]


def _seal(secret_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=f"marketwright.accounts.{purpose}")


def _make(secret_key: str, purpose: str, id_: str, state: str) -> str:
    return _seal(secret_key, purpose).dumps([id_, state])


def _open(secret_key: str, purpose: str, token: str, seconds: int) -> tuple[str, str] | None:
    try:
        id_, state = _seal(secret_key, purpose).loads(token, max_age=seconds)
    except (BadData, ValueError, TypeError):
        return None
    return str(id_), str(state)


def _confirm_state(session: Session, account: str) -> str | None:
    row = session.execute(
        select(Account.email, Account.confirmed_at, Account.suspended_at).where(Account.id == account)
    ).first()
    return None if row is None or row.confirmed_at or row.suspended_at else _digest("confirm", account, row.email)


def _reset_state(session: Session, account: str) -> str | None:
    row = session.execute(
        select(Account.email, Account.password_hash, Account.password_changed_at).where(
            Account.id == account, Account.suspended_at.is_(None)
        )
    ).first()
    return _digest("reset", account, *row) if row else None


def _invitation_state(session: Session, invitation: str) -> str | None:
    row = session.execute(
        select(Invitation.kind, Invitation.email, Invitation.organisation_id).where(
            Invitation.id == invitation, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
        )
    ).first()
    return _digest("invitation", invitation, *row) if row else None


def confirm_token(session: Session, account: str, secret_key: str) -> str:
    """The token that confirms the address of ``account``; '' when there is nothing to confirm."""
    state = _confirm_state(session, account)
    return _make(secret_key, "confirm", account, state) if state else ""


def read_confirm_token(session: Session, token: str, secret_key: str) -> str | None:
    """The account whose address ``token`` confirms, or ``None``: forged, expired, used, of another address."""
    found = _open(secret_key, "confirm", token, CONFIRM_SECONDS)
    return found[0] if found and found[1] == _confirm_state(session, found[0]) else None


def reset_token(session: Session, account: str, secret_key: str) -> str:
    """The token that lets the owner of ``account`` choose a new password; '' for one that may not."""
    state = _reset_state(session, account)
    return _make(secret_key, "reset", account, state) if state else ""


def read_reset_token(session: Session, token: str, secret_key: str) -> str | None:
    """The account whose password ``token`` may set, or ``None``."""
    found = _open(secret_key, "reset", token, RESET_SECONDS)
    return found[0] if found and found[1] == _reset_state(session, found[0]) else None


def _moving_state(session: Session, account: str, email: str) -> str | None:
    row = session.execute(
        select(Account.email, Account.password_hash).where(Account.id == account, Account.suspended_at.is_(None))
    ).first()
    return _digest("moving", account, email, *row) if row else None


def moving_token(session: Session, account: str, email: str, secret_key: str) -> str:
    """The token that makes ``email`` the address of ``account``; '' for one that may not move.

    It is bound to the present address and password: once either changes, every link that waits is dead.
    """
    state = _moving_state(session, account, email)
    return _make(secret_key, "moving", f"{account} {email}", state) if state else ""


def read_moving_token(session: Session, token: str, secret_key: str) -> tuple[str, str] | None:
    """(account, new address) of ``token``, or ``None``: forged, expired, used, of an address that was left."""
    found = _open(secret_key, "moving", token, CONFIRM_SECONDS)
    if found is None:
        return None
    account, _, email = found[0].partition(" ")
    return (account, email) if found[1] == _moving_state(session, account, email) else None


def invitation_token(session: Session, invitation: str, secret_key: str) -> str:
    """The token of an open invitation; '' for one that was accepted or withdrawn."""
    state = _invitation_state(session, invitation)
    return _make(secret_key, "invitation", invitation, state) if state else ""


def read_invitation_token(session: Session, token: str, secret_key: str) -> str | None:
    """The invitation of ``token``, or ``None``. Its own expiry is read from its row."""
    found = _open(secret_key, "invitation", token, (INVITATION_DAYS + 1) * 24 * 3600)
    return found[0] if found and found[1] == _invitation_state(session, found[0]) else None


def signing_code(invitation: str, secret_key: str) -> str:
    """The six digits that a signatory of one document gives besides the link; passed on by whoever invited them."""
    digest = hmac.new(secret_key.encode(), f"signing-code:{invitation}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
