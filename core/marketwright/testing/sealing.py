"""The cookie of a session, made without a browser: signed as the site signs it."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from marketwright.settings.marketplace import Marketplace


def session_cookie(marketplace: Marketplace, values: Mapping[str, Any]) -> dict[str, str]:
    """Name and value of the session cookie that holds ``values``."""
    app = Flask("sealing")
    app.secret_key = marketplace.secret_key
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {"name": f"{marketplace.slug}-session", "value": serializer.dumps(dict(values))}
