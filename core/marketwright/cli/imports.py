"""``marketwright import taxonomy|profiles|missions``."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import as_json, open_current, print_json, print_table

if TYPE_CHECKING:
    from marketwright.kernel.rows import Report, Row
    from marketwright.store.unit import UnitOfWork

    Importer = Callable[[UnitOfWork, tuple[Row, ...], bool, tuple[str, ...]], Report]

MOST_SHOWN = 40


@click.group("import")
def command() -> None:
    """Import a taxonomy, profiles or missions from CSV or JSON.

    One bad row refuses the whole file, and nothing is written; --skip-bad-rows keeps the good ones. Either way every
    bad row is named with its number, its column and what to do.
    """


skip_bad = click.option("--skip-bad-rows", is_flag=True, help="Keep the good rows and leave the bad ones out.")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@command.command()
@click.argument("file", type=str)
@click.option("--name", default="", help="The taxonomy's name; the file's own name by default.")
@skip_bad
@as_json
@click.pass_context
def taxonomy(ctx: click.Context, file: str, *, name: str, skip_bad_rows: bool, as_json: bool) -> None:
    """Import skills from FILE: columns key, label_en, label_fr, alt_en, alt_fr, broader.

    Other names and broader keys are parted by bars. The word "esco" instead of a file imports the digital skills of
    the European classification ESCO, which are shipped.
    """
    from marketwright.features.skills.service import import_taxonomy
    from marketwright.features.skills.taxonomy import ESCO

    path = ESCO if file == "esco" else Path(file)
    if not path.is_file():
        raise click.BadParameter(f"There is no file {file}.", param_hint="FILE")
    called = name or ("esco" if path == ESCO else path.stem)

    def run(uow: "UnitOfWork", rows: "tuple[Row, ...]", skip: bool, notes: tuple[str, ...]) -> "Report":  # noqa: FBT001
        return import_taxonomy(uow, rows, taxonomy=called, skip_bad_rows=skip, notes=notes)

    _import(ctx, path, ("key", "label_en"), run, skip=skip_bad_rows, json_wanted=as_json)


@command.command()
@FILE
@skip_bad
@as_json
@click.pass_context
def profiles(ctx: click.Context, file: Path, *, skip_bad_rows: bool, as_json: bool) -> None:
    """Import freelancers from FILE: email and name, and as far as given headline, bio, language, city, country, remote,
    day_rate, available_from, days_a_week, years, skills, languages, certificates, experience, visible, fields.*.

    Several in a cell are parted by bars: skills KEY or KEY:LEVEL:YEARS (levels 1 to 4), languages
    fr:native|en:fluent, certificates NAME;ISSUER;NUMBER;2023-05;2026-05, experience
    TITLE;ORGANISATION;2020-01;2023-05;SUMMARY. remote is remote, hybrid or onsite; `skills find` prints the keys of
    skills.
    """
    from marketwright.features.profiles.importing import COLUMNS, import_profiles

    def run(uow: "UnitOfWork", rows: "tuple[Row, ...]", skip: bool, notes: tuple[str, ...]) -> "Report":  # noqa: FBT001
        return import_profiles(uow, rows, skip_bad_rows=skip, notes=notes)

    _import(ctx, file, COLUMNS, run, skip=skip_bad_rows, json_wanted=as_json)


@command.command()
@FILE
@skip_bad
@as_json
@click.pass_context
def missions(ctx: click.Context, file: Path, *, skip_bad_rows: bool, as_json: bool) -> None:
    """Import missions from FILE: organisation and title, and as far as given description, language, must, nice,
    start_on, duration_days, days_a_week, budget_kind, budget, city, country, remote, languages, visibility, named,
    public_name, questions, confidential, state, fields.*.

    Several in a cell are parted by bars: must and nice KEY or KEY:LEVEL (levels 1 to 4), languages fr|en.
    organisation is the name or id of a client that is there; state is draft or published.
    """
    from marketwright.features.missions.importing import COLUMNS, import_missions

    def run(uow: "UnitOfWork", rows: "tuple[Row, ...]", skip: bool, notes: tuple[str, ...]) -> "Report":  # noqa: FBT001
        return import_missions(uow, rows, skip_bad_rows=skip, notes=notes)

    _import(ctx, file, COLUMNS, run, skip=skip_bad_rows, json_wanted=as_json)


def _import(
    ctx: click.Context, path: Path, columns: Iterable[str], run: "Importer", *, skip: bool, json_wanted: bool
) -> None:
    """Read, import in one unit, say what happened; exit code 1 when the file was refused."""
    from marketwright.kernel.actors import system
    from marketwright.kernel.rows import read_rows

    read = read_rows(path.read_bytes(), path.name, columns)
    if not json_wanted:
        click.echo(f"{path.name}: {len(read.rows)} row{'s' * (len(read.rows) != 1)} read.", err=True)
    house = open_current(ctx)
    with house.database.unit(system("import")) as uow:
        report = run(uow, read.rows, skip, read.notes)
        if not report.refused:
            uow.commit()
    _say(report, json_wanted=json_wanted)
    sys.exit(1 if report.refused else 0)


def _say(report: "Report", *, json_wanted: bool) -> None:
    if json_wanted:
        print_json(report.as_json())
        return
    for note in report.notes:
        click.echo(f"Note: {note}")
    if report.faults:
        shown: list[tuple[Any, ...]] = [(f.row, f.field, f.message) for f in report.faults[:MOST_SHOWN]]
        print_table(("row", "column", "what is wrong"), shown)
        if len(report.faults) > MOST_SHOWN:
            click.echo(f"… and {len(report.faults) - MOST_SHOWN} more; --json lists them all.")
    if report.refused:
        click.echo("Nothing was imported. Mend the rows above, or leave them out with --skip-bad-rows.")
    else:
        click.echo(f"{report.created} new, {report.updated} renewed, {report.skipped} left out.")
