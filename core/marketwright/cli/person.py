"""``marketwright person export|erase``: what is kept of one person, by core and plugins together."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketwright.cli.shared import open_house, operator

if TYPE_CHECKING:
    from marketwright.web.house import House


@click.group("person")
def command() -> None:
    """Hand out what is kept of a person, or erase them."""


@command.command()
@click.argument("mail")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), default="person.zip",
              show_default=True, help="The file to write.")  # fmt: skip
@click.pass_context
def export(ctx: click.Context, mail: str, *, output: Path) -> None:
    """Write all that is kept of the person with the address MAIL into one ZIP: core's rows, plugins', uploads."""
    from marketwright.app import create_app
    from marketwright.features.privacy.archive import archive

    house = open_house(ctx)
    create_app(house.marketplace, house)
    account = _account(house, mail)
    output.write_bytes(archive(house, account))
    with house.database.unit(operator()) as uow:
        uow.audit("account.data_handed_out", account)
        uow.commit()
    click.echo(f"Written: {output}")


@command.command()
@click.argument("mail")
@click.option("--reason", required=True, help="Who asked for it, and when; kept in the log.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def erase(ctx: click.Context, mail: str, *, reason: str, yes: bool) -> None:
    """Erase the person with the address MAIL, at once and for good; says what a law keeps.

    Refused while deals run, money is held, or something else of theirs has not ended.
    """
    from marketwright.app import create_app
    from marketwright.features.privacy import periods, queries, service
    from marketwright.kernel.errors import Conflict

    house = open_house(ctx)
    create_app(house.marketplace, house)
    account = _account(house, mail)
    with house.database.reading() as session:
        standing = queries.blockers(session, account)
        kept = periods.stays(session, account, service.pack_of(house), house.marketplace.day_of)
    if standing:
        raise Conflict("Something has to end first: %(what)s", what="; ".join(str(b.says) for b in standing))
    if not yes:
        click.confirm(f"Erase {mail}? It cannot be undone.", abort=True)
    with house.database.unit(operator()) as uow:
        service.erase(uow, house, account=account, reason=reason)
        uow.commit()
    service.go_on(house)
    click.echo("Erased.")
    for one in kept:
        click.echo(f"  stays: {one.name}" + (f", until {one.until}" if one.until else ", as long as the law asks"))


def _account(house: "House", mail: str) -> str:
    from marketwright.features.accounts import queries as accounts
    from marketwright.kernel.errors import NotFound

    with house.database.reading() as session:
        found = accounts.account_by_email(session, mail)
    if found is None:
        raise NotFound(f"Nobody here has the address {mail}.")
    return found.id
