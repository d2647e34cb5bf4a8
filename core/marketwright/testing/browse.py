"""A browser without a browser: Flask's test client that carries CSRF tokens and signs people in."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from marketwright.kernel.actors import Actor

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browse:
    """One visitor. ``get`` and ``post`` follow no redirects unless asked; ``post`` adds the CSRF token."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def get(self, path: str, **kw: Any) -> TestResponse:
        """GET ``path``."""
        return self.client.get(path, **kw)

    def post(self, path: str, data: dict[str, Any] | None = None, **kw: Any) -> TestResponse:
        """POST a form to ``path`` with a valid CSRF token."""
        return self.client.post(path, data={"csrf_token": self.csrf(), **(data or {})}, **kw)

    def csrf(self) -> str:
        """A CSRF token of this visitor's session."""
        from flask import g
        from flask_wtf.csrf import generate_csrf

        with self.client.session_transaction() as session:
            kept = dict(session)
        with self.app.test_request_context():
            from flask import session as fresh

            fresh.update(kept)
            g.pop("csrf_token", None)
            token = generate_csrf()
            kept = dict(fresh)
        with self.client.session_transaction() as session:
            session.update(kept)
        return str(token)

    def sign_in(self, account: str) -> "Browse":
        """Sign ``account`` in through the accounts room's own service."""
        from marketwright.features.accounts.sessions import start_session

        house = self.app.extensions["marketwright"]
        actor = Actor(kind="person", id=account)
        with house.database.unit(actor) as uow:
            token = start_session(uow, account=account, address="127.0.0.1", agent="tests")
            uow.commit()
        with self.client.session_transaction() as session:
            session["sid"] = token
        return self
