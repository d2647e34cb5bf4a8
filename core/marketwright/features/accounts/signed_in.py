"""Who holds a session, or reads what is sent to an account: one statement from token or id to viewer."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.sessions import STAMP_EVERY, token_hash
from marketwright.features.accounts.tables import Account, Membership, Organisation, SessionRow, Staff
from marketwright.web.viewer import Membership as ViewerMembership
from marketwright.web.viewer import Viewer

_SESSION: tuple[Any, ...] = (SessionRow.id, SessionRow.last_seen_at, Staff.roles.label("staff_roles"))
_WHO: tuple[Any, ...] = (
    Account.id.label("account_id"), Account.name, Account.email, Account.locale, Account.time_zone,
    Account.confirmed_at, Account.is_freelancer, Account.persona, Account.totp_on, Membership.organisation_id,
    Organisation.name.label("organisation_name"), Membership.roles, Membership.approval_limit,
)  # fmt: skip


def _with_memberships(query: Select[Any]) -> Select[Any]:
    return (
        query.outerjoin(Membership, and_(Membership.account_id == Account.id, Membership.document == ""))
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .order_by(Membership.joined_at, Membership.organisation_id)
    )


_QUERY = _with_memberships(
    select(*_SESSION, *_WHO)
    .select_from(SessionRow)
    .join(Account, Account.id == SessionRow.account_id)
    .outerjoin(Staff, Staff.account_id == Account.id)
)
_TOLD = _with_memberships(select(*_WHO).select_from(Account))


def _viewer(rows: Sequence[Row[Any]], session: str = "", staff: frozenset[str] = frozenset()) -> Viewer:
    first = rows[0]
    return Viewer(
        account=first.account_id, session=session, name=first.name, email=first.email, locale=first.locale,
        time_zone=first.time_zone, confirmed=first.confirmed_at is not None, is_freelancer=first.is_freelancer,
        organisations=tuple(
            ViewerMembership(r.organisation_id, r.organisation_name, frozenset(r.roles), r.approval_limit)
            for r in rows if r.organisation_id
        ),
        staff_roles=staff, permissions=permissions_of(staff), persona=bool(first.persona), second_factor=first.totp_on,
    )  # fmt: skip


def reader_of(session: Session, account: str) -> Viewer | None:
    """Who reads what is sent to ``account``, with no right of staff.

    ``None`` for nobody, the suspended and those without a confirmed address.
    """
    mine = _TOLD.where(Account.id == account, Account.suspended_at.is_(None), Account.confirmed_at.is_not(None))
    rows = session.execute(mine).all()
    return _viewer(rows) if rows else None


class SessionReader:
    """Answers :class:`~marketwright.web.ports.SignedIn`; remembers in ``unstamped`` whose last-seen is old.

    Who was only invited to sign one document is no member here: ``queries.may_sign`` lets them sign that one.
    """

    def __init__(self) -> None:
        self.unstamped: deque[str] = deque(maxlen=1000)

    def __call__(self, session: Session, token: str) -> Viewer | None:
        """The viewer of ``token``, or ``None`` when it is unknown, ended, expired or its account suspended."""
        now = datetime.now(UTC)
        rows = session.execute(
            _QUERY.where(
                SessionRow.sha256 == token_hash(token),
                SessionRow.ended_at.is_(None),
                SessionRow.expires_at > now,
                Account.suspended_at.is_(None),
            )
        ).all()
        if not rows:
            return None
        first = rows[0]
        if first.last_seen_at < now - STAMP_EVERY:
            self.unstamped.append(first.id)
        return _viewer(rows, first.id, frozenset(first.staff_roles or ()))
