"""``marketwright seed [--personas]``."""

import click

from marketwright.cli.shared import as_json, open_current, print_json


@click.command("seed")
@click.option("--personas", is_flag=True, help="Only print whom a demo visitor may act as.")
@as_json
@click.pass_context
def command(ctx: click.Context, *, personas: bool, as_json: bool) -> None:
    """Fill an empty marketplace, below the live stage, with people, missions and deals."""
    from marketwright.features.accounts import queries as accounts
    from marketwright.features.demo.bar import PASSWORD, said
    from marketwright.features.demo.seeding.run import seed
    from marketwright.settings.marketplace import Stage

    house = open_current(ctx)
    at_demo = house.marketplace.stage is Stage.DEMO
    password = PASSWORD if at_demo else ""
    if not personas:
        stage = seed(house, lambda text: click.echo(f"    {text}", err=as_json))
        for note in stage.notes:
            click.echo(f"    left out: {note}", err=True)
        password = stage.password
    with house.database.reading() as session:
        rows = [
            {"persona": p.name, "is": said(p.persona), "mail": p.email} for p in accounts.personas(session)
        ]
    if as_json:
        print_json(rows)
        if password and not personas:
            click.echo(f"Their password: {password}", err=True)
        return
    click.echo("  Act as one of these, in the bar at the foot of each page:\n" if at_demo else
               "  Sign in as one of these:\n")  # fmt: skip
    for row in rows:
        mail = "" if at_demo else f"{row['mail']:<44}"
        click.echo(f"    {row['persona']:<28}{mail}{row['is']}")
    if password:
        click.echo(f"\n  Their password, where one is asked for: {password}")
    if not at_demo and not personas:
        click.echo("  It is said this once. Three of them are staff of this site: end that in the console, on Staff.")
