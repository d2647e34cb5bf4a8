"""What commands share: opening the marketplace, printing tables and JSON."""

import getpass
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from marketwright.kernel.actors import Actor
    from marketwright.settings.marketplace import Marketplace
    from marketwright.web.house import House

_NAME, _WIDEST = 24, 10_000  # letters of a name, which is never broken; letters of a line for a program


class Moment(click.DateTime):
    """A day, or a day with its time: what is none is refused with an example, and not with a format."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment that ``value`` says, without a time zone."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            examples = " or ".join(datetime(2026, 11, 29, 14, 30, 0).strftime(f) for f in self.formats)  # noqa: DTZ001
            self.fail(f"{value!r} is no day that can be read; write it as {examples}.", param, ctx)


as_json = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")


def open_marketplace(ctx: click.Context) -> "Marketplace":
    """The file of ``--folder``, without what the console has changed; a mistake in it ends the command with a line."""
    from marketwright.settings.loader import load_marketplace

    return load_marketplace(ctx.find_root().obj)


def open_house(ctx: click.Context, *, safe: bool = False) -> "House":
    """The marketplace with database and plugins, and what the console has changed.

    ``safe`` leaves out all plugins but core's own. The database may be of any age; see ``open_current``.
    """
    from marketwright.app import open_house as build

    marketplace = replace(open_marketplace(ctx), safe=safe)
    finish_restore(marketplace)
    house = build(marketplace)
    ctx.find_root().call_on_close(house.database.dispose)
    return house


def open_current(ctx: click.Context, *, safe: bool = False) -> "House":
    """As ``open_house``, for what reads or writes rows: refused where the schema is not the one of this version."""
    from marketwright.store.migrate import refuse_old_schema

    house = open_house(ctx, safe=safe)
    refuse_old_schema(house.database)
    return house


def finish_restore(marketplace: "Marketplace") -> None:
    """End a restore that was killed on its way, before anything opens the site."""
    if not (marketplace.var / "restore.json").is_file():
        return
    from marketwright.features.backups.placing import finish_interrupted
    from marketwright.store.presence import alone

    with alone(marketplace.var):
        how = finish_interrupted(marketplace)
    said = "was finished" if how == "finished" else "is void: the site is as it was before it"
    click.echo(f"A restore that was interrupted {said}.", err=True)


def operator() -> "Actor":
    """Whoever runs the command, by the name that this machine knows them by."""
    from marketwright.kernel.actors import Actor

    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        name = ""
    return Actor(kind="system", id="command line", name=f"{name} (command line)".strip() if name else "command line")


def print_json(data: Any) -> None:
    """``data`` as JSON, indented, UTF-8."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on the terminal."""
    from rich.console import Console
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, heading in enumerate(headings):
        name = max((len(row[at]) for row in cells), default=0) <= _NAME
        table.add_column(heading, overflow="fold", no_wrap=name)
    for row in cells:
        table.add_row(*row)
    console = Console()
    if not console.is_terminal:  # another program reads: a row is a line, however long
        console = Console(width=_WIDEST)
    with console.capture() as printed:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))


as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print data as CSV, for a spreadsheet.")


def print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of equal keys as CSV, with a line of headings; nothing where there are no rows."""
    import csv
    import io

    from marketwright.kernel.sheets import cell

    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    if rows:
        writer.writerow(list(rows[0]))
        writer.writerows([cell(value) for value in row.values()] for row in rows)
    click.echo(sheet.getvalue(), nl=False)


def show(
    rows: Sequence[Mapping[str, Any]], *, json_wanted: bool, empty: str, csv_wanted: bool = False
) -> None:  # fmt: skip
    """Rows of equal keys as a table, JSON or CSV; ``empty`` is said when there are none."""
    if json_wanted:
        print_json(list(rows))
    elif csv_wanted:
        print_csv(rows)
    elif not rows:
        click.echo(empty)
    else:
        print_table([str(k) for k in rows[0]], [list(r.values()) for r in rows])
