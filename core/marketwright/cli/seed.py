"""``marketwright seed [--personas]``."""

import click

from marketwright.cli.shared import as_json, open_current, print_json


@click.command("seed")
@click.option("--personas", is_flag=True, help="Only print whom a demo visitor may act as.")
@as_json
@click.pass_context
def command(ctx: click.Context, *, personas: bool, as_json: bool) -> None:
    """Fill an empty demo marketplace with people, missions and deals."""
    from marketwright.features.accounts import queries as accounts
    from marketwright.features.demo.bar import PASSWORD, said
    from marketwright.features.demo.seeding.run import seed

    house = open_current(ctx)
    if not personas:
        stage = seed(house, lambda text: click.echo(f"    {text}", err=as_json))
        for note in stage.notes:
            click.echo(f"    left out: {note}", err=True)
        if not as_json:
            return
    with house.database.reading() as session:
        rows = [
            {"persona": p.name, "is": said(p.persona), "mail": p.email} for p in accounts.personas(session)
        ]
    if as_json:
        print_json(rows)
        return
    click.echo("  Act as one of these, in the bar at the foot of each page:\n")
    for row in rows:
        click.echo(f"    {row['persona']:<28}{row['is']}")
    click.echo(f"\n  Their password, where one is asked for: {PASSWORD}")
