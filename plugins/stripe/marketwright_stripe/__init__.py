"""Stripe Connect: for now the double that payments are drilled against; the payment provider is not written yet."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from marketwright.plugin import Desk, Manifest, hookimpl

manifest = Manifest(
    name="stripe", summary="A double of Stripe on this machine, to drill payments without a network.",
    core=">=0.1,<0.2",
)  # fmt: skip


@hookimpl
def register_commands(settings: Mapping[str, Any], desk: Desk) -> Sequence[click.Command]:
    """``marketwright x stripe double``."""

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

    return [double]
