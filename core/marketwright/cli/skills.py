"""``marketwright skills``: find skills of the taxonomies, and merge two that mean the same."""

from dataclasses import asdict

import click

from marketwright.cli.shared import as_json, open_current, operator, print_json, print_table


@click.group("skills")
def command() -> None:
    """Find skills of the taxonomies, and merge two that mean the same."""


@command.command()
@click.argument("words")
@click.option("--language", type=click.Choice(("en", "fr")), default="en", show_default=True, help="Of the labels.")
@as_json
@click.pass_context
def find(ctx: click.Context, words: str, *, language: str, as_json: bool) -> None:
    """Print the skills that WORDS may mean, with their keys."""
    from marketwright.features.skills.queries import find as search

    with open_current(ctx).database.reading() as session:
        found = search(session, words, language, 20)
    if as_json:
        print_json([asdict(row) for row in found])
    elif found:
        print_table(("key", "label", "found as"), [(r.id, r.label, r.matched) for r in found])
    else:
        click.echo("No skill has such a name.")


@command.command()
@click.argument("old")
@click.argument("new")
@click.option("--apply", is_flag=True, help="Do it. Without this, only what would change is said.")
@as_json
@click.pass_context
def merge(ctx: click.Context, old: str, new: str, *, apply: bool, as_json: bool) -> None:
    """Let the skill NEW stand wherever OLD stands: in profiles, missions and saved searches.

    OLD and NEW are keys (`skills find`). The names of OLD go on finding NEW, and files that bring OLD again are read
    past. It is not undone: back up first where you are not sure.
    """
    from marketwright.features.operator.merging import merge as do
    from marketwright.features.operator.merging import preview

    house = open_current(ctx)
    if apply:
        with house.database.unit(operator()) as uow:
            found = do(uow, old=old, new=new)
            uow.commit()
    else:
        with house.database.reading() as session:
            found = preview(session, old=old, new=new)
    if as_json:
        print_json({**asdict(found), "applied": apply})
        return
    click.echo(f"{found.was} ({old}) {'is' if apply else 'would be'} merged into {found.becomes} ({new}):")
    both = f", of whom {found.both} claim both" if found.both else ""
    click.echo(f"  profiles        {found.profiles}{both}")
    click.echo(f"  missions        {found.missions}")
    click.echo(f"  saved searches  {found.searches}")
    click.echo("The audit log has it." if apply else "Nothing was changed. Do it with --apply.")
