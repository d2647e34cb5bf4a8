"""``marketwright db upgrade|downgrade``."""

import click

from marketwright.cli.shared import open_marketplace


@click.group("db")
def command() -> None:
    """Make the database's schema newer or older."""


@command.command()
@click.argument("revision", default="head")
@click.pass_context
def upgrade(ctx: click.Context, revision: str) -> None:
    """Bring the schema to REVISION (the newest by default)."""
    _move(ctx, revision, down=False)


@command.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask: what newer columns hold is lost.")
@click.pass_context
def downgrade(ctx: click.Context, revision: str, *, yes: bool) -> None:
    """Take the schema back to REVISION ('base' empties the database)."""
    if not yes:
        click.confirm("What the newer tables and columns hold will be lost. Go on?", abort=True)
    _move(ctx, revision, down=True)


def _move(ctx: click.Context, revision: str, *, down: bool) -> None:
    import marketwright.tables  # noqa: F401  every room's triggers
    from marketwright.store import migrate
    from marketwright.store.database import Database
    from marketwright.store.identity import begin
    from marketwright.store.places import refuse_shared_folder

    marketplace = open_marketplace(ctx)
    refuse_shared_folder(marketplace.database_url)
    database = Database(marketplace.database_url, moves=marketplace.movable_clock)
    (migrate.downgrade if down else migrate.upgrade)(database, revision)
    if not down and migrate.current_revision(database) == migrate.newest_revision():
        begin(database, marketplace)
        _plugins(ctx)
        _skills(ctx)
    click.echo(f"The schema is now {migrate.current_revision(database) or 'empty'}.")


def _plugins(ctx: click.Context) -> None:
    """The tables of plugins come after core's; what fails there is named and leaves core as it is."""
    from marketwright.cli.shared import open_house
    from marketwright.features.desk.life import upgrade_tables
    from marketwright.kernel.errors import MarketwrightError

    try:
        outcomes = upgrade_tables(open_house(ctx))
    except MarketwrightError as error:
        click.echo(f"The tables of plugins were left as they are: {error}", err=True)
        return
    for outcome in outcomes:
        if outcome.error:
            at = outcome.revision or "nothing"
            click.echo(f"The tables of {outcome.plugin} stay at {at}: {outcome.error}", err=True)
        else:
            click.echo(f"The tables of {outcome.plugin} are now at {outcome.revision}.")
    if any(o.error for o in outcomes):
        raise SystemExit(1)


def _skills(ctx: click.Context) -> None:
    """The skills of the enabled plugins, where there are none yet: without any, no mission can be published."""
    from marketwright.cli.shared import open_house
    from marketwright.features.skills.service import bring_taxonomies
    from marketwright.kernel.errors import MarketwrightError

    try:
        house = open_house(ctx)
        reports = bring_taxonomies(house.database, [entry.it for entry in house.plugins.taxonomies])
    except MarketwrightError as error:
        click.echo(f"The skills of plugins were left as they are: {error}", err=True)
        return
    for name, report in reports.items():
        if report.refused:
            click.echo(f"The taxonomy {name} was refused: {report.faults[0]}", err=True)
        else:
            click.echo(f"The taxonomy {name} has come in: {report.created} skills.")
