"""Reads of profiles and claims."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from marketwright.features.accounts.tables import Account
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.features.skills.queries import label_column
from marketwright.features.skills.tables import Skill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.store.prepared import Prepared

Named = Callable[[str], str | None]
SKILLS_ON_A_CARD, LISTED = 5, 20  # skills; people on a page of a list


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One profile with its person's name. ``day_rate`` in minor units; ``fields`` the niche's own, as stored."""

    id: str
    name: str
    headline: str
    bio: str
    language: str
    city: str
    country: str
    remote: str
    day_rate: int | None
    currency: str
    available_from: date | None
    days_a_week: int | None
    years: int | None
    photo_file: str | None
    visible: bool
    listed: bool
    fields: dict[str, Any]
    claims: int
    proved: int
    documents: int
    rating_sum: int
    rating_count: int
    available_said_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    suspended: bool

    @property
    def rate(self) -> Money | None:
        """The day rate, before tax."""
        return Money(self.day_rate, self.currency) if self.day_rate else None

    @property
    def rating(self) -> float | None:
        """The mean of the stars, one digit behind the point; ``None`` without reviews."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim; ``title`` is the skill's label, the certificate's or position's name, or a language's code."""

    id: str
    profile_id: str
    kind: str
    skill_id: str | None
    level: int | None
    years: int | None
    title: str
    organisation: str
    from_month: str
    to_month: str
    issuer: str
    number: str
    issued: str
    expires: str
    summary: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class SkillChip:
    """A skill on a card: ``level`` 0 where none was said."""

    id: str
    label: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A freelancer in a list. ``skills`` are the first few, ``more`` how many there are besides."""

    id: str
    name: str
    headline: str
    city: str
    country: str
    remote: str
    rate: Money | None
    available_from: date | None
    days_a_week: int | None
    photo_file: str | None
    claims: int
    proved: int
    documents: int
    rating: float | None
    reviews: int
    listed: bool
    updated_at: datetime
    skills: tuple[SkillChip, ...] = ()
    more: int = 0

    @property
    def declared(self) -> int:
        """Claims that stand on their word alone."""
        return max(0, self.claims - self.proved - self.documents)


_PROFILE: tuple[Any, ...] = (
    Profile.id, Account.name, Profile.headline, Profile.bio, Profile.language, Profile.city, Profile.country,
    Profile.remote, Profile.day_rate, Profile.currency, Profile.available_from, Profile.days_a_week, Profile.years,
    Profile.photo_file, Profile.visible, Profile.listed, Profile.fields, Profile.claims, Profile.proved,
    Profile.documents, Profile.rating_sum, Profile.rating_count, Profile.available_said_at, Profile.created_at,
    Profile.updated_at, Profile.version, Account.suspended_at.is_not(None).label("suspended"),
)  # fmt: skip


def profile(session: Session, id: str) -> ProfileRow | None:  # noqa: A002  the word of the domain
    """The profile ``id``, which is its account's id."""
    query = select(*_PROFILE).join(Account, Account.id == Profile.id).where(Profile.id == id)
    row = session.execute(query).first()
    return ProfileRow(*row) if row else None


def profiles_by_id(session: Session, ids: Iterable[str]) -> dict[str, ProfileRow]:
    """The profiles of ``ids`` that exist, by id."""
    query = select(*_PROFILE).join(Account, Account.id == Profile.id).where(Profile.id.in_(set(ids)))
    return {row.id: row for row in (ProfileRow(*r) for r in session.execute(query))}


def claims(session: Session, profile: str, locale: str = "en", kind: str = "") -> list[ClaimRow]:
    """The claims of a profile in its own order, skills with their label in ``locale``."""
    query = (
        select(
            Claim.id, Claim.profile_id, Claim.kind, Claim.skill_id, Claim.level, Claim.years, Claim.label,
            Claim.organisation, Claim.from_month, Claim.to_month, Claim.issuer, Claim.number, Claim.issued,
            Claim.expires, Claim.summary, Claim.declared_at, label_column(locale).label("skill"),
        )
        .outerjoin(Skill, Skill.id == Claim.skill_id)
        .where(Claim.profile_id == profile)
        .order_by(Claim.kind, Claim.position, Claim.id)
    )  # fmt: skip
    if kind:
        query = query.where(Claim.kind == kind)
    return [_claim(row) for row in session.execute(query)]


