"""Headers and cookies: a strict Content-Security-Policy, no third party, private pages never cached."""

from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.web.house import viewer

csrf = CSRFProtect()
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
)  # fmt: skip
_SHARED = ("static", "web.theme_static", "web.tokens", "web.share")  # the same for everybody, kept by any cache


class _Cookies(SecureCookieSessionInterface):
    """Sessions in signed cookies as Flask makes them; what signs is made once for a key, and not for no cookie."""

    def __init__(self) -> None:
        self._made: tuple[Any, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ())
        known, made = self._made
        if known != keys:
            made = super().get_signing_serializer(app)
            self._made = keys, made
        return made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if app.secret_key and self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.modified:
            super().save_session(app, session, response)
        elif session.accessed and "cookie" not in response.headers.get("Vary", "").lower():
            response.vary.add("Cookie")


def content_security_policy(
    form_action: tuple[str, ...] = (), nonce: str = "", *, framed: bool = False, frames: bool = False
) -> str:
    """The policy of a page: everything from this origin, forms also to ``form_action``.

    Nothing inline, but for the structured data that carries this response's ``nonce``. ``framed`` pages may stand in
    a frame of this origin, one with ``frames`` shows some.
    """
    policy = _policy(form_action, framed=framed, frames=frames)
    return policy.replace("script-src 'self'", f"script-src 'self' 'nonce-{nonce}'") if nonce else policy


@lru_cache(256)
def _policy(form_action: tuple[str, ...], *, framed: bool, frames: bool) -> str:
    ancestors = "'self'" if framed else "'none'"
    inside = "; frame-src 'self'" if frames else ""
    targets = " ".join(("'self'", *form_action))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action {targets}; base-uri 'none'; manifest-src 'self'; "
        f"frame-ancestors {ancestors}{inside}"
    )


def protect(app: Flask, marketplace: Marketplace) -> None:
    """Set cookie flags, CSRF and headers on ``app``."""
    secure = marketplace.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=marketplace.secret_key,
        SESSION_COOKIE_NAME=("__Host-" if secure else "") + f"{marketplace.slug}-session",
        SESSION_COOKIE_SECURE=secure, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/", WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=secure,
        MAX_CONTENT_LENGTH=25 * 1024 * 1024, MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024, MAX_FORM_PARTS=2000,
    )  # fmt: skip
    csrf.init_app(app)
    app.session_interface = _Cookies()
    always = list(_ALWAYS)
    if marketplace.stage is Stage.LIVE and secure:
        always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    @app.after_request
    def _headers(response: BaseResponse) -> BaseResponse:
        headers = response.headers
        policy = content_security_policy(
            g.get("form_action", ()), g.get("nonce", ""), framed=g.get("framed", False), frames=g.get("frames", False)
        )
        given = [("Content-Security-Policy", policy), ("X-Request-Id", g.get("request_id", "")), *always]
        there = {name.lower() for name, _ in headers}
        if request.endpoint not in _SHARED:
            given.append(("Cache-Control", "no-store" if viewer() else "no-cache"))
            if "vary" in there:
                response.vary.add("Cookie")
            else:
                given.append(("Vary", "Cookie"))
        for name, value in given:
            if name.lower() not in there:
                headers.add(name, value)
        return response
