"""Payments without a network and without real money: a provider with books of its own, for demos and tests."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from marketwright.plugin import Desk, Inbox, Manifest, PaymentProvider, hookimpl
from marketwright_sandbox.pages import make_blueprint
from marketwright_sandbox.provider import Sandbox, books_of
from marketwright_sandbox.settings import SandboxSettings
from marketwright_sandbox.signing import HEADER, secrets_of
from marketwright_sandbox.workbench import add_bench

manifest = Manifest(
    name="sandbox",
    summary="A payment provider without a network: its own books, its own payment page, no real money.",
    settings=SandboxSettings, core=">=0.1,<0.2",
    inbox=Inbox(header=HEADER, keys=lambda desk: secrets_of(desk.folder), about="key"),
)


@hookimpl
def register_payment_providers(settings: Mapping[str, Any]) -> list[type[PaymentProvider]]:
    """The provider ``sandbox``."""
    return [Sandbox]


@hookimpl
def register_blueprints(settings: Mapping[str, Any], desk: Desk) -> list[Blueprint]:
    """The payment page and the developer's page under ``/x/sandbox``, unless they are served from an own origin."""
    if settings["origin"]:
        return []
    books = books_of(settings, desk)

    def may() -> bool:
        visitor = desk.pages.visitor()
        return visitor is not None and visitor.may("payments.decide")

    return [add_bench(make_blueprint(books), books, f"{desk.base_url}/in/sandbox", may)]
