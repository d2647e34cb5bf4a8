"""Every table of core by what it tells of a person. A table that is in no list fails a test."""

from collections.abc import Mapping

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_

# What erasing does with a part: it goes at once; it stays until a period of law is over; it stays.
GOES, ACCOUNTS, CONTRACTS, PROOFS, RECORD = "goes", "accounting", "contracts", "vigilance", "record"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is kept: its ``title``, its ``tables``, and what ``erasing`` does with it."""

    name: str
    title: str
    tables: tuple[str, ...]
    erasing: str = GOES


PARTS = (
    Part("account", N_("Account, sign-ins and settings"), (
        "accounts", "sessions", "recovery_codes", "staff", "memberships", "invitations", "approvals",
    )),
    Part("profile", N_("{Profile} and services"), (
        "profiles", "claims", "facets", "services", "service_options", "embeddings", "entitlements",
        "entitlement_uses", "subscriptions", "subscription_bills",
    )),
    Part("lists", N_("Lists, saved searches and invitations"), (
        "hand_picks", "shortlist_entries", "shortlist_notes", "shortlist_thumbs", "mission_invitations", "alerts",
        "alert_matches",
    )),
    Part("mails", N_("Mails and notices"), ("mails", "notices", "mail_trials")),
    Part("conversations", N_("Conversations"), (
        "threads", "messages", "message_files", "hidden_messages", "read_marks",
    )),
    Part("reports", N_("What you reported"), ("content_notices",)),
    Part("files", N_("Files"), ("files",), CONTRACTS),
    Part("missions", N_("{Mission.other} written"), (
        "missions", "confidential_parts", "mission_estimates", "questionnaire_answers",
    ), CONTRACTS),
    Part("checks", N_("Checks and their evidence"), (
        "vetting_runs", "vetting_evidence", "vetting_tasks", "vetting_assessors", "vetting_marks",
        "vetting_expiry_marks",
    ), PROOFS),
    Part("deals", N_("{Proposal.other}, {contract.other} and signatures"), (
        "proposals", "proposal_rounds", "contracts", "milestones", "documents", "signatures", "amendments", "relations",
        "approval_requests", "change_requests", "deliveries", "handovers", "timesheet_days", "contract_conditions",
        "contract_declarations", "transition_log", "cases", "case_staff", "seals", "seal_readings", "paper_handings",
        "early_answers",
        "outside_signers", "outside_signatures", "extra_orders", "reviews", "mandate_steps", "legal_identities",
        "voucher_entries", "voucher_uses",
    ), CONTRACTS),
    Part("money", N_("Money: holds, payouts, invoices, ledger"), (
        "holds", "hold_returns", "payment_commands", "payees", "payment_disputes", "bills",
        "bill_payments", "invoices", "invoice_dues", "sent_invoices", "ledger_legs", "ledger_transactions",
        "corrections",
    ), ACCOUNTS),
    Part("log", N_("The log: who did what, verdicts, terms accepted, bank details given"), (
        "content_statements",
        "audit_log", "events", "shown_rankings", "vetting_verdicts", "terms_acceptances", "payout_destinations",
    ), RECORD),
    Part("erasures", N_("Erasure"), ("erasures",), RECORD),
)  # fmt: skip

# Parts of which others have their share: offers, missions of an organisation, invoices stay without a deal too.
SHARED = frozenset({"missions", "deals", "money"})

# Of the site, its machine or its staff at work: of a person they hold an opaque id, or nothing.
NOBODY = frozenset({
    "bill_series", "clock", "content_drafts", "content_versions", "contract_processes", "contract_reminders",
    "event_marks", "idempotency_keys", "inbox_messages", "index_changes", "invoice_series", "jobs", "ledger_rollups",
    "ledger_seals", "ledger_unsealed", "merged_skills", "mission_questions", "mission_skills", "organisations",
    "overlay_changes", "overlay_versions", "payment_arrivals", "payment_facts", "payment_marks",
    "payment_reconciliations", "payment_unmatched", "pending_briefs", "plugin_calls", "ranking_contents",
    "rate_snapshots", "restorations", "skill_labels", "skill_parents", "skills", "stage", "ticks", "vouchers",
})  # fmt: skip

# Columns by which a row is somebody's, where not every one that may hold an account's id is.
WHOSE: Mapping[str, tuple[str, ...]] = {
    "accounts": ("id",), "audit_log": ("actor",), "events": ("actor",), "shortlist_notes": ("account_id",),
    "shortlist_thumbs": ("account_id",), "shown_rankings": ("viewer",), "invitations": ("email", "accepted_by"),
    "files": ("uploaded_by", "owner_id"), "corrections": ("asked_by",), "case_staff": ("account_id",),
    "organisations": (), "content_notices": ("account_id", "email"), "content_statements": ("account_id",),
    "hidden_messages": (),
}  # fmt: skip

# Columns that name who wrote a row's words: such a row is its writer's alone, whoever else it names or belongs to.
WRITTEN_BY: Mapping[str, str] = {
    "approval_requests": "by", "cases": "opened_by", "change_requests": "by", "deliveries": "by", "hand_picks": "by",
    "messages": "author_id", "mission_invitations": "by", "proposal_rounds": "by_account", "reviews": "by_account",
    "shortlist_entries": "by", "vetting_evidence": "by",
}  # fmt: skip

# Rows that belong to rows of somebody: table -> (its column, of which table).
BELOW: Mapping[str, tuple[str, str]] = {
    "claims": ("profile_id", "profiles"), "services": ("profile_id", "profiles"),
    "service_options": ("service_id", "services"), "alert_matches": ("alert_id", "alerts"),
    "hidden_messages": ("message_id", "messages"),
    "message_files": ("message_id", "messages"), "vetting_evidence": ("run_id", "vetting_runs"),
    "vetting_tasks": ("run_id", "vetting_runs"), "proposal_rounds": ("proposal_id", "proposals"),
    "milestones": ("contract_id", "contracts"), "timesheet_days": ("milestone_id", "milestones"),
    "deliveries": ("milestone_id", "milestones"), "payment_commands": ("hold_id", "holds"),
    "bill_payments": ("bill_id", "bills"), "subscription_bills": ("subscription_id", "subscriptions"),
    "entitlement_uses": ("entitlement_id", "entitlements"), "documents": ("contract_id", "contracts"),
    "recovery_codes": ("account_id", "accounts"),
}  # fmt: skip

# Never handed out: what opens a door, and what names staff or the machine.
WITHHELD: Mapping[str, frozenset[str]] = {
    "accounts": frozenset({"password_hash", "sign_up_mark", "totp_nonce", "totp_last_step"}),
    "sessions": frozenset({"sha256"}), "recovery_codes": frozenset({"sha256"}),
    "mails": frozenset({"action_url", "leave_url"}), "embeddings": frozenset({"vector"}),
    "payees": frozenset({"key"}), "payment_commands": frozenset({"page", "fence", "lease_until"}),
    "seals": frozenset({"token"}), "outside_signers": frozenset({"link", "code_number"}),
    "vetting_assessors": frozenset({"name", "email"}),
    "content_notices": frozenset({"about", "seen", "decided_by"}), "content_statements": frozenset({"notice_id", "by"}),
    "hidden_messages": frozenset({"by"}),
}  # fmt: skip
