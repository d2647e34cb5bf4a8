"""The parts of a profile's forms as they are stored, under the names that the forms give them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.facets.forms import PREFIX, typed
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.strategies.fields import Field

ABOUT = ("headline", "bio", "language", "city", "country", "years")
OFFER = ("day_rate", "available_from", "days_a_week", "remote")
LISTS = {"skill": "skills", "experience": "jobs", "certificate": "certificates", "language": "languages"}


def about_parts(row: Profile | None, fields: Iterable[Field]) -> dict[str, Any]:
    """Who they are, and the niche's own answers."""
    return {n: getattr(row, n, None) for n in ABOUT} | own_parts(fields, row.fields or {} if row else {})


def own_parts(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The niche's own answers that a form asks for."""
    return {PREFIX + f.name: values.get(f.name) for f in typed(fields)}


def offer_parts(row: Profile | None) -> dict[str, Any]:
    """What they ask and when they are free."""
    return {n: getattr(row, n, None) for n in OFFER}


def list_parts(session: Session, profile: str, kind: str) -> dict[str, Any]:
    """The claims of one kind, in their order."""
    rows = session.scalars(
        select(Claim).where(Claim.profile_id == profile, Claim.kind == kind).order_by(Claim.position, Claim.id)
    )
    return {LISTS[kind]: [substance(row) for row in rows]}


def substance(row: Claim) -> tuple[object, ...]:
    """What of a stored claim a proof stands beside."""
    return ClaimDraft(
        row.kind, row.skill_id, row.level, row.years, row.label, row.organisation, row.from_month, row.to_month,
        row.issuer, row.number, row.issued, row.expires, row.summary,
    ).substance  # fmt: skip
