"""Freelancers' connected accounts: opened once, completed on Stripe's own pages, what is missing in core's words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from marketwright.plugin import Answer, Command, Desk, Need, Outcome, Requirement
from marketwright_stripe import outcomes
from marketwright_stripe.sdk import Thing, every, plain
from marketwright_stripe.tables import account_of, remember_account

NEEDS = (  # the first that a requirement holds
    ("tos_acceptance", Need.TERMS), ("external_account", Need.BANK_ACCOUNT), ("owners", Need.OWNERS),
    ("representative", Need.REPRESENTATIVE), ("executives", Need.REPRESENTATIVE),
    ("directors", Need.REPRESENTATIVE), ("company.verification", Need.BUSINESS_DOCUMENT),
    ("documents.", Need.BUSINESS_DOCUMENT), ("verification", Need.IDENTITY_DOCUMENT), ("address", Need.ADDRESS),
    ("email", Need.CONTACT), ("phone", Need.CONTACT), ("tax_id", Need.TAX_NUMBER), ("vat_id", Need.TAX_NUMBER),
    ("id_number", Need.TAX_NUMBER), ("business_type", Need.BUSINESS), ("company", Need.BUSINESS),
    ("business_profile", Need.ACTIVITY), ("individual", Need.IDENTITY), ("person", Need.IDENTITY),
)  # fmt: skip
TEMPORARY = ("requirements.past_due", "requirements.pending_verification", "under_review",
             "action_required.requested_capabilities", "pending.onboarding", "pending.review")  # fmt: skip


def onboard(desk: Desk, api: Any, command: Command, settings: Mapping[str, Any], *, live: bool) -> Answer:
    """Open the account of ``command.payee`` where there is none, and give the way to complete it."""
    account = account_of(desk, command.payee, live=live) or _open(desk, api, command, settings, live=live)
    return standing(api, plain(api.accounts.retrieve(account)), command)


def look(api: Any, account: str) -> Answer:
    """How ``account`` stands, without a way to complete it: that is made for whoever asks to go there."""
    return standing(api, plain(api.accounts.retrieve(account)))


def _open(desk: Desk, api: Any, command: Command, settings: Mapping[str, Any], *, live: bool) -> str:
    """A new account: express pages, payouts on our word only, the platform bears Stripe's fees and losses.

    What was opened and not remembered (a kill in between, a restored backup) is found by its payee.
    """
    known = next((a["id"] for a in every(api.accounts.list({"limit": 100})) if payee_of(a) == command.payee), "")
    if not known:
        asked = {
            "country": command.country or settings["country"], "metadata": {"payee": command.payee},
            "controller": {
                "fees": {"payer": "application"}, "losses": {"payments": "application"},
                "requirement_collection": "stripe", "stripe_dashboard": {"type": "express"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "settings": {"payouts": {"schedule": {"interval": "manual"}}},
        }  # fmt: skip
        made = outcomes.persistently(
            lambda key: api.accounts.create(asked, {"idempotency_key": key}), f"account-{command.payee}"
        )  # fmt: skip
        known = str(made["id"])
    return remember_account(desk, command.payee, known, live=live)


def payee_of(account: Thing) -> str:
    """Whose account it is, '' for one that is not ours."""
    return str((account.get("metadata") or {}).get("payee", ""))


def standing(api: Any, account: Thing, command: Command | None = None) -> Answer:
    """How an account stands; with ``command`` a way to complete it where there is something to fill in."""
    name, missing = account["id"], tuple(wanting(account))
    if ready(account):
        return Answer(Outcome.CONFIRMED, name, amount=0, missing=missing, marks=tuple(_marks(account)))
    stopped = account["requirements"]["disabled_reason"]
    if stopped and stopped not in TEMPORARY:
        return outcomes.refused(outcomes.REJECTED, name)
    if command is None or all(r.need is Need.REVIEW for r in missing):
        return Answer(Outcome.WAITING, name, missing=missing or (Requirement(Need.REVIEW),))
    link = api.account_links.create({
        "account": name, "type": "account_onboarding", "return_url": command.return_to,
        "refresh_url": command.return_to, "collection_options": {"fields": "eventually_due"},
    })  # fmt: skip
    return Answer(Outcome.PAGE, name, page=str(link.url), missing=missing)


def ready(account: Thing) -> bool:
    """Whether money can be moved to the account, and from there to a bank."""
    return account["capabilities"].get("transfers") == "active" and bool(account["payouts_enabled"])


def wanting(account: Thing) -> Iterator[Requirement]:
    """What is missing, each need once."""
    asked = account["requirements"]
    by = datetime.fromtimestamp(asked["current_deadline"], UTC) if asked["current_deadline"] else None
    seen: set[Need] = set()
    for field in (*asked["past_due"], *asked["currently_due"]):
        need = next((found for part, found in NEEDS if part in field), Need.OTHER)
        if need not in seen:
            seen.add(need)
            yield Requirement(need, by, field if need is Need.OTHER else "")
    if asked["pending_verification"]:
        yield Requirement(Need.REVIEW)


def _marks(account: Thing) -> Iterator[str]:
    for bank in (account.get("external_accounts") or {}).get("data", ()):
        if bank.get("fingerprint"):
            yield str(bank["fingerprint"])
