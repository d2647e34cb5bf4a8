"""Who holds a session: one statement from token to viewer."""

from collections import deque
from datetime import UTC, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.sessions import STAMP_EVERY, token_hash
from marketwright.features.accounts.tables import Account, Membership, Organisation, SessionRow, Staff
from marketwright.web.viewer import Membership as ViewerMembership
from marketwright.web.viewer import Viewer

_QUERY = (
    select(
        SessionRow.id, SessionRow.last_seen_at, SessionRow.account_id, Account.name, Account.email, Account.locale,
        Account.time_zone, Account.confirmed_at, Account.is_freelancer, Account.persona, Account.totp_on,
        Staff.roles.label("staff_roles"), Membership.organisation_id, Organisation.name.label("organisation_name"),
        Membership.roles, Membership.approval_limit,
    )
    .join(Account, Account.id == SessionRow.account_id)
    .outerjoin(Staff, Staff.account_id == Account.id)
    .outerjoin(Membership, and_(Membership.account_id == Account.id, Membership.document == ""))
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .order_by(Membership.joined_at, Membership.organisation_id)
)  # fmt: skip


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
        staff = frozenset(first.staff_roles or ())
        return Viewer(
            account=first.account_id, session=first.id, name=first.name, email=first.email, locale=first.locale,
            time_zone=first.time_zone, confirmed=first.confirmed_at is not None, is_freelancer=first.is_freelancer,
            organisations=tuple(
                ViewerMembership(r.organisation_id, r.organisation_name, frozenset(r.roles), r.approval_limit)
                for r in rows if r.organisation_id
            ),
            staff_roles=staff, permissions=permissions_of(staff), persona=bool(first.persona),
            second_factor=first.totp_on,
        )  # fmt: skip
