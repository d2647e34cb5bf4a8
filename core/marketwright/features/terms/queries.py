"""Reads of the terms: what binds, what is coming, who accepted what, who is to be asked."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.features.content import queries as content
from marketwright.features.content.queries import VersionRow
from marketwright.features.content.reader import TERMS
from marketwright.features.content.sources import order
from marketwright.features.content.tables import ContentVersion
from marketwright.features.terms.tables import TermsAcceptance
from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Marketplace

SIZE = 50


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """Who accepted which version, when and how."""

    account: str
    name: str
    email: str
    number: int
    language: str
    way: str
    at: datetime


def binding(session: Session, marketplace: Marketplace, language: str, now: datetime) -> VersionRow | None:
    """The version in force for a reader of ``language``; ``None`` while no version is kept."""
    languages = order(marketplace, language)
    kept = content.in_force(session, TERMS, languages, now)
    return next((kept[code] for code in languages if code in kept), None)


def coming(session: Session, marketplace: Marketplace, language: str, now: datetime) -> VersionRow | None:
    """The next version that people were told of and that does not bind yet."""
    later = [v for v in content.versions(session, TERMS) if v.starts_at > now]
    languages = order(marketplace, language)
    later.sort(key=lambda v: (v.number, languages.index(v.language) if v.language in languages else len(languages)))
    return later[0] if later else None


def accepted(session: Session, account: str) -> VersionRow | None:
    """The version that ``account`` has accepted which binds last."""
    query = (
        select(ContentVersion.id)
        .join(TermsAcceptance, TermsAcceptance.version_id == ContentVersion.id)
        .where(TermsAcceptance.account_id == account)
        .order_by(ContentVersion.starts_at.desc(), ContentVersion.number.desc(), TermsAcceptance.seq.desc())
    )
    found = session.scalars(query).first()
    return content.version(session, found) if found else None


def to_accept(
    session: Session, marketplace: Marketplace, account: str, language: str, now: datetime
) -> VersionRow | None:
    """The version that ``account`` is to accept; ``None`` when it has accepted what binds, or a later one.

    A version that only corrects an earlier one asks nobody: then the newest before it that asks is what counts.
    """
    bound = binding(session, marketplace, language, now)
    if bound is None:
        return None
    asking = [_when(v) for v in content.versions(session, TERMS, bound.language) if v.asks and v.starts_at <= now]
    last = accepted(session, account)
    return bound if asking and (last is None or _when(last) < max(asking)) else None


def _when(version: VersionRow) -> tuple[datetime, int]:
    """What orders versions as they bind: one of a higher number may start before one that waits."""
    return version.starts_at, version.number


def log(session: Session, *, search: str = "", page: int = 1) -> tuple[list[AcceptanceRow], int]:
    """Acceptances, the newest first, by name or address; and how many there are in all."""
    query = (
        select(Account.id, Account.name, Account.email, ContentVersion.number, ContentVersion.language,
               TermsAcceptance.way, TermsAcceptance.at)
        .join(Account, Account.id == TermsAcceptance.account_id)
        .join(ContentVersion, ContentVersion.id == TermsAcceptance.version_id)
    )  # fmt: skip
    if search:
        like = f"%{search.lower().replace('%', '').replace('_', '')}%"
        query = query.where(or_(func.lower(Account.name).like(like), Account.email.like(like)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(TermsAcceptance.seq.desc()).limit(SIZE).offset((page - 1) * SIZE))
    return [AcceptanceRow(*row) for row in rows], total


def everybody_told(session: Session) -> list[str]:
    """Accounts that hear of new terms: confirmed, and not suspended."""
    query = select(Account.id).where(Account.confirmed_at.is_not(None), Account.suspended_at.is_(None))
    return list(session.scalars(query.order_by(Account.id)))
