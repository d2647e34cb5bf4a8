"""Stripe's keys: which mode they are of, and whether that fits the stage."""

from marketwright.plugin import Desk

KEY = "MARKETWRIGHT_STRIPE_KEY"
WEBHOOK, CONNECT_WEBHOOK = "MARKETWRIGHT_STRIPE_WEBHOOK_SECRET", "MARKETWRIGHT_STRIPE_CONNECT_WEBHOOK_SECRET"
SECRETS = (KEY, WEBHOOK, CONNECT_WEBHOOK)


def mode(key: str) -> str:
    """``live`` or ``test``; '' for what is no secret or restricted key of Stripe's."""
    kind, _, rest = key.partition("_")
    found = rest.partition("_")[0]
    return found if kind in ("sk", "rk") and found in ("live", "test") else ""


def misfit(desk: Desk, api_base: str, stripe: str) -> str:
    """Why the marketplace must not start with these keys, with the fix; '' when it may."""
    found, live = mode(desk.secrets[KEY]), desk.stage == "live"
    if live and found == "test":
        return f"{KEY} is a test key and this marketplace is live: put the live key (sk_live_… or rk_live_…) there"
    if not live and found == "live":
        return (
            f"{KEY} is a live key and this marketplace is at the stage {desk.stage}: put the test key (sk_test_…) "
            "there, or set marketplace.stage to live"
        )
    if live and api_base != stripe:
        return f"plugin.stripe.api_base is {api_base}, and a live marketplace pays over {stripe} alone: remove it"
    return ""


def lacking(desk: Desk) -> list[str]:
    """What the keys lack for a live stage, a sentence each with its fix."""
    key, found = desk.secrets[KEY], mode(desk.secrets[KEY])
    wrong = []
    if not key:
        wrong.append(f"{KEY} is not set: copy the secret key from Stripe’s dashboard, Developers, API keys.")
    elif not found:
        wrong.append(f"{KEY} is no secret key of Stripe’s: take the one that begins with sk_live_ or rk_live_.")
    elif found == "test":
        wrong.append(f"{KEY} is a test key: a live stage needs the live one (sk_live_… or rk_live_…).")
    wrong += [
        f"{name} is not set: without it no message of Stripe’s is taken. Copy the signing secret (whsec_…) of the "
        "endpoint from Stripe’s dashboard, Developers, Webhooks."
        for name in (WEBHOOK, CONNECT_WEBHOOK) if not desk.secrets[name]
    ]  # fmt: skip
    return wrong
