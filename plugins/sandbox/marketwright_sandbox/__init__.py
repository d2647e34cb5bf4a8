"""Payments without a network and without real money: a provider with books of its own, for demos and tests."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from marketwright.plugin import Desk, Inbox, Manifest, PaymentProvider, hookimpl
from marketwright_sandbox.pages import make_blueprint
from marketwright_sandbox.provider import Sandbox, books_of
from marketwright_sandbox.settings import SandboxSettings
from marketwright_sandbox.signing import HEADER, secrets_of

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
    """The payment page under ``/x/sandbox``, unless it is served from an origin of its own."""
    return [] if settings["origin"] else [make_blueprint(books_of(settings, desk))]
