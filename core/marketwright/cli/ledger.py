"""``marketwright ledger verify|balances|statement|export``."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from marketwright.cli.shared import as_json, open_house, print_json, show


@click.group("ledger")
def command() -> None:
    """Verify the ledger, show balances and statements."""


@command.command()
@as_json
@click.pass_context
def verify(ctx: click.Context, *, as_json: bool) -> None:
    """Read everything that is booked and name each row that breaks a rule; exit code 1 if one does."""
    from datetime import UTC, datetime

    from marketwright.features.contracts import verify as contracts
    from marketwright.features.contracts.log import verify_log
    from marketwright.features.ledger import verify as ledger
    from marketwright.features.ledger.queries import head
    from marketwright.features.payments import verify as payments

    house = open_house(ctx)
    now = datetime.now(UTC)
    with house.database.reading() as session:
        found = [*ledger.verify(session, folder=house.marketplace.var, now=now),
                 *payments.verify(session, now=now), *contracts.verify(session)]  # fmt: skip
        found += [ledger.Finding("C2", "transition_log", text) for text in verify_log(session)]
        sealed = head(session)
    rows = [asdict(f) for f in found]
    grave = [f for f in found if f.grave]
    if as_json:
        print_json({"sealed": sealed.number, "hash": sealed.hash, "findings": rows})
    else:
        for finding in found:
            click.echo(f"{finding.rule}  {finding.row}: {finding.says}")
        verdict = f"{len(grave)} broken rules." if grave else "All rules hold."
        click.echo(f"{sealed.number} transactions sealed. {verdict}")
    sys.exit(1 if grave else 0)


@command.command()
@click.option("--kind", default="", help="Only accounts of this kind, such as hold or payable.")
@as_json
@click.pass_context
def balances(ctx: click.Context, *, kind: str, as_json: bool) -> None:
    """Every account with its balance, summed from its entries."""
    from marketwright.features.ledger.queries import balances as read

    with open_house(ctx).database.reading() as session:
        rows = [
            {"account": b.account, "balance": str(b.balance.decimal), "currency": b.balance.currency, "entries": b.legs}
            for b in read(session, kind=kind)
        ]
    show(rows, json_wanted=as_json, empty="Nothing is booked yet.")


@command.command()
@click.argument("account", default="")
@click.option("--contract", default="", help="The entries of this contract (its id).")
@as_json
@click.pass_context
def statement(ctx: click.Context, *, account: str, contract: str, as_json: bool) -> None:
    """The entries of ACCOUNT, of one contract, or of both, oldest first."""
    from marketwright.features.ledger.queries import statement as read

    if not account and not contract:
        raise click.UsageError("Name an account (marketwright ledger balances lists them) or --contract ID.")
    with open_house(ctx).database.reading() as session:
        rows = [
            {"number": s.number or "", "at": s.at.isoformat(timespec="seconds"), "account": s.account, "what": s.memo,
             "because": f"{s.cause_type} {s.cause_id}", "amount": str(s.amount.decimal),
             "balance": str(s.balance.decimal), "currency": s.amount.currency}
            for s in read(session, account=account, contract=contract)
        ]  # fmt: skip
    show(rows, json_wanted=as_json, empty="There are no entries of that account or contract.")


_DAY = click.DateTime(["%Y-%m-%d"])


@command.command()
@click.option("--format", "form", default="csv", help="csv, json, or a journal of a country pack, such as fec.")
@click.option("--since", type=_DAY, help="The first day; by default that of this year.")
@click.option("--until", type=_DAY, help="The last day; by default today.")
@click.option("--out", type=click.Path(dir_okay=False), default="", help="A file to write; else the terminal.")
@click.pass_context
def export(ctx: click.Context, form: str, since: datetime | None, until: datetime | None, out: str) -> None:
    """Every sealed entry of some days, with whose account it is and the document behind it."""
    from marketwright.features.invoicing.books import books_of, journal_lines
    from marketwright.features.invoicing.exports import render

    house = open_house(ctx)
    today = house.clock.business().date()
    first = since.date() if since else today.replace(month=1, day=1)
    books = books_of(house.marketplace, first, until.date() if until else today)
    if books.until < books.since:
        raise click.UsageError("--until is before --since.")
    with house.database.reading() as session:
        lines = journal_lines(session, house.marketplace, books.since, books.until)
        name, data = render(house.plugins, form, books, lines)
    if not out:
        click.echo(data.decode(), nl=False)
        return
    target = Path(out)
    if target.exists():
        raise click.UsageError(f"{target} is there already; name another file.")
    target.write_bytes(data)
    click.echo(f"Written: {target} (its own name would be {name})")
