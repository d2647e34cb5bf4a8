"""``marketwright rates backtest``."""

import click

from marketwright.cli.shared import as_json, open_current, print_json


@click.group("rates")
def command() -> None:
    """Market rates: how far off they are."""


@command.command()
@as_json
@click.pass_context
def backtest(ctx: click.Context, *, as_json: bool) -> None:
    """Compare each known rate with what the others would have been told: the same groups without that person."""
    from marketwright.features.rates.publishing import backtest as run
    from marketwright.features.rates.service import observations, tens_of

    house = open_current(ctx)
    with house.database.reading() as session:
        observed = observations(session, house.marketplace.currency)
    found = run(observed, house.clock.business().date(), tens_of(house.marketplace.currency))
    if as_json:
        print_json({"people": found.n, "median_error": found.error, "in_middle_half": found.within})
    elif found.error is None:
        click.echo("Not enough data: a rate is published from 8 people on.")
    else:
        click.echo(f"{found.n} people: the median is off by {found.error:.1%} (median of all), "
                   f"{found.within / found.n:.0%} lie in the middle half that was published.")  # fmt: skip
