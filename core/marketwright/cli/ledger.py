"""``marketwright ledger verify|balances|statement|export``."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from marketwright.cli.shared import Moment, as_csv, as_json, open_current, print_json, show

_DAY = Moment(["%Y-%m-%d"])


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

    house = open_current(ctx)
    now = datetime.now(UTC)
    with house.database.reading() as session:
        found = [*ledger.verify(session, folder=house.marketplace.var, now=now),
                 *payments.verify(session, now=now), *contracts.verify(session)]  # fmt: skip
        found += [ledger.Finding("C2", "transition_log", text) for text in verify_log(session)]
        sealed = head(session)
    rows = [asdict(f) for f in found]
    grave = [f for f in found if f.grave]
    if as_json:
        first = ledger.first_wrong(found)
        print_json({"sealed": sealed.number, "hash": sealed.hash, "first_wrong": first.row if first else None,
                    "findings": rows})  # fmt: skip
    else:
        for finding in found:
            click.echo(f"{finding.rule}  {finding.row}: {finding.says}")
        first = ledger.first_wrong(found)
        if first is not None:
            click.echo(f"First wrong row: {first.row}")
        verdict = f"{len(grave)} broken rules." if grave else "All rules hold."
        click.echo(f"{sealed.number} transactions sealed. {verdict}")
    sys.exit(1 if grave else 0)


@command.command()
@click.option("--kind", default="", help="Only accounts of this kind, such as hold or payable.")
@click.option("--upto", type=click.IntRange(min=0), help="As of this sealed number; it reads the same for ever.")
@as_json
@as_csv
@click.pass_context
def balances(ctx: click.Context, *, kind: str, upto: int | None, as_json: bool, as_csv: bool) -> None:
    """Every account with its balance, summed from its entries, and the sealed number that it is as of."""
    from marketwright.features.ledger.kinds import KINDS
    from marketwright.features.ledger.queries import balances as read
    from marketwright.features.ledger.queries import head, head_at

    if kind and kind not in KINDS:
        raise click.UsageError(f"There is no kind of account {kind!r}. There are: {', '.join(KINDS)}.")
    with open_current(ctx).database.reading() as session:
        if upto and not head_at(session, upto):
            raise click.UsageError(f"Nothing has the number {upto}; the last one is {head(session).number}.")
        rows = [
            {"account": b.account, "balance": str(b.balance.decimal), "currency": b.balance.currency, "entries": b.legs}
            for b in read(session, kind=kind, upto=upto)
        ]
        sealed = head(session).number
    show(rows, json_wanted=as_json, csv_wanted=as_csv, empty="Nothing is booked yet.")
    _quote(as_json or as_csv, f"As of number {upto}." if upto is not None else f"Sealed up to number {sealed}.")


@command.command()
@click.argument("account", default="")
@click.option("--contract", default="", help="The entries of this contract (its id).")
@click.option("--from", "since", type=_DAY, help="The first day; what came before is in the balances.")
@click.option("--to", "until", type=_DAY, help="The last day.")
@as_json
@as_csv
@click.pass_context
def statement(
    ctx: click.Context, *, account: str, contract: str, since: datetime | None, until: datetime | None, as_json: bool,
    as_csv: bool,
) -> None:  # fmt: skip
    """The entries of ACCOUNT, of one contract, or of both, oldest first, and how far they are sealed."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from marketwright.features.ledger.kinds import kind_of
    from marketwright.features.ledger.queries import head
    from marketwright.features.ledger.queries import statement as read
    from marketwright.kernel.errors import BrokenInvariant

    if not account and not contract:
        raise click.UsageError("Name an account (marketwright ledger balances lists them) or --contract ID.")
    if since and until and until < since:
        raise click.UsageError("--to is before --from.")
    try:
        kind_of(account) if account else None
    except BrokenInvariant as error:
        raise click.UsageError(f"{error} marketwright ledger balances lists them.") from None
    house = open_current(ctx)
    zone = ZoneInfo(house.marketplace.time_zone)
    first = since.replace(tzinfo=zone) if since else None
    after = (until + timedelta(days=1)).replace(tzinfo=zone) if until else None
    with house.database.reading() as session:
        rows = [
            {"number": s.number or "", "at": s.at.isoformat(timespec="seconds"), "account": s.account, "what": s.memo,
             "because": f"{s.cause_type} {s.cause_id}", "amount": str(s.amount.decimal),
             "balance": str(s.balance.decimal), "currency": s.amount.currency}
            for s in read(session, account=account, contract=contract, since=first, until=after)
        ]  # fmt: skip
        sealed = head(session).number
    empty = "There are no entries of that account or contract" + (" in those days." if since or until else ".")
    show(rows, json_wanted=as_json, csv_wanted=as_csv, empty=empty)
    _quote(as_json or as_csv, f"Sealed up to number {sealed}.")


def _quote(data: bool, sentence: str) -> None:  # noqa: FBT001  whether another program reads
    click.echo(sentence, err=data)


@command.command()
@click.option("--format", "form", default="csv", help="csv, json, or a journal of a country pack, such as fec.")
@click.option("--since", type=_DAY, help="The first day; by default that of this year.")
@click.option("--until", type=_DAY, help="The last day; by default today.")
@click.option("--out", type=click.Path(dir_okay=False), default="", help="A file to write; else the terminal.")
@click.pass_context
def export(ctx: click.Context, form: str, since: datetime | None, until: datetime | None, out: str) -> None:
    """Every sealed entry of some days, with whose account it is and the document behind it."""
    from marketwright.features.invoicing.books import books_for, journal_lines
    from marketwright.features.invoicing.exports import render

    house = open_current(ctx)
    today = house.today
    first = since.date() if since else today.replace(month=1, day=1)
    last = until.date() if until else today
    if last < first:
        raise click.UsageError("--until is before --since.")
    with house.database.reading() as session:
        books = books_for(session, house.marketplace, house.plugins, form, first, last)
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
