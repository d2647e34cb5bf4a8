"""``marketwright reconcile``: the provider's own records against ours."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from marketwright.cli.shared import Moment, as_json, open_current, print_json
from marketwright.kernel.money import Money


@click.command("reconcile")
@click.option("--provider", default="", help="Only this provider; without it, every one that is enabled.")
@click.option("--since", type=Moment(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), default=None,
              help="From when (UTC); without it, three days ago.")  # fmt: skip
@click.option("--until", type=Moment(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), default=None,
              help="Until when (UTC); without it, now.")  # fmt: skip
@as_json
@click.pass_context
def command(
    ctx: click.Context, *, provider: str, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Match every object of the payment provider in a window with one effect here, and back.

    What can be settled is. The exit code is 1 when something does not match, or a provider does not answer.
    """
    from marketwright.features.payments.catching_up import through
    from marketwright.features.payments.unmatched import Report
    from marketwright.features.payments.words import UNMATCHED_TODO, UNMATCHED_WORDS

    house = open_current(ctx)
    known = house.plugins.payment_providers
    if provider and provider not in known:
        there = ", ".join(known) or "none"
        msg = f"there is no enabled provider {provider!r}; there are: {there}"
        raise click.BadParameter(msg, param_hint="--provider")
    now = datetime.now(UTC)
    end = until.replace(tzinfo=UTC) if until else now
    start = since.replace(tzinfo=UTC) if since else now - timedelta(days=3)
    if start >= end:
        msg = "the window ends before it begins"
        raise click.BadParameter(msg, param_hint="--since")
    asked = [name for name in known if provider in ("", name)]
    reports: list[Report] = [report for name in asked for report in through(house, name, start, end)]
    if as_json:
        print_json([_plain(r) for r in reports])
    for r in reports if not as_json else []:
        said = f"{r.objects} objects, {r.matched} match, {r.settled} settled now, {len(r.odd)} do not match"
        click.echo(f"{r.provider}: {said}")
        for odd in r.odd:
            amount = "" if odd.amount is None else f", {_amount(odd.amount, odd.currency)}"
            click.echo(f"  {odd.what} ({odd.kind}{amount}): {UNMATCHED_WORDS[odd.why]} {UNMATCHED_TODO[odd.why]}")
        for currency, drift in r.drift.items():
            apart = f"{_amount(abs(drift), currency)} {'more' if drift > 0 else 'less'} there than here"
            click.echo(f"  balance {currency}: {apart if drift else 'the same'}")
        if r.unbalanced:
            click.echo(f"  no balance: {r.unbalanced}")
        if r.trouble:
            click.echo(f"  not whole: {r.trouble}")
    if not reports and not as_json:
        click.echo("No payment provider is enabled.")
    sys.exit(1 if any(r.odd or r.trouble for r in reports) else 0)


def _amount(amount: int, currency: str) -> str:
    """In major units, where a currency was said."""
    return str(Money(amount, currency)) if currency else f"{amount} minor units"


def _plain(report: object) -> dict[str, object]:
    row = asdict(report)  # type: ignore[call-overload]
    row.pop("right")
    return {**row, "since": row["since"].isoformat(), "until": row["until"].isoformat()}
