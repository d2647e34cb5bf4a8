"""What Stripe itself says of the platform's account, asked before going live."""

from typing import Any

import stripe

from marketwright_stripe.events import CONNECTED, EVENTS
from marketwright_stripe.keys import KEY
from marketwright_stripe.sdk import every, plain


def of_account(api: Any, inbox: str) -> list[str]:
    """What is wrong with the platform's account and its messages to ``inbox``, a sentence each with its fix."""
    try:
        account = plain(api.accounts.retrieve_current())
    except stripe.AuthenticationError:
        return [f"Stripe refuses {KEY}: revoked or mistyped. Copy it anew from the dashboard, Developers, API keys."]
    except stripe.StripeError as error:
        return [f"Stripe cannot be asked: {error.user_message or error}. Try again."]
    wrong = []
    if not account["charges_enabled"]:
        wrong.append("Stripe has not enabled payments on this account yet: complete it in the dashboard, Settings.")
    schedule = ((account.get("settings") or {}).get("payouts") or {}).get("schedule") or {}
    if schedule.get("interval") != "manual":
        wrong.append(
            "The platform’s account pays its whole balance out by itself, the clients’ money too: set its payouts to "
            "manual in the dashboard, Settings, Payouts."
        )
    return [*wrong, *_endpoints(api, inbox)]


def _endpoints(api: Any, inbox: str) -> list[str]:
    """Whether somebody is told at ``inbox`` of all that must be heard; a key that may not look says nothing."""
    try:
        there = [e for e in every(api.webhook_endpoints.list({"limit": 100})) if e["url"] == inbox]
    except stripe.StripeError:
        return []
    told = {name for e in there if e["status"] == "enabled" for name in e["enabled_events"]}
    missing = [] if "*" in told else [name for name in (*EVENTS, *CONNECTED) if name not in told]
    if not missing:
        return []
    some = ", ".join(missing[:3]) + (" and others" if missing[3:] else "")
    return [
        f"Stripe sends no messages of {some} to {inbox}: add them to its endpoints in the dashboard, Developers, "
        "Webhooks (marketwright x stripe events lists all)."
    ]
