"""``marketwright drill money``: kills, races, messages and faults against a scratch site, counted."""

import shlex

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
@click.option("--keep", is_flag=True, help="Keep the scratch folder, to look at its logs.")
@click.pass_context
def money(
    ctx: click.Context, *, kills: int, races: int, webhooks: int, faults: bool, database: str, provider: str,
    double: str, seed: int, hurry: bool, keep: bool,
) -> None:  # fmt: skip
    """Run a scratch marketplace against a provider's double and print what was lost, doubled, drifted or stuck.

    The operator's own site, folder and database are never touched. Exit code 1 where one of the four is not zero, or
    where a hand of a race was never the first.
    """
    import signal
    from secrets import randbelow

    from marketwright.testing.drill.double import command_of, default_provider
    from marketwright.testing.drill.run import Orders, drill

    signal.signal(signal.SIGTERM, lambda *_: ctx.exit(143))  # what was started is ended on the way out
    name = provider or default_provider()
    orders = Orders(
        provider=name, double=command_of(name, shlex.split(double)), database=database, kills=kills, races=races,
        webhooks=webhooks, faults=faults, seed=seed or 1 + randbelow(1_000_000), hurry=hurry,
    )  # fmt: skip
    told = drill(orders, lambda text: click.echo(text, err=True), keep=keep)
    print_json(told.json(orders))
    ctx.exit(1 if any(told.verdict.counts().values()) or told.never_first else 0)
