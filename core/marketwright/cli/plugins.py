"""``marketwright plugins list|show|enable|disable|move|doctor|person|uninstall``."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import as_json, open_current, open_house, open_marketplace, operator, print_json, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketwright.web.house import House

to_file = click.option("--file", "to_file", is_flag=True, help="Change marketplace.toml, not the console's layer.")
because = click.option("--note", default="", help="Why; the history keeps it.")


@click.group("plugins")
def command() -> None:
    """List the plugins, enable and disable them, and look for what is wrong with them."""


@command.command("list")
@as_json
@click.pass_context
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """All plugins there are, installed or in the folder, and which are enabled, in their order."""
    from marketwright.features.desk.report import reports

    rows = [
        {"order": r.order or "", "name": r.name, "enabled": "yes" if r.enabled else "no", "version": r.version,
         **({"core": r.core} if as_json else {}), "where": r.where, "errors": r.errors,
         "summary": r.trouble or r.summary}
        for r in reports(open_house(ctx))
    ]  # fmt: skip
    show(rows, json_wanted=as_json, empty="No plugin is installed.")


@command.command("show")
@click.argument("name")
@as_json
@click.pass_context
def show_(ctx: click.Context, name: str, *, as_json: bool) -> None:
    """Everything there is to say of one plugin: what it brings, reads and calls, its jobs, tables, errors, time."""
    from marketwright.features.desk.life import available
    from marketwright.features.desk.report import report

    house = open_house(ctx)
    if name not in {*available(house), *house.marketplace.plugins}:
        raise click.UsageError(f"no plugin named {name!r}; there are {', '.join(available(house))}")
    said = asdict(report(house, name))
    if as_json:
        print_json(said)
        return
    for key, value in said.items():
        if value not in ("", (), {}, [], None):
            click.echo(f"{key}: {_line(value)}")


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_line(v)}" for k, v in value.items() if v not in ("", None))
    if isinstance(value, tuple | list):
        return "; ".join(_line(v) if isinstance(v, dict | tuple) else str(v) for v in value)
    return f"{value:.3f}" if isinstance(value, float) else str(value)


@command.command()
@click.argument("name")
@because
@to_file
@click.pass_context
def enable(ctx: click.Context, name: str, *, note: str, to_file: bool) -> None:
    """Enable NAME, last in the order; the site is built with it first."""
    from marketwright.features.desk import life

    def deed(house: "House", by: Any) -> None:
        life.enable(house, by, name, note=note)

    _change(ctx, deed, lambda now: (*now, name) if name not in now else None, to_file=to_file)
    click.echo(f"{name} is enabled.")


@command.command()
@click.argument("name")
@because
@to_file
@click.pass_context
def disable(ctx: click.Context, name: str, *, note: str, to_file: bool) -> None:
    """Disable NAME; refused with the list of open contracts that need it. Its tables and settings stay."""
    from marketwright.features.desk import life

    def deed(house: "House", by: Any) -> None:
        life.disable(house, by, name, note=note)

    def without(now: tuple[str, ...]) -> tuple[str, ...] | None:
        return tuple(n for n in now if n != name) if name in now else None

    _change(ctx, deed, without, to_file=to_file)
    click.echo(f"{name} is disabled.")


@command.command()
@click.argument("name")
@click.argument("by", type=int)
@because
@click.pass_context
def move(ctx: click.Context, name: str, by: int, *, note: str) -> None:
    """Move NAME by so many places in the order (-1 is one up: `move -- NAME -1`)."""
    from marketwright.features.desk import life

    _change(ctx, lambda house, who: life.reorder(house, who, name, by, note=note), None, to_file=False)
    click.echo(f"{name} was moved.")


def _change(
    ctx: click.Context, deed: "Callable[[House, Any], Any]",
    names: "Callable[[tuple[str, ...]], tuple[str, ...] | None] | None", *, to_file: bool,
) -> None:  # fmt: skip
    """By the overlay of a running site; by the file where that is asked, or where there is no database yet."""
    from marketwright.app import create_app
    from marketwright.features.desk.life import has_overlay

    house = open_house(ctx)
    if names is not None and (to_file or not has_overlay(house)):
        _in_file(ctx, house, names)
        return
    create_app(house.marketplace, house)
    deed(house, operator())


def _in_file(
    ctx: click.Context, house: "House", names: "Callable[[tuple[str, ...]], tuple[str, ...] | None]"
) -> None:
    from marketwright.app import build_house, create_app
    from marketwright.features.desk.life import refuse_in_use
    from marketwright.kernel.errors import BadSetting, Conflict
    from marketwright.settings.editing import with_plugins, write

    base = open_marketplace(ctx)
    wanted = names(base.plugins)
    if wanted is None:
        raise Conflict("The file says so already.")
    refuse_in_use(house, [n for n in base.plugins if n not in wanted])
    file = base.source.file or base.folder / "marketplace.toml"
    before = file.read_text("utf-8")
    write(file, with_plugins(before, wanted))
    try:
        built = build_house(open_marketplace(ctx))
        create_app(built.marketplace, built)
        built.database.dispose()
    except BadSetting:
        write(file, before)
        raise


@command.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask: its tables are exported, then dropped.")
@click.pass_context
def uninstall(ctx: click.Context, name: str, *, yes: bool) -> None:
    """Disable NAME for good: its tables are exported to a file first, then dropped; its files stay in var/plugins."""
    from marketwright.app import create_app
    from marketwright.features.desk import leaving

    house = open_current(ctx)
    create_app(house.marketplace, house)
    leaving.refuse(house, name)
    if not yes:
        click.confirm(f"Disable {name}, export its tables and drop them?", abort=True)
    left = leaving.leave(house, operator(), name)
    click.echo(f"{name} is disabled." if left.disabled else f"{name} was not enabled.")
    if left.export:
        click.echo(f"Its tables ({', '.join(left.tables)}) were exported to {left.export} and dropped.")
    click.echo(f"Now remove its package: pip uninstall {left.package}" if left.package else
               "Now remove its folder from plugins/.")  # fmt: skip


@command.command()
@click.argument("mail")
@click.option("--forget", is_flag=True, help="Let them forget it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_context
def person(ctx: click.Context, mail: str, *, forget: bool, yes: bool, as_json: bool) -> None:
    """What the enabled plugins keep of the person with the address MAIL; with --forget they erase it.

    Exit code 1 if a plugin failed or does not say what it keeps.
    """
    from marketwright.app import create_app
    from marketwright.features.accounts import queries as accounts
    from marketwright.features.desk import people
    from marketwright.kernel.errors import NotFound

    house = open_current(ctx)
    create_app(house.marketplace, house)
    with house.database.reading() as session:
        found = accounts.account_by_email(session, mail)
    if found is None:
        raise NotFound(f"Nobody here has the address {mail}.")
    if forget and not yes:
        click.confirm(f"Let the plugins forget {found.name}?", abort=True)
    said = people.forget(house, operator(), found.id) if forget else people.kept_of(house, found.id)
    if as_json:
        print_json({"gave": said.gave, "failed": said.failed, "silent": said.silent})
    else:
        for name, given in said.gave.items():
            kept = "forgotten" if forget else json.dumps(given, ensure_ascii=False, default=str)
            click.echo(f"{name}: {kept}")
        for name, why in said.failed.items():
            click.echo(f"{name}: failed, {why}", err=True)
        for name in said.silent:
            click.echo(f"{name}: keeps tables and does not say what of a person", err=True)
        if not (said.gave or said.failed or said.silent):
            click.echo("No plugin keeps anything of people.")
    ctx.exit(1 if said.failed or said.silent else 0)


@command.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Load every enabled plugin as a start would and say what is wrong or missing; exit code 1 if anything is."""
    from marketwright.app import create_app
    from marketwright.features.desk.doctor import findings

    house = open_house(ctx)
    create_app(house.marketplace, house)
    rows = [{"plugin": f.plugin, "finding": f.says, "fix": f.fix} for f in findings(house)]
    show(rows, json_wanted=as_json, empty=f"{len(house.plugins.enabled)} plugins, nothing wrong.")
    ctx.exit(1 if rows else 0)
