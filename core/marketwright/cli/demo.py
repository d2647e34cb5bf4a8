"""``marketwright demo``: schema, demo data, site and worker, in one command."""

import os
import shutil
import socket
from typing import TYPE_CHECKING

import click

from marketwright.cli.shared import open_house, open_marketplace
from marketwright.kernel.errors import BadSetting

if TYPE_CHECKING:
    from marketwright.settings.marketplace import Marketplace
    from marketwright.web.house import House

SQLITE = "sqlite:///var/demo.sqlite"
BEGUN = "demo-begun"  # lies in var/ while the demo is being filled


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--people", default=0, show_default=True, type=click.IntRange(0), help="At most so many; 0 brings all.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away and begin anew.")
@click.option("--setup-only", is_flag=True, help="Make the data, serve nothing.")
@click.pass_context
def command(ctx: click.Context, *, port: int, people: int, reset: bool, setup_only: bool) -> None:
    """Serve the marketplace with demo data: makes the database, fills it once, runs site and worker."""
    from marketwright.cli.run import command as run

    os.environ.setdefault("MARKETWRIGHT_BASE_URL", f"http://127.0.0.1:{port}")
    marketplace = open_marketplace(ctx)
    _refuse_live(marketplace)
    _find_database(marketplace)
    if reset or (marketplace.var / BEGUN).exists():
        _empty(marketplace)
    house = open_house(ctx)
    _fill(house, people)
    _introduce(house)
    if not setup_only:
        ctx.invoke(run, host="127.0.0.1", port=port, threads=4, with_worker=True)


def _refuse_live(marketplace: "Marketplace") -> None:
    from marketwright.settings.marketplace import Stage

    if marketplace.stage is Stage.LIVE:
        raise BadSetting("a live marketplace has no demo.", where="marketplace.stage",
                         fix="Try things out at another stage: MARKETWRIGHT_STAGE=demo.")  # fmt: skip


def _find_database(marketplace: "Marketplace") -> None:
    """Take SQLite for the demo where the PostgreSQL server of the settings does not answer, and say so."""
    from sqlalchemy.engine import make_url

    url = make_url(marketplace.database_url)
    if url.get_backend_name() == "sqlite" or "MARKETWRIGHT_DATABASE_URL" in os.environ:
        return
    with socket.socket() as probe:
        probe.settimeout(2)
        server = (url.host or "localhost", url.port or 5432)
        if probe.connect_ex(server) == 0:
            return
    click.echo(f"  No PostgreSQL answers at {server[0]}:{server[1]}: this demo runs on SQLite, in var/demo.sqlite.")
    click.echo("  Set MARKETWRIGHT_DATABASE_URL to run it on a server.")
    os.environ["MARKETWRIGHT_DATABASE_URL"] = SQLITE


def _empty(marketplace: "Marketplace") -> None:
    """Throw the demo's data away; a database server's is the operator's to throw away."""
    from marketwright.kernel.errors import Conflict

    if not os.environ.get("MARKETWRIGHT_DATABASE_URL", marketplace.database_url).startswith("sqlite"):
        raise Conflict("The demo's data lies on a database server: empty that database, remove var/, then try again.")
    shutil.rmtree(marketplace.var, ignore_errors=True)


def _fill(house: "House", people: int) -> None:
    """The newest schema and, where nobody is there yet, the demo data; what was broken off is begun anew next time."""
    from marketwright.features.accounts import queries as accounts
    from marketwright.features.demo.seeding.run import seed
    from marketwright.features.desk.life import upgrade_tables
    from marketwright.store.migrate import upgrade

    begun = house.marketplace.var / BEGUN
    try:
        begun.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"{begun.parent} cannot be made: {error.strerror}.", where="var",
                         fix="Copy the folder to a place that you may write to.") from error  # fmt: skip
    upgrade(house.database)
    upgrade_tables(house)
    with house.database.reading() as session:
        if accounts.anybody(session):
            return
    begun.write_text("The demo is being filled.\n", "utf-8")
    click.echo("  bringing people, missions and deals …")
    for note in seed(house, lambda text: click.echo(f"    {text}"), most=people).notes:
        click.echo(f"    left out: {note}", err=True)
    begun.unlink()


def _introduce(house: "House") -> None:
    from marketwright.features.accounts import queries as accounts
    from marketwright.features.demo.bar import PASSWORD, said

    with house.database.reading() as session:
        rows = accounts.personas(session)
    if rows:
        click.echo("\n  Act as one of these, in the bar at the foot of each page:\n")
        for row in rows:
            click.echo(f"    {row.name:<28}{said(row.persona)}")
        click.echo(f"\n  Their password, where one is asked for: {PASSWORD}\n")
