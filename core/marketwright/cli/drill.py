"""``marketwright drill money``: kills, races, messages and faults against a scratch site, counted."""

import shlex
from pathlib import Path

import click

from marketwright.cli.shared import print_json


@click.group("drill")
def command() -> None:
    """Try what can go wrong, on a scratch site."""


@command.command()
@click.option("--kills", default=0, type=click.IntRange(0), help="kill -9 of web, worker and double, so many times.")
@click.option("--races", default=0, type=click.IntRange(0), help="Each race so many times, 40 of 74 a tenth of that.")
@click.option("--webhooks", default=0, type=click.IntRange(0), help="So many messages: doubled, shuffled, forged, "
              "dropped.")  # fmt: skip
@click.option("--faults", is_flag=True, help="Every fault on every call of the provider.")
@click.option("--database", default="sqlite", show_default=True, help="sqlite, postgresql, or the address of a "
              "PostgreSQL server: a database of the drill's own is made there.")  # fmt: skip
@click.option("--provider", default="", help="The payment provider; by default the one that ships a double.")
@click.option("--double", default="", help="The program that is its double; by default its plugin's own.")
@click.option("--seed", default=0, type=click.IntRange(0), help="Chooses the moments; printed, chosen by chance for 0.")
@click.option("--hurry", is_flag=True, help="Let the leases of killed processes run out at once.")
@click.option("--report", default=None, type=click.Path(dir_okay=False, path_type=Path), help="Write what each part "
              "came to into this file; where it is there already, go on with what is left.")  # fmt: skip
@click.option("--anew", is_flag=True, help="Begin anew where the report is of other code, of another drill, or of one "
              "that is over.")  # fmt: skip
@click.option("--keep", is_flag=True, help="Keep the scratch folder, to look at its logs.")
@click.pass_context
def money(
    ctx: click.Context, *, kills: int, races: int, webhooks: int, faults: bool, database: str, provider: str,
    double: str, seed: int, hurry: bool, report: Path | None, anew: bool, keep: bool,
) -> None:  # fmt: skip
    """Run a scratch marketplace against a provider's double and print what was lost, doubled, drifted or stuck.

    The operator's own site, folder and database are never touched. A large drill runs in parts, each on a site of its
    own. Exit code 1 where one of the four is not zero, a hand of a race was never the first, or a part came to no end.
    """
    import signal
    from secrets import randbelow

    from marketwright.testing.drill.code import fingerprint, packages_of
    from marketwright.testing.drill.double import command_of, default_provider
    from marketwright.testing.drill.orders import Orders
    from marketwright.testing.drill.parts import open_report, run_parts, seed_in
    from marketwright.testing.drill.site import BESIDE

    signal.signal(signal.SIGTERM, lambda *_: ctx.exit(143))  # what was started is ended on the way out
    name = provider or default_provider()
    if not provider and name == "sandbox":
        click.echo("No installed plugin ships a double of a real service: the sandbox is drilled, against itself.",
                   err=True)  # fmt: skip
    program = command_of(name, shlex.split(double))
    code = fingerprint(packages_of((*BESIDE, name)), program) if report else ""
    seed = seed or (seed_in(report, code, anew=anew) if report else 0) or 1 + randbelow(1_000_000)
    orders = Orders(
        provider=name, double=program, database=database, kills=kills, races=races,
        webhooks=webhooks, faults=faults, seed=seed, hurry=hurry,
    )  # fmt: skip
    done = run_parts(open_report(orders, report, code, anew=anew), lambda text: click.echo(text, err=True), keep=keep)
    print_json(done.json())
    ctx.exit(1 if done.left or not done.whole.clean else 0)
