"""Stripe Connect: a payment provider, and the double that payments are drilled against."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from marketwright.plugin import Desk, Inbox, Manifest, PaymentProvider, hookimpl
from marketwright_stripe.events import CONNECTED, EVENTS
from marketwright_stripe.keys import CONNECT_WEBHOOK, SECRETS, WEBHOOK
from marketwright_stripe.provider import Stripe
from marketwright_stripe.settings import StripeSettings
from marketwright_stripe.tables import Base, erase, export

manifest = Manifest(
    name="stripe",
    summary="Payments through Stripe Connect: paid on Stripe’s page, held by Stripe until release.",
    settings=StripeSettings, core=">=0.1,<0.2", reads=("organisations",), hosts=("setting:api_base",), secrets=SECRETS,
    inbox=Inbox(header="stripe-signature", secrets=(WEBHOOK, CONNECT_WEBHOOK), about="data.object.metadata.command",
                live="livemode"),
    tables=Base, export=export, erase=erase,
)  # fmt: skip


@hookimpl
def register_payment_providers(settings: Mapping[str, Any]) -> list[type[PaymentProvider]]:
    """The provider ``stripe``."""
    return [Stripe]


@hookimpl
def register_commands(settings: Mapping[str, Any], desk: Desk) -> Sequence[click.Command]:
    """``marketwright x stripe double|events``."""

    @click.command("double")
    @click.option("--port", default=12111, show_default=True, help="Port on 127.0.0.1, 0 for a free one.")
    @click.option("--secret", default="whsec_double", show_default=True, help="What its messages are signed with.")
    def double(port: int, secret: str) -> None:
        """Serve a Stripe on this machine; its durable log lies in the plugin's folder."""
        if desk.stage == "live":
            msg = "the double is for tests and demonstrations; this marketplace is live"
            raise click.ClickException(msg)
        from marketwright_stripe.double.__main__ import serve

        serve(port=port, log=desk.folder / "double.sqlite", webhook=f"{desk.base_url}/in/stripe", secret=secret)

    @click.command("events")
    def events() -> None:
        """List what the webhook endpoints at Stripe must be told of."""
        for title, names in (("your account", EVENTS), ("connected accounts", CONNECTED)):
            click.echo(f"Endpoint for events of {title}: {desk.inbox.address}")
            for name in names:
                click.echo(f"  {name}")

    return [double, events]
