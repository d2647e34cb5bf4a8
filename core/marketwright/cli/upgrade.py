"""``marketwright upgrade --diff|--apply``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from marketwright.baking.upgrade import Plan

SAYS = {
    "added": "new", "renewed": "renewed; yours was as baked", "merged": "merged with your changes",
    "conflict": "CONFLICT: you and the template changed the same lines", "removed": "removed; yours was as baked",
    "kept": "left as it is: you removed it, you asked for it, or only the template has dropped it",
}  # fmt: skip


@click.command("upgrade")
@click.option("--diff", "what", flag_value="diff", help="Show what would change; exit code 1 when anything would.")
@click.option("--apply", "what", flag_value="apply", help="Change it; exit code 1 when a conflict is left to you.")
@click.option("--mine", multiple=True, metavar="FILE", help="Leave FILE as it is, now and from now on.")
@click.pass_context
def command(ctx: click.Context, *, what: str | None, mine: tuple[str, ...]) -> None:
    """Bake this folder again with its recorded answers, and merge what the template changed since.

    What you changed is never overwritten: where both changed the same lines your file stays, and FILE.conflict beside
    it holds both versions between marks. Take over what you want, remove it, and run the command again; or keep yours
    with --mine FILE.
    """
    from marketwright.baking.bake import need_cookiecutter
    from marketwright.baking.offers import installed_offers
    from marketwright.baking.upgrade import apply_upgrade, plan_upgrade

    if what is None:
        raise click.UsageError("Say --diff to see what would change, or --apply to change it.")
    need_cookiecutter()
    plan = plan_upgrade(Path(ctx.find_root().obj), offers=installed_offers(), mine=mine)
    if what == "diff":
        for change in plan.changes:
            click.echo(change.diff, nl=False)
        _tell(plan)
        sys.exit(1 if plan.changes else 0)
    asides = apply_upgrade(plan)
    _tell(plan)
    for aside in asides:
        click.echo(f"Decide: {aside}", err=True)
    sys.exit(1 if asides else 0)


def _tell(plan: "Plan") -> None:
    for change in plan.changes:
        click.echo(f"{change.path}: {SAYS[change.kind]}", err=True)
    if not plan.changes:
        click.echo(f"Nothing to do: this is what marketwright {plan.new.version} bakes.", err=True)