def claim(session: Session, id: str, locale: str = "en") -> ClaimRow | None:  # noqa: A002
    """One claim."""
    owner = session.scalar(select(Claim.profile_id).where(Claim.id == id))
    return next((c for c in claims(session, owner, locale) if c.id == id), None) if owner else None


def _claim(row: Any) -> ClaimRow:
    *values, skill = row
    made = ClaimRow(*values)
    return made if skill is None else replace(made, title=skill)


def profile_cards(
    session: Session, ids: Sequence[str], locale: str, first: frozenset[str] = frozenset(), named: Named | None = None
) -> list[ProfileCard]:
    """The cards of ``ids`` in their order, in two statements. Whoever is hidden or suspended by now is left out.

    The skills of ``first`` (what was asked for) come before the others. ``named`` gives the label in ``locale`` of a
    skill that is known without asking the database, ``None`` for any other.
    """
    if not ids:
        return []
    connection = session.connection()
    few = len(ids) <= LISTED
    found = _CARDS_LISTED.rows(connection, _placed(ids)) if few else connection.execute(_CARDS, {"ids": [*ids]})
    rows = {row[0]: tuple(row) for row in found}
    shown = _shown(connection, [*rows], locale, first, named) if rows else {}
    return [_card(rows[i], *shown[i]) for i in ids if i in rows]


def _shown(connection: Connection, ids: Sequence[str], locale: str, first: frozenset[str], named: Named | None
           ) -> dict[str, tuple[tuple[SkillChip, ...], int]]:  # fmt: skip
    """By profile the skills on its card, and how many there are besides."""
    held: dict[str, list[tuple[Any, ...]]] = {one: [] for one in ids}
    by_hand = named is not None and len(ids) <= LISTED
    rows: Any = _HELD.rows(connection, _placed(ids)) if by_hand else connection.execute(_chips(locale), {"ids": [*ids]})
    for row in rows:
        held[row[0]].append(row)
    if first:
        for skills in held.values():
            skills.sort(key=lambda s: s[1] not in first)
    some = {one: skills[:SKILLS_ON_A_CARD] for one, skills in held.items()}
    more = {one: max(0, len(skills) - SKILLS_ON_A_CARD) for one, skills in held.items()}
    if named is None or not by_hand:
        return {one: (tuple([SkillChip(s[1], s[3], s[2] or 0) for s in it]), more[one]) for one, it in some.items()}
    labels = {s[1]: named(s[1]) for it in some.values() for s in it}
    unknown = [skill for skill, label in labels.items() if label is None]
    if unknown:
        query = select(Skill.id, label_column(locale)).where(Skill.id.in_(unknown))
        labels.update((row[0], row[1]) for row in connection.execute(query))
    return {one: (tuple([SkillChip(s[1], labels[s[1]] or "", s[2] or 0) for s in it]), more[one])
            for one, it in some.items()}  # fmt: skip


def card_versions(session: Session, ids: Sequence[str]) -> list[tuple[str, tuple[Any, ...]]]:
    """Id and version of the cards of ``ids`` in their order; whoever is hidden or suspended by now is left out.

    The version changes with everything that a card shows but the words for it.
    """
    if not ids:
        return []
    connection = session.connection()
    if len(ids) <= LISTED:
        rows: Any = _VERSIONS_LISTED.rows(connection, _placed(ids))
    else:
        rows = connection.execute(_VERSIONS, {"ids": [*ids]}).all()
    found = {one: (version, updated, name) for one, version, updated, name in rows}
    return [(i, found[i]) for i in ids if i in found]


def _placed(ids: Sequence[str]) -> dict[str, str]:
    """At most :data:`LISTED` ids as the binds of a statement for so many; the last one again for those that lack."""
    return {name: ids[min(k, len(ids) - 1)] for k, name in enumerate(_PLACES)}


