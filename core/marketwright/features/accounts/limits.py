"""How often one may try: sign-in, sign-up, mails, codes. Counted by machine time, in this process."""

import logging
import os
from dataclasses import dataclass, field

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from marketwright.kernel.errors import BadSetting

log = logging.getLogger("marketwright.limits")

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
    "voucher.account": "20 per hour",
    "paper.browser": "120 per 10 minutes",
    "paper.code": "6 per hour",
}


@dataclass(frozen=True, slots=True)
class _Limits:
    limiter: Limiter
    items: dict[str, RateLimitItem]
    alone: RateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))

    def hit(self, name: str, key: tuple[str, ...]) -> bool:
        """Count a try; in this process alone while the shared counters do not answer."""
        try:
            return bool(self.limiter.limiter.hit(self.items[name], name, *key))
        except self.limiter.limiter.storage.base_exceptions as error:
            log.warning("the shared counters do not answer, this process counts alone: %s", error)
            return bool(self.alone.hit(self.items[name], name, *key))


def set_up(app: Flask) -> None:
    """Give ``app`` counters of its own; ``MARKETWRIGHT_REDIS_URL`` shares them between processes and machines."""
    shared = app.config.get("RATELIMIT_STORAGE_URI") or os.environ.get("MARKETWRIGHT_REDIS_URL") or "memory://"
    try:
        limiter = Limiter(get_remote_address, app=app, storage_uri=shared)
    except ConfigurationError as error:
        raise BadSetting(
            f"{error}.", where="environment: MARKETWRIGHT_REDIS_URL",
            fix="Write redis://host:6379/0, and install the extra: pip install 'redis>=5'.",
        ) from error  # fmt: skip
    app.extensions[LIMITER] = _Limits(limiter, {name: parse(rule) for name, rule in LIMITS.items()})


def spend(name: str, *key: str) -> bool:
    """Count one try of ``name`` by ``key`` (a browser's address when empty); false when there were too many."""
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return True
    limits: _Limits = current_app.extensions[LIMITER]
    return limits.hit(name, key or (get_remote_address(),))
