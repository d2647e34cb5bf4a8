"""``marketwright seals``: the keys of what is sealed."""

import click

from marketwright.cli.shared import as_json, open_current, print_json, print_table


@click.group("seals")
def command() -> None:
    """Make, check and change the keys of what is sealed (MARKETWRIGHT_SEAL_KEYS)."""


@command.command()
def key() -> None:
    """Print a new key. Put it first into MARKETWRIGHT_SEAL_KEYS, before the others; keep it apart from backups."""
    from secrets import token_urlsafe

    click.echo(token_urlsafe(32))


@command.command()
@as_json
@click.pass_context
def check(ctx: click.Context, *, as_json: bool) -> None:
    """Try to open everything that is sealed; exits with 1 where something does not open."""
    from collections import Counter

    from marketwright.features.seals.rotating import look
    from marketwright.store.ring import Ring

    house = open_current(ctx)
    found = list(look(house.database))
    ring = house.ports.get(Ring)
    bad = [f for f in found if f.trouble]
    keys = Counter(f.key for f in found)
    if as_json:
        print_json({"newest": ring.newest, "keys": dict(keys), "unreadable": [f.id for f in bad]})
    else:
        rows = [(name, str(keys.get(name, 0)), "seals" if name == ring.newest else "opens" if name in ring.known
                 else "missing") for name in sorted(ring.known | keys.keys())]  # fmt: skip
        print_table(("key", "holds", "is"), rows)
        for one in bad:
            click.echo(f"{one.kind} {one.id}: {one.trouble}")
    if bad:
        ctx.exit(1)


@command.command()
@as_json
@click.pass_context
def rotate(ctx: click.Context, *, as_json: bool) -> None:
    """Seal everything anew with the first key; afterwards the older ones may be taken out."""
    from marketwright.features.seals.rotating import rotate as anew
    from marketwright.store.ring import Ring

    house = open_current(ctx)
    done, left = anew(house.database)
    newest = house.ports.get(Ring).newest
    if as_json:
        print_json({"newest": newest, "sealed_anew": done, "unreadable": left})
    else:
        click.echo(f"{done} sealed anew with the key {newest}.")
        if left:
            click.echo(f"{left} do not open with any key of the ring: marketwright seals check names them.")
    if left:
        ctx.exit(1)