def _card(row: tuple[Any, ...], skills: tuple[SkillChip, ...], more: int) -> ProfileCard:
    *values, rate, currency, stars, rated = row
    (one, name, headline, city, country, remote, free, week, photo, claims, proved, documents, listed, updated) = values
    return ProfileCard(
        one, name, headline, city, country, remote, Money(rate, currency) if rate else None, free, week, photo,
        claims, proved, documents, round(stars / rated, 1) if rated else None, rated, listed, updated, skills, more,
    )  # fmt: skip


def claiming(session: Session, skill: str) -> list[str]:
    """The profiles that claim a skill, listed or not."""
    return list(session.scalars(select(Claim.profile_id).where(Claim.skill_id == skill, Claim.kind == "skill")))


def listed_ids(session: Session) -> list[str]:
    """Everybody who is in the lists, for indexes and sitemaps."""
    query = (
        select(Profile.id).join(Account, Account.id == Profile.id)
        .where(Profile.listed, Account.suspended_at.is_(None)).order_by(Profile.id)
    )  # fmt: skip
    return list(session.scalars(query))


_FOR_EVERYBODY = (Profile.listed, Account.suspended_at.is_(None))
_KEPT: Any = (  # instants are compared, not read
    select(Profile.id, Profile.version, type_coerce(Profile.updated_at, NullType), Account.name)
    .join(Account, Account.id == Profile.id)
    .where(*_FOR_EVERYBODY)
)
_VERSIONS = _KEPT.where(Profile.id.in_(bindparam("ids", expanding=True)))
_PLACES = tuple(f"id_{k}" for k in range(LISTED))
_EACH: list[Any] = [bindparam(name) for name in _PLACES]
_VERSIONS_LISTED = Prepared(_KEPT.where(Profile.id.in_(_EACH)))  # every list asks this
_CARD: Any = (
    select(
        Profile.id, Account.name, Profile.headline, Profile.city, Profile.country, Profile.remote,
        Profile.available_from, Profile.days_a_week, Profile.photo_file, Profile.claims, Profile.proved,
        Profile.documents, Profile.listed, Profile.updated_at, Profile.day_rate, Profile.currency, Profile.rating_sum,
        Profile.rating_count,
    )
    .join(Account, Account.id == Profile.id)
    .where(*_FOR_EVERYBODY)
)  # fmt: skip
_CARDS = _CARD.where(Profile.id.in_(bindparam("ids", expanding=True)))
_CARDS_LISTED = Prepared(_CARD.where(Profile.id.in_(_EACH)))
_SKILLS: Any = (  # each profile's highest level first
    select(Claim.profile_id, Claim.skill_id, Claim.level)
    .where(Claim.kind == "skill")
    .order_by(Claim.profile_id, Claim.level.desc().nulls_last(), Claim.position, Claim.id)
)
_HELD = Prepared(_SKILLS.where(Claim.profile_id.in_(_EACH)))


@cache
def _chips(locale: str) -> Any:
    """A statement for the skills of some profiles with their labels."""
    query = _SKILLS.add_columns(label_column(locale)).join(Skill, Skill.id == Claim.skill_id)
    return query.where(Claim.profile_id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that everybody may open, for the sitemap."""

    id: str
    title: str
    changed: datetime


def public_pages(session: Session, offset: int, most: int) -> list[PublicPage]:
    """The pages that everybody may open, in the order of their ids."""
    query = select(Profile.id, Account.name, Profile.updated_at).join(Account, Account.id == Profile.id)
    query = query.where(*_FOR_EVERYBODY)
    return [PublicPage(*row) for row in session.execute(query.order_by(Profile.id).offset(offset).limit(most))]


def count_public(session: Session) -> int:
    """How many pages :func:`public_pages` has."""
    query = select(func.count()).select_from(Profile).join(Account, Account.id == Profile.id)
    return session.scalar(query.where(*_FOR_EVERYBODY)) or 0
