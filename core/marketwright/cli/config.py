"""``marketwright config check|show``."""

from dataclasses import asdict
from typing import Any

import click

from marketwright.cli.shared import as_json, open_house, open_marketplace, print_json


@click.group("config")
def command() -> None:
    """Check and show the settings of a marketplace."""


@command.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Load settings, plugins, theme and processes as a start would; say what is missing."""
    from marketwright.app import create_app

    house = open_house(ctx)
    create_app(house.marketplace, house)
    click.echo(f"{house.marketplace.name}: the settings are good, {len(house.plugins.enabled)} plugins enabled.")
    for sentence in house.missing:
        click.echo(f"Not there yet: {sentence}.")


@command.command()
@as_json
@click.pass_context
def show(ctx: click.Context, *, as_json: bool) -> None:
    """Print every setting as it is in force; secrets are left out."""
    values = _flat(asdict(open_marketplace(ctx)))
    values.pop("secret_key", None)
    if as_json:
        print_json(values)
        return
    for key, value in values.items():
        click.echo(f"{key} = {value}")


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            flat.update(_flat(value, f"{name}."))
        elif name == "database_url":
            from sqlalchemy.engine import make_url

            flat[name] = make_url(value).render_as_string(hide_password=True)
        elif name != "secret_key":
            flat[name] = str(value) if not isinstance(value, bool | int | tuple | list) else value
    return flat
