"""``marketwright index build|status``: the file that search and matching read."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import as_json, open_current, print_json

if TYPE_CHECKING:
    from marketwright.features.matching.renewing import Indexes
    from marketwright.web.house import House


@click.group("index")
def command() -> None:
    """Build the file that search and matching read, and see how it stands."""


@command.command()
@click.option("--fresh", is_flag=True, help="From all rows, though only some have changed.")
@click.pass_context
def build(ctx: click.Context, *, fresh: bool) -> None:
    """Write the file: what changed since it was written, or everything where there is none that can be used.

    A build that was stopped goes on where it stood.
    """
    house, indexes = _indexes(ctx)
    shown = [-1]

    def progress(read: int, whole: int) -> None:
        percent = min(100 * read // max(whole, 1), 100)
        if percent > shown[0]:
            shown[0] = percent
            click.echo(f"{read} of about {whole} rows read ({percent} %)", err=True)

    with house.database.reading() as session:
        written = indexes.keep(session, fresh=fresh, progress=progress)
    click.echo("The index is written." if written else
               "Nothing changed since the index was written, or another process is writing it.")  # fmt: skip


@command.command()
@as_json
@click.pass_context
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Where the file lies, how many rows it has, what changed since; exit code 1 where it cannot be used."""
    house, indexes = _indexes(ctx)
    said = _status(house, indexes)
    if as_json:
        print_json(said)
    else:
        for name, value in said.items():
            click.echo(f"{name:9} {value}")
    ctx.exit(0 if said["state"] == "good" else 1)


def _indexes(ctx: click.Context) -> "tuple[House, Indexes]":
    from marketwright.features.matching.renewing import Indexes

    house = open_current(ctx)
    return house, house.ports.get(Indexes)


def _status(house: "House", indexes: "Indexes") -> dict[str, Any]:
    from marketwright.features.matching import building, feed
    from marketwright.features.matching.flatfile import Refused

    path = indexes.builder.path
    assert path is not None
    said: dict[str, Any] = {"file": str(path), "state": "good"}
    with house.database.reading() as session:
        try:
            made = indexes.builder.load(session, building.taxonomy(session))
        except Refused as refused:
            return said | {"state": "missing" if not path.exists() else refused.why}
        changes = feed.since(session, made.place)
    found = path.stat()
    written = datetime.fromtimestamp(found.st_mtime, UTC).isoformat(timespec="seconds")
    return said | {
        "people": made.people.size, "missions": made.missions.size, "bytes": found.st_size, "written": written,
        "changed": len(set(changes.people)) + len(set(changes.missions)),
    }  # fmt: skip
