"""``marketwright live check``."""

from typing import TYPE_CHECKING

import click

from marketwright.cli.shared import as_json, open_current, print_json

if TYPE_CHECKING:
    from marketwright.features.live.points import Point

_SIGNS = {"good": "ok     ", "missing": "MISSING", "unknown": "?      "}


@click.group("live")
def command() -> None:
    """Say what is missing before going live."""


@command.command()
@click.option("--offline", is_flag=True, help="Ask nothing of the network.")
@as_json
@click.pass_context
def check(ctx: click.Context, *, offline: bool, as_json: bool) -> None:
    """List what is missing with the fix; exit code 1 while something is."""
    from marketwright.features.live.check import check as look
    from marketwright.features.live.outside import Internet, Nobody
    from marketwright.features.live.points import Verdict
    from marketwright.features.live.wording import spoken

    house = open_current(ctx)
    with house.database.reading() as session:
        standing = look(house, session, Nobody() if offline else Internet())
    left = standing.of(Verdict.MISSING)
    if as_json:
        print_json({
            "stage": str(house.marketplace.stage), "ready": standing.ready,
            "points": [
                {"name": p.name, "title": spoken(p.title), "verdict": str(p.verdict), "says": spoken(p.says),
                 "details": [spoken(d) for d in p.details], "fix": spoken(p.fix) if p.fix else "",
                 "command": p.command}
                for p in standing.points
            ],
        })  # fmt: skip
    else:
        click.echo(f"{house.marketplace.name}, at the stage {house.marketplace.stage}, looked at as if it were live:\n")
        for point in standing.points:
            _print(point)
        unknown = len(standing.of(Verdict.UNKNOWN))
        asked = f"; {unknown} could not be asked" if unknown else ""
        done = len(standing.of(Verdict.GOOD))
        click.echo(f"\n{done} of {len(standing.points)} are done, {len(left)} missing{asked}.")
    ctx.exit(1 if left else 0)


def _print(point: "Point") -> None:
    from marketwright.features.live.wording import spoken

    click.echo(f"{_SIGNS[point.verdict]}  {spoken(point.title)}: {spoken(point.says)}")
    for detail in point.details:
        click.echo(f"           - {spoken(detail)}")
    if point.fix:
        click.echo(f"         → {spoken(point.fix)}")
    if point.command:
        click.echo(f"           {point.command}")
