"""``marketwright staff``: the first admin, and everybody after; and an admin who lost the phone."""

import click

from marketwright.cli.shared import as_json, open_current, print_json

ROLES = ("admin", "moderator", "vetter", "finance", "support", "auditor")


@click.group("staff")
def command() -> None:
    """Invite people of the staff; let in who lost their second factor."""


@command.command()
@click.argument("mail")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), required=True,
              help="A role to hold; give the option again for more.")  # fmt: skip
@click.option("--language", type=click.Choice(("en", "fr")), help="Of the mail; the marketplace's first by default.")
@as_json
@click.pass_context
def invite(ctx: click.Context, mail: str, *, roles: tuple[str, ...], language: str | None, as_json: bool) -> None:
    """Invite MAIL to the staff: writes the mail, and prints its one-time link."""
    from marketwright.features.accounts.service import invite_staff
    from marketwright.features.accounts.tokens import INVITATION_DAYS, invitation_token
    from marketwright.kernel.actors import system

    house = open_current(ctx)
    locale = language or house.marketplace.languages[0]
    with house.database.unit(system("staff invite")) as uow:
        invitation = invite_staff(uow, email=mail, roles=roles, locale=locale)
        token = invitation_token(uow.session, invitation, house.marketplace.secret_key)
        uow.commit()
    link = f"{house.marketplace.base_url}/invitations/{token}"
    if as_json:
        print_json({"invitation": invitation, "email": mail, "roles": list(roles), "link": link})
    else:
        click.echo(f"{mail} is invited as {', '.join(roles)}. The link works once, within {INVITATION_DAYS} days:")
        click.echo(link)


@command.command()
@click.argument("mail")
@click.option("--reason", required=True, help="Why, and how you made sure who it is; the person reads it.")
@click.pass_context
def lift(ctx: click.Context, mail: str, *, reason: str) -> None:
    """Switch the second factor of MAIL off, for who lost phone and recovery codes and whom no admin can help."""
    from marketwright.features.accounts.queries import account_by_email
    from marketwright.features.accounts.second_factor import lift
    from marketwright.kernel.actors import system
    from marketwright.kernel.errors import NotFound

    with open_current(ctx).database.unit(system("staff lift")) as uow:
        found = account_by_email(uow.session, mail)
        if found is None:
            raise NotFound("There is no such account.")
        lift(uow, account=found.id, reason=reason)
        uow.commit()
    click.echo(f"{found.email} signs in with the password alone from now on, and was told so.")
