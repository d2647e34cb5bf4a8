"""Server-side sessions: the browser holds a random token, the database its hash. They live in machine time."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from marketwright.features.accounts.queries import account as find_account
from marketwright.features.accounts.tables import SessionRow
from marketwright.kernel.errors import NotAllowed, NotFound
from marketwright.kernel.ids import new_token
from marketwright.store.unit import UnitOfWork

LASTS = timedelta(days=30)
STAMP_EVERY = timedelta(minutes=10)


def token_hash(token: str) -> str:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(
    uow: UnitOfWork, *, account: str, address: str = "", agent: str = "", second_factor: bool = False
) -> str:
    """Sign ``account`` in on one browser and return the token for its cookie; refuses the suspended."""
    found = find_account(uow.session, account)
    if found is None:
        raise NotFound("There is no such account.")
    if found.suspended_at is not None:
        raise NotAllowed("This account is suspended: %(reason)s", reason=found.suspension_reason)
    token, now = new_token(), uow.machine_now
    uow.session.execute(
        insert(SessionRow).values(
            sha256=token_hash(token), account_id=account, created_at=now, last_seen_at=now, expires_at=now + LASTS,
            agent=agent[:200], address=address[:64], second_factor=second_factor,
        )
    )  # fmt: skip
    uow.audit("session.started", account, second_factor=second_factor)
    return token


def end_session(uow: UnitOfWork, *, token: str) -> None:
    """Sign this browser out."""
    _end(uow, SessionRow.sha256 == token_hash(token))


def revoke_session(uow: UnitOfWork, *, account: str, session: str) -> None:
    """Sign one of ``account``'s browsers out; ``NotFound`` for somebody else's (S10)."""
    if not _end(uow, SessionRow.id == session, SessionRow.account_id == account):
        raise NotFound("There is no such session.")
    uow.audit("session.revoked", account, session=session)


def end_sessions(uow: UnitOfWork, *, account: str) -> int:
    """Sign ``account`` out everywhere; returns the number of browsers."""
    ended = _end(uow, SessionRow.account_id == account)
    uow.audit("sessions.ended", account, count=ended)
    return ended


def _end(uow: UnitOfWork, *where: object) -> int:
    done = uow.session.execute(
        update(SessionRow).where(*where, SessionRow.ended_at.is_(None)).values(ended_at=uow.machine_now)  # type: ignore[arg-type]
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def stamp_seen(session: Session, *, ids: list[str], at: datetime) -> None:
    """Note that these sessions were used, unless somebody noted it a moment ago."""
    session.execute(
        update(SessionRow)
        .where(SessionRow.id.in_(ids), SessionRow.last_seen_at < at - STAMP_EVERY / 2)
        .values(last_seen_at=at)
    )
