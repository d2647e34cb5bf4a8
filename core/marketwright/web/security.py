"""Headers and cookies: a strict Content-Security-Policy, no third party, private pages never cached."""

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.web.house import viewer

csrf = CSRFProtect()


def content_security_policy(
    form_action: tuple[str, ...] = (), nonce: str = "", *, framed: bool = False, frames: bool = False
) -> str:
    """The policy of a page: everything from this origin, forms also to ``form_action``.

    Nothing inline, but for the structured data that carries this response's ``nonce``. ``framed`` pages may stand in
    a frame of this origin, one with ``frames`` shows some.
    """
    ancestors = "'self'" if framed else "'none'"
    inside = "; frame-src 'self'" if frames else ""
    targets = " ".join(("'self'", *form_action))
    scripts = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
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

    @app.after_request
    def _headers(response: BaseResponse) -> BaseResponse:
        headers = response.headers
        policy = content_security_policy(
            g.get("form_action", ()), g.get("nonce", ""), framed=g.get("framed", False), frames=g.get("frames", False)
        )
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        headers.setdefault("X-Request-Id", g.get("request_id", ""))
        if marketplace.stage is Stage.LIVE and secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint not in ("static", "web.theme_static", "web.tokens", "web.share"):
            headers.setdefault("Cache-Control", "no-store" if viewer() else "no-cache")
            response.vary.add("Cookie")
        return response
