"""What a page tells machines about itself: its address, its languages, how it looks when shared, structured data."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from flask import g, request
from markupsafe import Markup, escape

from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Marketplace
from marketwright.web.addresses import addresses
from marketwright.web.i18n import current_locale
from marketwright.web.routing import policy_of

_NO_DATA = Markup()
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Head:
    """Addresses are absolute. ``alternates`` are (language, address); empty where a page is for signed-in people."""

    canonical: str = ""
    alternates: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "website"
    index: bool = True
    data: Markup = _NO_DATA


def describe(path: str, *, kind: str = "website", data: Mapping[str, Any] | None = None, index: bool = True) -> None:
    """Say what the page of this request is: its stable ``path``, its Open Graph ``kind`` and JSON-LD ``data``."""
    g.described = (path, kind, data, index)


def make_head(marketplace: Marketplace) -> Head:
    """The head of the page of this request; empty for pages that are not everybody's."""
    policy = policy_of(request.endpoint, "GET") if request.endpoint else None
    if policy is None or policy.name != "public" or g.get("refused"):
        return Head(index=False)
    path, kind, data, index = g.get("described", (_own_path(), "website", None, True))
    its = addresses()
    base = marketplace.base_url
    alternates = [(code, base + its.outside(path, code)) for code in marketplace.languages]
    return Head(
        canonical=base + its.outside(path, current_locale()),
        alternates=[*alternates, ("x-default", base + path)] if len(alternates) > 1 else [], kind=kind, index=index,
        data=linked_data(data) if data else _NO_DATA,
    )  # fmt: skip


def _own_path() -> str:
    """The address of this page without what is asked of it, but for the number of a page of a list."""
    page = request.args.get("page", "")
    return request.path + (f"?page={page}" if page.isascii() and page.isdigit() and page != "1" else "")


def linked_data(data: Mapping[str, Any]) -> Markup:
    """``data`` as JSON-LD; nothing in it can end the element, and the policy lets it in by this response's nonce."""
    g.nonce = g.get("nonce") or secrets.token_urlsafe(16)
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(_UNSAFE)
    return Markup(  # noqa: S704  the characters that HTML knows are escaped above
        f'<script type="application/ld+json" nonce="{escape(g.nonce)}">{text}</script>'
    )
