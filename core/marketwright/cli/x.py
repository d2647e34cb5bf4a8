"""``marketwright x <plugin> …``: the commands that the plugins of a marketplace bring."""

from typing import Any

import click

from marketwright.cli.shared import open_house


class PluginCommands(click.Group):
    """One group a plugin; the marketplace is opened when one of them is asked for, and not before."""

    def _found(self, ctx: click.Context) -> dict[str, list[Any]]:
        root = ctx.find_root()
        if "x" not in root.meta:
            found: dict[str, list[Any]] = {}
            for name, brought in open_house(ctx).plugins.commands:
                found.setdefault(name, []).append(brought)
            root.meta["x"] = found
        commands: dict[str, list[Any]] = root.meta["x"]
        return commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The plugins that bring commands; none outside a marketplace's folder."""
        from pathlib import Path

        folder = ctx.find_root().obj
        there = folder is not None and (Path(folder) / "marketplace.toml").is_file()
        return sorted(self._found(ctx)) if there else []

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The commands of the plugin ``name``."""
        brought = self._found(ctx).get(name)
        if not brought:
            return None
        plugin = click.Group(name, help=f"Commands of the plugin {name}.")
        for one in brought:
            if not isinstance(one, click.Command):
                raise click.ClickException(f"the plugin {name} brings {one!r}, which is no click command")
            plugin.add_command(one)
        return plugin


@click.group("x", cls=PluginCommands)
def command() -> None:
    """Commands that the marketplace's plugins bring."""
