"""``marketwright restore FILE [--rehearse]``."""

from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketwright.cli.shared import as_json, finish_restore, open_house, open_marketplace, print_json

if TYPE_CHECKING:
    from marketwright.features.backups.restoring import Report
    from marketwright.settings.marketplace import Marketplace
    from marketwright.web.house import House


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rehearse", is_flag=True, help="Restore into a scratch place only, verify it, and write that down.")
@click.option("--yes", is_flag=True, help="Do not ask before the site is replaced.")
@click.option("--anyway", is_flag=True, help="Restore even when the ledger in FILE breaks a rule.")
@click.option("--by", default="", help="Who does this; the name of your account on this machine by default.")
@as_json
@click.pass_context
def command(
    ctx: click.Context, *, file: Path, rehearse: bool, yes: bool, anyway: bool, by: str, as_json: bool
) -> None:  # fmt: skip
    """Put what is in FILE in the place of the site, all or nothing; what is there now is kept aside."""
    import marketwright.tables  # noqa: F401  every room's tables and triggers
    from marketwright.features.backups import restoring

    who = by or getuser()
    if rehearse:
        report = restoring.rehearse(open_house(ctx), file, by=who)
        ctx.exit(_say(report, rehearsed=True, as_json=as_json))
    marketplace = open_marketplace(ctx)
    finish_restore(marketplace)
    if not yes:
        restoring.refuse_unfit(marketplace, file)
        click.confirm(f"{marketplace.name} ({marketplace.stage}) will be as it was when {file} was made. Go on?",
                      abort=True)  # fmt: skip
    report = restoring.restore(_unopened(marketplace), file, by=who, anyway=anyway)
    _say(report, rehearsed=False, as_json=as_json)


def _unopened(marketplace: "Marketplace") -> "House":
    """The house, even where its database cannot be read any more: then as the file alone says."""
    from sqlalchemy.exc import SQLAlchemyError

    from marketwright.app import build_house, saved_settings
    from marketwright.settings.overlay import overlaid

    try:
        database, saved = saved_settings(marketplace)
    except SQLAlchemyError as error:
        click.echo(f"The database in place cannot be read ({error}); the settings of the file are used.", err=True)
        return build_house(marketplace)
    if database is not None:
        database.dispose()
    return build_house(overlaid(marketplace, saved.values) if saved.saved else marketplace)


def _say(report: "Report", *, rehearsed: bool, as_json: bool) -> int:
    """Print what was found; the exit code."""
    m = report.manifest
    if as_json:
        print_json({"id": report.id, "rehearsed": rehearsed, "made_at": m.made_at, "rows": m.rows, "uploads": m.files,
                    "lost": m.lost, "sealed": m.sealed, "hash": report.head, "schema": m.revision,
                    "findings": [{"rule": f.rule, "row": f.row, "says": f.says} for f in report.findings],
                    "shut": dict(report.shut), "aside": str(report.aside or "")})  # fmt: skip
        return 1 if report.grave or report.shut else 0
    for finding in report.findings:
        click.echo(f"{finding.rule}  {finding.row}: {finding.says}")
    what = "was restored into a scratch place, which is gone again" if rehearsed else "is in place"
    click.echo(f"The backup of {m.made_at:%Y-%m-%d %H:%M} UTC {what}: {m.rows} rows, {m.files} uploads, the ledger up "
               f"to number {m.sealed}.")  # fmt: skip
    if m.lost:
        click.echo(f"{len(m.lost)} uploads were not in the storage when it was made.", err=True)
    for key, count in report.shut.items():
        click.echo(f"{count} sealed things do not open: their key {key} is not among MARKETWRIGHT_SEAL_KEYS. Put it "
                   "back, or nobody can ever read them.", err=True)  # fmt: skip
    click.echo(f"{len(report.grave)} broken rules." if report.grave else "All rules of the ledger hold.")
    if report.aside:
        click.echo(f"What was there before is in {report.aside}; delete it when you are content.")
    return 1 if report.grave or report.shut else 0
