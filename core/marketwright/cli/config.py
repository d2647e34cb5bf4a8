"""``marketwright config check|show|export|diff|history|set|undo``."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import Moment, as_json, open_house, open_marketplace, operator, print_json
from marketwright.cli.shared import show as show_rows

if TYPE_CHECKING:
    from marketwright.features.overlay.queries import Overlay
    from marketwright.settings.marketplace import Marketplace
    from marketwright.web.house import House


@click.group("config")
def command() -> None:
    """Check, show, compare and change the settings of a marketplace."""


@command.command()
@as_json
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> None:
    """Load settings, plugins, theme and processes as a start would; say what is missing."""
    from sqlalchemy.exc import OperationalError

    from marketwright.app import build_house, create_app

    unasked: list[tuple[str, str, int]] = []
    try:
        house = open_house(ctx)
        unasked = _unasked(house)
    except OperationalError:  # on a build server the file is all there is
        house = build_house(open_marketplace(ctx))
        click.echo("The database does not answer: what the console has changed was not read.", err=True)
    create_app(house.marketplace, house)
    if as_json:
        print_json({"name": house.marketplace.name, "plugins": len(house.plugins.enabled), "missing": house.missing,
                    "unasked": [{"owner": o, "field": f, "answers": n} for o, f, n in unasked]})  # fmt: skip
        return
    click.echo(f"{house.marketplace.name}: the settings are good, {len(house.plugins.enabled)} plugins enabled.")
    for sentence in house.missing:
        click.echo(f"Not there yet: {sentence.rstrip('.')}.")
    for owner, field, answers in unasked:
        click.echo(f"Not asked for any more: the field {field}, which {answers} of the {owner}s answer. Declare "
                   "it again, or an answer is lost when its owner next saves.")  # fmt: skip


def _unasked(house: "House") -> list[tuple[str, str, int]]:
    from sqlalchemy import inspect

    from marketwright.features.facets.queries import orphans

    if house.database.url.startswith("sqlite:///") and not Path(house.database.url[10:]).is_file():
        return []
    with house.database.reading() as session:
        there = inspect(session.connection()).has_table("facets")
        return orphans(session, [e.it for e in house.plugins.fields]) if there else []


@command.command()
@click.option("--origin", is_flag=True, help="Say where each value comes from: default, file, console, environment.")
@as_json
@click.pass_context
def show(ctx: click.Context, *, origin: bool, as_json: bool) -> None:
    """Print every setting as it is in force; secrets are left out."""
    from marketwright.settings.export import hidden

    marketplace, saved = _settings(ctx)
    rows = {k: (hidden(k, v), _origin(marketplace, saved, k)) for k, v in _in_force(marketplace).items()}
    if as_json:
        print_json({k: {"value": v, **o} if origin else v for k, (v, o) in rows.items()})
        return
    for key, (value, where) in rows.items():
        click.echo(f"{key} = {_text(value)}" + (f"  # {_origin_words(where)}" if origin else ""))


@command.command()
@click.option("--changes", is_flag=True, help="Only what the console has changed.")
@as_json
@click.pass_context
def export(ctx: click.Context, *, changes: bool, as_json: bool) -> None:
    """Print the settings in force as a marketplace.toml, without passwords."""
    from marketwright.settings.export import exported, to_toml

    data = exported(_settings(ctx)[0], changes_only=changes)
    click.echo(json.dumps(data, indent=2, ensure_ascii=False) if as_json else to_toml(data), nl=as_json)


@command.command()
@click.argument("other", type=click.Path(path_type=Path))
@as_json
@click.pass_context
def diff(ctx: click.Context, other: Path, *, as_json: bool) -> None:
    """Compare with OTHER: a folder, a marketplace.toml, or a file of `config export`. Exit code 1 when they differ."""
    from marketwright.settings.export import difference, hidden, read_other

    found = difference(_settings(ctx)[0], read_other(other))
    rows = [{"key": k, "here": hidden(k, a), "there": hidden(k, b)} for k, a, b in found]
    if as_json:
        print_json(rows)
    else:
        shown = [{k: v if k == "key" else _text(v) for k, v in r.items()} for r in rows]
        show_rows(shown, json_wanted=False, empty="The settings are the same.")
    ctx.exit(1 if rows else 0)


@command.command()
@click.argument("key", default="")
@as_json
@click.pass_context
def history(ctx: click.Context, key: str, *, as_json: bool) -> None:
    """Who changed which setting in the console, newest first; of KEY and what lies under it when one is given."""
    from marketwright.app import saved_settings
    from marketwright.features.overlay import queries

    database, saved = saved_settings(open_marketplace(ctx))
    rows: list[dict[str, Any]] = []
    if database is not None and saved.version:
        with database.reading() as session:
            rows = [
                {"version": r.version, "at": r.at.isoformat(timespec="minutes"), "by": r.actor_name or r.actor,
                 "key": r.key, "before": _said(r.before), "after": _said(r.after), "note": r.note,
                 "undone": "" if r.undone_by is None else f"by {r.undone_by}"}
                for r in queries.history(session, key=key)
            ]  # fmt: skip
    if database is not None:
        database.dispose()
    show_rows(rows, json_wanted=as_json, empty="The console has changed nothing.")


@command.command("set")
@click.argument("key")
@click.argument("value", required=False)
@click.option("--file", "back", is_flag=True, help="Take back what the console said: the file speaks again.")
@click.option("--note", default="", help="Why; the history keeps it.")
@click.option("--from", "starts", type=Moment(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="In force from then (UTC).")
@click.pass_context
def set_(ctx: click.Context, key: str, value: str | None, *, back: bool, note: str, starts: datetime | None) -> None:
    """Change KEY to VALUE, as the console would: tried out first, running sites follow within a second.

    VALUE is TOML ('["en", "fr"]', 14, true); what is none is taken as text.
    """
    from marketwright.features.overlay import changing

    if back is (value is not None):
        raise click.UsageError("Give either a value or --file.")
    house = _open_or_mend(ctx)
    wanted = changing.AS_THE_FILE if back else _value(str(value))
    begins = starts.replace(tzinfo=UTC) if starts else None
    version = changing.save(house, operator(), {key: wanted}, note=note, starts=begins)
    click.echo(f"Saved as version {version}." if version else "Nothing to change.")


@command.command()
@click.argument("version", type=int)
@click.option("--note", default="", help="Why; the history keeps it.")
@click.pass_context
def undo(ctx: click.Context, version: int, *, note: str) -> None:
    """Undo VERSION of the settings (see `config history`); an undo may be undone."""
    from marketwright.features.overlay import changing

    new = changing.undo(_open_or_mend(ctx), operator(), version, note=note)
    click.echo(f"Version {version} is undone, by version {new}.")


def _settings(ctx: click.Context) -> tuple["Marketplace", "Overlay"]:
    from marketwright.app import saved_settings
    from marketwright.settings.overlay import overlaid

    marketplace = open_marketplace(ctx)
    database, saved = saved_settings(marketplace)
    if database is not None:
        database.dispose()
    return overlaid(marketplace, saved.values) if saved.saved else marketplace, saved


def _open_or_mend(ctx: click.Context) -> "House":
    """The house with its application; of the file alone when what the console said cannot be built any more."""
    from marketwright.app import build_house, create_app
    from marketwright.kernel.errors import BadSetting

    try:
        house = open_house(ctx)
    except BadSetting as error:
        click.echo(f"The settings in force cannot be built: {error}", err=True)
        house = build_house(open_marketplace(ctx))
        ctx.find_root().call_on_close(house.database.dispose)
    create_app(house.marketplace, house)
    return house


def _in_force(marketplace: "Marketplace") -> dict[str, Any]:
    from marketwright.settings.overlay import in_force

    values = in_force(marketplace)
    values |= {"marketplace.stage": str(marketplace.stage), "marketplace.base_url": marketplace.base_url,
               "marketplace.database": marketplace.database_url}  # fmt: skip
    return values


def _origin(marketplace: "Marketplace", saved: "Overlay", key: str) -> dict[str, Any]:
    from marketwright.settings.overlay import origin

    where: dict[str, Any] = {"origin": str(origin(marketplace, key))}
    if key in marketplace.source.environment:
        where["variable"] = marketplace.source.environment[key]
    found = next((s for k, s in saved.saved.items() if key == k or key.startswith(f"{k}.")), None)
    if found is not None and where["origin"] == "console":
        where |= {"version": found.version, "by": found.by, "since": found.since.isoformat(timespec="minutes")}
    return where


def _origin_words(where: dict[str, Any]) -> str:
    if "variable" in where:
        return f"environment: {where['variable']}"
    if "version" in where:
        return f"console: version {where['version']}, {where['by']}, {where['since']}"
    return str(where["origin"])


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _said(change: dict[str, Any] | None) -> str:
    return "as the file" if change is None else _text(change["value"])


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else value
