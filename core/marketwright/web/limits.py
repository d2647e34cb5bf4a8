"""How often one may try: sign-in, codes, mails; messages, files and the rest as the settings say. By machine time."""

import logging
import os
from dataclasses import field
from typing import cast

from flask import Flask, current_app, request
from limits import RateLimitItem, RateLimitItemPerHour, parse
from limits.errors import ConfigurationError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from marketwright.kernel.errors import BadSetting, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.house import house, the_viewer

log = logging.getLogger("marketwright.limits")

TOO_MUCH = say("That was very much within an hour. Wait a while, then send it again.")
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
    "report": "20 per hour",
}


@dataclass(frozen=True, slots=True)
class _Limits:
    limiter: RateLimiter
    items: dict[str, RateLimitItem]
    alone: RateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))

    def hit(self, item: RateLimitItem, key: tuple[str, ...]) -> bool:
        """Count a try; in this process alone while the shared counters do not answer."""
        try:
            return bool(self.limiter.hit(item, *key))
        except self.limiter.storage.base_exceptions as error:
            log.warning("the shared counters do not answer, this process counts alone: %s", error)
            return bool(self.alone.hit(item, *key))

    def clear(self, item: RateLimitItem, key: tuple[str, ...]) -> None:
        """Count from nothing again."""
        self.alone.clear(item, *key)
        try:
            self.limiter.clear(item, *key)
        except self.limiter.storage.base_exceptions as error:
            log.warning("the shared counters do not answer: %s", error)


def set_up(app: Flask) -> None:
    """Give ``app`` counters of its own; ``MARKETWRIGHT_REDIS_URL`` shares them between processes and machines."""
    shared = app.config.get("RATELIMIT_STORAGE_URI") or os.environ.get("MARKETWRIGHT_REDIS_URL") or "memory://"
    try:
        limiter = FixedWindowRateLimiter(cast("Storage", storage_from_string(shared)))
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
    return limits.hit(limits.items[name], (name, *(key or (request.remote_addr or "",))))


def forgive(name: str, *key: str) -> None:
    """Forget the tries of ``name`` by ``key``: the last one was right."""
    if current_app.config.get("RATELIMIT_ENABLED", True):
        limits: _Limits = current_app.extensions[LIMITER]
        limits.clear(limits.items[name], (name, *key))


def within(name: str, *key: str) -> bool:
    """Count a deed of the kind ``name`` (a key of ``[limits]``) of the viewer or of ``key``; false above the limit."""
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return True
    limits: _Limits = current_app.extensions[LIMITER]
    item = RateLimitItemPerHour(getattr(house().marketplace.limits, name))
    return limits.hit(item, (f"settings.{name}", *(key or (the_viewer().account,))))


def keep_within(name: str, field: str = "") -> None:
    """The same for a form, which keeps what was typed: raises ``InvalidInput`` under ``field`` above the limit."""
    if not within(name):
        raise InvalidInput({field: [TOO_MUCH]})
