"""What Stripe itself says of the platform's account, asked before going live."""

from typing import Any

import stripe

from marketwright_stripe.keys import KEY
from marketwright_stripe.sdk import plain


def of_account(api: Any) -> list[str]:
    """What is wrong with the platform's account, a sentence each with its fix."""
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
    return wrong
