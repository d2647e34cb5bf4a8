"""How often one may try: sign-in, sign-up, mails, codes. Counted by machine time, in this process."""

from dataclasses import dataclass

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

LIMITER = "marketwright.limiter"  # where an application keeps its counters

LIMITS: dict[str, str] = {
    "sign_in.browser": "100 per 5 minutes",
    "sign_in.account": "8 per 5 minutes",
    "sign_up.browser": "60 per hour",
    "mail.address": "4 per hour",
    "mail.browser": "60 per hour",
    "code.account": "10 per 10 minutes",
    "password.account": "10 per 10 minutes",
    "invite.account": "60 per hour",
}


@dataclass(frozen=True, slots=True)
class _Limits:
    limiter: Limiter
    items: dict[str, RateLimitItem]


def set_up(app: Flask) -> None:
    """Give ``app`` counters of its own; RATELIMIT_STORAGE_URI shares them between processes."""
    shared = app.config.get("RATELIMIT_STORAGE_URI", "memory://")
    limiter = Limiter(get_remote_address, app=app, storage_uri=shared)
    app.extensions[LIMITER] = _Limits(limiter, {name: parse(rule) for name, rule in LIMITS.items()})


def spend(name: str, *key: str) -> bool:
    """Count one try of ``name`` by ``key`` (a browser's address when empty); false when there were too many."""
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return True
    limits: _Limits = current_app.extensions[LIMITER]
    return bool(limits.limiter.limiter.hit(limits.items[name], name, *(key or (get_remote_address(),))))
