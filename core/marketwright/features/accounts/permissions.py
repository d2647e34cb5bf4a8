"""What each staff role may do. A permission is ``<what>.<verb>``; routes and services ask for one."""

from marketwright.kernel.text import N_

ROLES = ("admin", "moderator", "vetter", "finance", "support", "auditor")
CLIENT_ROLES = ("owner", "buyer", "approver", "signatory", "finance")

PERMISSIONS: dict[str, str] = {
    "people.read": N_("See people, {organisation.other} and their settings"),
    "people.suspend": N_("Suspend and reinstate people"),
    "people.erase": N_("Hand out what is kept of a person, and erase it"),
    "missions.read": N_("See {mission.other} in every state"),
    "missions.moderate": N_("Take {mission.other} off, or say yes to new ones"),
    "matches.place": N_("Put a person on a match list by hand"),
    "reviews.moderate": N_("Hide a review, with a reason"),
    "notices.decide": N_("Read what people report, and decide on it"),
    "vetting.read": N_("See the vetting queue and its evidence"),
    "vetting.decide": N_("Decide on vetting cases"),
    "ledger.read": N_("See and verify the ledger"),
    "money.correct": N_("Correct the ledger and refund after release, by two"),
    "payments.decide": N_("Settle payment requests without an answer"),
    "pricing.change": N_("Make and end codes, mark bills of plans as paid"),
    "pricing.sign": N_("Sign for fees outside the bounds"),
    "contracts.read": N_("See {contract.other} and their documents"),
    "contracts.decide": N_("Decide on {contract.a} that stands still"),
    "mails.read": N_("See the mails that were sent"),
    "jobs.read": N_("See jobs"),
    "jobs.retry": N_("Run a failed job again"),
    "audit.read": N_("Read the audit log"),
    "staff.manage": N_("Invite staff and change their roles"),
    "settings.read": N_("See the settings"),
    "content.change": N_("Write and publish pages"),
    "settings.change": N_("Change the settings of the marketplace"),
}

_READS = frozenset(p for p in PERMISSIONS if p.endswith(".read"))
_GRANTS: dict[str, frozenset[str]] = {
    "admin": frozenset(PERMISSIONS),
    "moderator": frozenset(
        {"people.read", "people.suspend", "missions.read", "missions.moderate", "matches.place", "reviews.moderate",
         "notices.decide", "content.change"}
    ),
    "vetter": frozenset({"people.read", "missions.read", "vetting.read", "vetting.decide"}),
    "finance": frozenset(
        {"people.read", "contracts.read", "contracts.decide", "ledger.read", "money.correct", "payments.decide",
         "pricing.change", "jobs.read"}
    ),
    "support": frozenset(
        {"people.read", "missions.read", "contracts.read", "mails.read", "jobs.read", "jobs.retry", "matches.place"}
    ),
    "auditor": _READS,
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Everything that ``roles`` may do together; an unknown role grants nothing."""
    return frozenset().union(*(_GRANTS.get(role, frozenset()) for role in roles))


def roles_with(permission: str) -> tuple[str, ...]:
    """The roles that carry ``permission``, in the order of ``ROLES``."""
    return tuple(role for role in ROLES if permission in _GRANTS[role])
