"""People, sessions, organisations, memberships, invitations, staff, legal identities.

Sessions, invitations and tokens live in machine time; everything else in business time.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base, Id, Minor


class Account(Base):
    """One person. ``email`` is canonical; ``password_hash`` is empty for who never chose one."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email <> ''", name="has_email"),
        CheckConstraint("(suspended_at IS NULL) = (suspension_reason = '')", name="suspended_with_reason"),
    )

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(5), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Paris")
    is_freelancer: Mapped[bool] = mapped_column(default=False)
    persona: Mapped[str] = mapped_column(String(40), default="", index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    password_changed_at: Mapped[datetime | None]  # machine time
    sign_up_mark: Mapped[str] = mapped_column(String(64), default="")  # hash of what the browser that signed up holds
    confirmed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str] = mapped_column(Text, default="")
    totp_nonce: Mapped[str] = mapped_column(String(43), default="")  # the key is derived from it and the site's secret
    totp_on: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # a code of this step or before is spent
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """One way in without the second factor; only its hash is kept, and it opens once."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class SessionRow(Base):
    """One sign-in on one browser, in machine time; the browser holds the token, we keep its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account", "account_id", "ended_at"),)

    id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    second_factor: Mapped[bool] = mapped_column(default=False)


class Organisation(Base):
    """A client. ``public_name_*`` is how it is called where it does not give its name."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("size IS NULL OR size > 0", name="size_positive"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    sector: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int | None]
    city: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    public_name_en: Mapped[str] = mapped_column(String(160), default="")
    public_name_fr: Mapped[str] = mapped_column(String(160), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Membership(Base):
    """A person in an organisation. ``document`` is set for a signatory who may only sign that one."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint("approval_limit IS NULL OR approval_limit >= 0", name="limit_not_negative"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    roles: Mapped[list[str]]
    approval_limit: Mapped[Minor | None]
    document: Mapped[str] = mapped_column(String(16), default="")
    joined_at: Mapped[datetime]


class Staff(Base):
    """The roles that a person holds in running the marketplace."""

    __tablename__ = "staff"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    roles: Mapped[list[str]]
    since: Mapped[datetime]


class Invitation(Base):
    """A link that makes its reader a member, a signatory of one document, or staff; in machine time, opens once."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("kind IN ('member', 'signatory', 'staff')", name="kind"),
        CheckConstraint("(kind = 'staff') = (organisation_id IS NULL)", name="organisation_unless_staff"),
        Index("ix_invitations_organisation", "organisation_id", "created_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    roles: Mapped[list[str]]
    approval_limit: Mapped[Minor | None]
    document: Mapped[str] = mapped_column(String(16), default="")
    locale: Mapped[str] = mapped_column(String(5), default="en")
    invited_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    wrong_codes: Mapped[int] = mapped_column(default=0)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[str] = mapped_column(String(16), default="")
    withdrawn_at: Mapped[datetime | None]


class LegalIdentity(Base):
    """Who signs and is invoiced: an organisation, or the business of a freelancer."""

    __tablename__ = "legal_identities"
    __table_args__ = (
        UniqueConstraint("owner_kind", "owner_id"),
        CheckConstraint("owner_kind IN ('organisation', 'freelancer')", name="owner_kind"),
        CheckConstraint("vat_regime IN ('standard', 'franchise', 'none')", name="vat_regime"),
        CheckConstraint("purchase_order_rule IN ('none', 'asked', 'required')", name="purchase_order_rule"),
    )

    id: Mapped[Id]
    owner_kind: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[str] = mapped_column(String(16), index=True)
    name: Mapped[str] = mapped_column(String(160))
    form: Mapped[str] = mapped_column(String(80))
    registration_number: Mapped[str] = mapped_column(String(40))
    vat_regime: Mapped[str] = mapped_column(String(10))
    vat_number: Mapped[str] = mapped_column(String(20), default="")
    street: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(20))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    signatory_name: Mapped[str] = mapped_column(String(120), default="")
    signatory_title: Mapped[str] = mapped_column(String(120), default="")
    billing_address: Mapped[str] = mapped_column(Text, default="")
    purchase_order_rule: Mapped[str] = mapped_column(String(10), default="none")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
