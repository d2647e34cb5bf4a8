"""A room's pages: a blueprint whose every route declares its policy."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.web.house import viewer
from marketwright.web.limits import within
from marketwright.web.policy import Decision, Policy

View = TypeVar("View", bound=Callable[..., Any])
POLICIES = "marketwright.policies"


class Pages:
    """The pages of one room. ``get``, ``post`` and ``form`` (both) take a rule and a policy; there is no third way."""

    def __init__(self, room: str, *, prefix: str = "") -> None:
        self.room = room
        self.blueprint = Blueprint(room, f"marketwright.{room}", url_prefix=prefix or None)
        self.policies: dict[tuple[str, str], Policy] = {}

    def _add(self, rule: str, policy: Policy, methods: tuple[str, ...], endpoint: str | None) -> Callable[[View], View]:
        def mark(view: View) -> View:
            name = endpoint or view.__name__
            self.blueprint.add_url_rule(rule, name, view, methods=list(methods))
            for method in methods:
                self.policies[f"{self.room}.{name}", method] = policy
            return view

        return mark

    def get(self, rule: str, policy: Policy, *, endpoint: str | None = None) -> Callable[[View], View]:
        """A page that only shows."""
        return self._add(rule, policy, ("GET",), endpoint)

    def post(self, rule: str, policy: Policy, *, endpoint: str | None = None) -> Callable[[View], View]:
        """A deed: changes something, then redirects."""
        return self._add(rule, policy, ("POST",), endpoint)

    def form(self, rule: str, policy: Policy, *, endpoint: str | None = None) -> Callable[[View], View]:
        """A form: GET shows it, POST takes it, under one policy (S3)."""
        return self._add(rule, policy, ("GET", "POST"), endpoint)


def policy_of(endpoint: str, method: str) -> Policy | None:
    """The declared policy of a route, or ``None``."""
    found: Policy | None = current_app.extensions[POLICIES].get((endpoint, "GET" if method == "HEAD" else method))
    return found


def enforce() -> BaseResponse | None:
    """Before each request: let through, send to sign-in, or refuse. A route without a policy is refused."""
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    policy = policy_of(request.endpoint, request.method)
    if policy is None:
        abort(404 if request.endpoint != "static" else 403)
    decision = policy.decide(viewer())
    if decision is Decision.ALLOW:
        return None if not policy.limit or within(policy.limit) else abort(429)
    if decision is Decision.SIGN_IN:
        back = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in", next=back), 303)
    return abort(403 if decision is Decision.FORBID else 404)
