"""What plugins read of a marketplace through their desk: frozen rows of ids and business facts, no person's data.

Instants are aware and UTC, amounts are :class:`Money`. Names, addresses and documents are asked for one by one
(``desk.queries.personal``), and only where the manifest declares them.
"""

from collections.abc import Mapping
from datetime import date, datetime

from marketwright.kernel.frozen import dataclass
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
class BillRow:
    """What a client owes a freelancer for accepted work, paid between the two.

    ``state`` is ``open``, ``paid`` or ``unpaid`` (closed with something left); ``left`` is what is still to be paid
    of ``total`` (work and its tax), ``received`` what was. ``payment_reference`` is the ISO 11649 reference that a
    payment should carry, ``reference`` that of the contract, ``purchase_order`` the client's own. ``number`` is that of
    the invoice once it is issued, ``request`` the one under which the payment was asked for before and is as well.
    """

    id: str
    number: str
    contract: str
    milestone: str
    organisation: str
    freelancer: str
    payee: str
    payer: str
    title: str
    reference: str
    purchase_order: str
    payment_reference: str
    total: Money
    received: Money
    left: Money
    issued_at: datetime
    due_at: datetime
    state: str
    request: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a plugin's own page: both sides they may stand on, and what they may do as staff.

    ``organisations`` maps each client that they belong to onto their roles there.
    """

    account: str
    name: str
    is_freelancer: bool
    organisations: Mapping[str, frozenset[str]]
    permissions: frozenset[str] = frozenset()
    suspended: bool = False

    def may(self, permission: str) -> bool:
        """Whether a staff role of theirs carries ``permission`` (``contracts.read``)."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class BackgroundRow:
    """What may be asked of a person's past: ``paper`` and ``how`` in the reader's language, at most ``months`` old."""

    paper: str
    how: str
    months: int


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
