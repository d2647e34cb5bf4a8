"""``marketwright plugins list|doctor``."""

import sys
from typing import Any

import click

from marketwright.cli.shared import as_json, open_house, open_marketplace, show


@click.group("plugins")
def command() -> None:
    """List the plugins and look for what is wrong with them."""


@command.command("list")
@as_json
@click.pass_context
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """All installed plugins, and whether this marketplace enables them, in its order."""
    from marketwright.hooks.manager import installed, load_module

    marketplace = open_marketplace(ctx)
    order = {name: i + 1 for i, name in enumerate(marketplace.plugins)}
    rows: list[dict[str, Any]] = []
    for name in sorted(installed(), key=lambda n: (order.get(n, 999), n)):
        manifest = getattr(load_module(name), "manifest", None)
        rows.append(
            {"order": order.get(name, ""), "name": name, "enabled": "yes" if name in order else "no",
             "version": getattr(manifest, "version", ""), "summary": getattr(manifest, "summary", "")}
        )  # fmt: skip
    show(rows, json_wanted=as_json, empty="No plugin is installed.")


@command.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Load every enabled plugin as a start would and say what is wrong or missing; exit code 1 if anything is."""
    from marketwright.app import create_app

    house = open_house(ctx)
    create_app(house.marketplace, house)
    rows = [{"plugin": "", "finding": f"The site cannot do: {sentence}."} for sentence in house.missing]
    for plugin in house.plugins.enabled:
        rows += [
            {"plugin": plugin.name, "finding": f"The secret {name} is not set."}
            for name, value in plugin.desk.secret_values.items()
            if not value
        ]
    show(rows, json_wanted=as_json, empty=f"{len(house.plugins.enabled)} plugins, nothing wrong.")
    sys.exit(1 if rows else 0)
