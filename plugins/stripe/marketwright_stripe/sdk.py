"""Stripe's own SDK over the desk's way out: only the declared host, one version of the API, no retries of its own.

Whether something is asked again is core's to decide. Imports the package ``stripe``, so it is imported where used.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import stripe

from marketwright.plugin import Http, HttpFailed

API_VERSION = "2026-10-28.endive"
SENT = ("authorization", "idempotency-key", "stripe-version", "stripe-account", "content-type")
UNREAD = (400, 402, 404)  # of a question: nothing was refused, nothing is known
Thing = dict[str, Any]
logging.getLogger("stripe").setLevel(logging.WARNING)  # it writes two lines for each request


class Line(stripe.HTTPClient):
    """Carries the SDK's requests over ``desk.http``, without what it tells of this machine."""

    name = "marketwright"

    def __init__(self, http: Http, timeout: float = 15.0) -> None:
        super().__init__()
        self.http, self.timeout = http, timeout

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_more: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """One request; what gets lost on the way is the SDK's ``APIConnectionError``."""
        kept = {k: v for k, v in (headers or {}).items() if k.lower() in SENT}
        body = post_data if isinstance(post_data, bytes) else str(post_data or "").encode()
        try:
            answer = self.http.request(method.upper(), url, body=body, headers=kept, timeout=self.timeout)
        except HttpFailed as failed:
            raise stripe.APIConnectionError(str(failed)) from failed  # type: ignore[no-untyped-call]
        text = answer.body.decode("utf-8", "replace")
        if method.lower() == "get" and answer.status in UNREAD:
            msg = f"Stripe answers a question with status {answer.status}"
            raise stripe.APIError(msg, text, answer.status)
        return text, answer.status, _Headers(answer.headers)

    def close(self) -> None:
        """Nothing is kept open."""


class _Headers(dict[str, str]):
    """Headers whose names are found in any case, as the SDK looks for them."""

    def __init__(self, found: Mapping[str, str]) -> None:
        super().__init__({k.lower(): v for k, v in found.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None) -> Any:
        """The header ``name``."""
        return super().get(name.lower(), default)


def connect(key: str, base: str, http: Http) -> Any:
    """The services of version 1 of the API, for the platform's ``key``."""
    client = stripe.StripeClient(
        key, stripe_version=API_VERSION, base_addresses={"api": base}, max_network_retries=0, http_client=Line(http)
    )  # fmt: skip
    return client.v1


def plain(thing: Any) -> Thing:
    """An object of the SDK as nested dicts."""
    found: Thing = thing.to_dict()
    return found


def every(listed: Any) -> Iterator[Thing]:
    """Every object of a list, page after page."""
    return (plain(thing) for thing in listed.auto_paging_iter())


def command_of(thing: Mapping[str, Any]) -> str:
    """The key of the command that an object was made for, '' for one that is not ours."""
    found = (thing.get("metadata") or {}).get("command", "")
    return found if isinstance(found, str) else ""
