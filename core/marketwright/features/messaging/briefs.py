"""A mission as it stands beside a conversation: the few facts that one looks up while writing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Organisation
from marketwright.features.missions.cards import nameless
from marketwright.features.missions.tables import Mission
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Brief:
    """The mission and its client. ``client`` is the name that the mission gives it towards freelancers."""

    id: str
    organisation: str
    title: str
    state: str
    visibility: str
    client: str
    budget: Money | None
    budget_kind: str
    start_on: date | None
    duration_days: int | None
    days_a_week: int | None
    city: str
    remote: str
    language: str
    currency: str
    fields: Mapping[str, Any]
    published_at: datetime | None


def brief(session: Session, mission: str, locale: str) -> Brief | None:
    """The mission ``mission`` in few words, whatever its state."""
    m, o = Mission, Organisation
    row = session.execute(
        select(
            m.id, m.organisation_id, m.title, m.state, m.visibility, m.named, m.public_name, o.name, o.public_name_en,
            o.public_name_fr, o.sector, o.size, m.budget, m.budget_kind, m.currency, m.start_on, m.duration_days,
            m.days_a_week, m.city, m.remote, m.language, m.fields, m.published_at,
        )
        .join(o, o.id == m.organisation_id)
        .where(m.id == mission)
    ).first()  # fmt: skip
    if row is None:
        return None
    names = (row.public_name_en, row.public_name_fr)
    public = (names[1] or names[0]) if locale == "fr" else (names[0] or names[1])
    return Brief(
        row.id, row.organisation_id, row.title, row.state, row.visibility,
        row.name if row.named else row.public_name or public or nameless(row.sector, row.size),
        Money(row.budget, row.currency) if row.budget else None, row.budget_kind, row.start_on, row.duration_days,
        row.days_a_week, row.city, row.remote, row.language, row.currency, row.fields or {}, row.published_at,
    )  # fmt: skip


def missions_to_invite_for(session: Session, organisations: list[str]) -> list[tuple[str, str]]:
    """Published missions of ``organisations``: (id, title), newest first."""
    rows = session.execute(
        select(Mission.id, Mission.title)
        .where(Mission.organisation_id.in_(organisations), Mission.state == "published")
        .order_by(Mission.published_at.desc(), Mission.id)
    )
    return [(row.id, row.title) for row in rows]
