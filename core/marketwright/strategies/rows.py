"""What plugins read of a marketplace through their desk: frozen rows of ids and business facts, no person's data.

Instants are aware and UTC, amounts are :class:`Money`. Names, addresses and documents are asked for one by one
(``desk.queries.personal``), and only where the manifest declares them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One freelancer's profile; ``id`` is their account's. ``skills`` are ids of skills."""

    id: str
    headline: str
    country: str
    day_rate: Money | None
    visible: bool
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissionRow:
    """One mission; ``state`` as on its page, ``organisation`` the client's id."""

    id: str
    title: str
    state: str
    organisation: str
    country: str
    starts_on: date | None
    duration_days: int | None


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One client."""

    id: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One milestone or period: its state of the process, what it costs without tax, when it is due."""

    id: str
    title: str
    state: str
    work: Money
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract: ``state`` is DRAFT, SENT, SIGNED, ACTIVE or ENDED."""

    id: str
    reference: str
    state: str
    process: str
    organisation: str
    freelancer: str
    mission: str
    milestones: tuple[MilestoneRow, ...] = ()


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One verdict that stands: ``result`` is ``passed``, ``refused`` or ``revoked``."""

    id: str
    check: str
    kind: str
    owner: str
    about: str
    result: str
    source: str
    expires: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A document that somebody handed in for a check of the plugin."""

    id: str
    name: str
    media_type: str
    data: bytes
