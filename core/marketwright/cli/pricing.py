"""``marketwright pricing explain|simulate``."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import Moment, as_json, open_current, print_json, print_table

if TYPE_CHECKING:
    from marketwright.features.pricing.simulate import Effect, Share
    from marketwright.kernel.money import Money
    from marketwright.strategies.pricing import Quote
    from marketwright.web.house import House


@click.group("pricing")
def command() -> None:
    """Explain what a deal costs, or try other rules on deals that were signed."""


@command.command()
@click.argument("deal")
@click.option("--language", default="", help="en or fr; the marketplace's first language otherwise.")
@as_json
@click.pass_context
def explain(ctx: click.Context, deal: str, *, language: str, as_json: bool) -> None:
    """Every line of the quote of DEAL with its rule in words.

    DEAL is a contract's reference or id, or a proposal's id.
    """
    from marketwright.features.contracts.quotes import quotes_of
    from marketwright.kernel.errors import InvalidInput
    from marketwright.web.i18n import set_speech

    house = open_current(ctx)
    set_speech(language or house.marketplace.languages[0], house.catalogues)
    with house.database.reading() as session:
        found = quotes_of(session, deal)
    if not found:
        raise InvalidInput({"deal": [f"There is no contract and no proposal {deal!r}. A contract's page shows its "
                                     "reference."]})  # fmt: skip
    told = [_told(title, quote) for title, quote in found]
    if as_json:
        print_json(told)
        return
    heads = ("what", "part", "amount", "rule", "in words")
    for one in told:
        click.echo(f"{one['deal']}, priced on {one['on']}")
        print_table(heads, [[ln[key] for key in ("label", "part", "amount", "rule", "why")] for ln in one["lines"]])
        click.echo(f"The client pays {one['client_pays']}, the freelancer receives {one['freelancer_receives']}.\n")


def _told(title: str, quote: "Quote") -> dict[str, Any]:
    from marketwright.features.pricing.receipts import fill, reasons

    lines = [
        {"kind": str(line.kind), "part": line.part + 1, "label": fill(line, line.label), "amount": str(line.amount),
         "bps": line.bps, "rule": line.rule, "why": reasons(line)}
        for line in quote.lines
    ]  # fmt: skip
    return {
        "deal": title, "on": quote.deal.on.isoformat(), "lines": lines, "client_pays": str(quote.client_pays()),
        "freelancer_receives": str(quote.freelancer_receives()),
        "extras": {side: str(quote.extras_of(side)) for side in ("client", "freelancer")},
    }  # fmt: skip


@command.command()
@click.argument("rulesfile", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--since", type=Moment(["%Y-%m-%d"]), help="The first day; the last whole quarter's otherwise.")
@click.option("--until", type=Moment(["%Y-%m-%d"]), help="The day after the last.")
@as_json
@click.pass_context
def simulate(
    ctx: click.Context, rulesfile: Path, *, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """What the rules of RULESFILE would have done to the deals of the last quarter. Nothing is changed.

    RULESFILE is TOML as marketplace.toml has it: the tables of plugins, such as [[plugin.commission.rules]].
    """
    from marketwright.features.contracts.quotes import signed_between
    from marketwright.features.pricing.simulate import quarter_before
    from marketwright.features.pricing.simulate import simulate as run

    house = open_current(ctx)
    first, after = quarter_before(house.clock.business().date())
    first, after = since.date() if since else first, until.date() if until else after
    if after <= first:
        raise click.BadParameter(f"{after} is not after --since, {first}.", param_hint="--until")
    plugins = _with_rules(house, rulesfile).plugins
    with house.database.reading() as session:
        deals = signed_between(session, first, after, house.marketplace.time_zone)
    effects = run(plugins, deals)
    if as_json:
        print_json({"since": str(first), "until": str(after), "currencies": [_data(effect) for effect in effects]})
        return
    if not effects:
        click.echo(f"No contract was signed from {first} to before {after}. Try --since and --until.")
    for effect in effects:
        _print(effect, first, after)


def _with_rules(house: "House", file: Path) -> "House":
    """The house as it would be with the plugin settings of ``file``; every mistake is named with the file."""
    from marketwright.app import build_house
    from marketwright.kernel.errors import BadSetting
    from marketwright.settings.overlay import overlaid

    fix = "Write the tables of plugins as marketplace.toml has them, such as [[plugin.commission.rules]]."
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"This is not TOML: {error}.", where=str(file), fix=fix) from None
    odd = sorted(data.keys() - {"plugin"})
    if odd or not isinstance(data.get("plugin"), Mapping) or not data["plugin"]:
        what = f"{odd[0]!r} is no setting of a plugin." if odd else "It has no settings of plugins."
        raise BadSetting(what, where=str(file), fix=fix)
    market = house.marketplace
    changes = dict(_keys(data["plugin"]))
    absent = sorted({key.split(".")[1] for key in changes} - set(market.plugins))
    if absent:
        raise BadSetting(f"The plugin {absent[0]!r} is not enabled here.", where=str(file), fix=f"Enabled: "
                         f"{', '.join(market.plugins)}.")  # fmt: skip
    try:
        return build_house(overlaid(market.source.base or market, {**market.source.overlay, **changes}),
                           beside=house.database)  # fmt: skip
    except BadSetting as error:
        place = error.where.partition(": ")[2]
        where = f"{file}: {place}" if place else str(file)
        raise BadSetting(error.sentence, where=where, fix=error.fix, errors=error.errors) from error


def _keys(plugins: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, settings in plugins.items():
        for key, value in settings.items():
            yield f"plugin.{name}.{key}", value


def _data(effect: "Effect") -> dict[str, Any]:
    def share(one: "Share") -> dict[str, Any]:
        return {"name": one.name, "deals": one.deals, "before": str(one.before.decimal),
                "after": str(one.after.decimal)}  # fmt: skip

    def pair(fees: "tuple[Money, Money]") -> dict[str, str]:
        return {"before": str(fees[0].decimal), "after": str(fees[1].decimal)}

    return {
        "currency": effect.currency, "deals": len(effect.deals), "work": str(effect.work.decimal),
        "fees": pair(effect.fees()), "client": pair(effect.fees("client")),
        "freelancer": pair(effect.fees("freelancer")), "affected": len(effect.affected),
        "out_of_bounds": [{"deal": a.deal.reference, "why": a.trouble} for a in effect.out_of_bounds],
        "months": [share(one) for one in effect.months()], "rules": [share(one) for one in effect.rules()],
        "largest": [{"deal": a.deal.reference, **pair(a.fees())} for a in effect.affected[:20]],
    }  # fmt: skip


def _print(effect: "Effect", first: date, after: date) -> None:
    before, then = effect.fees()
    click.echo(f"{len(effect.deals)} deals signed from {first} to before {after}, {effect.work} of work.")
    click.echo(f"Fees before: {before}. With these rules: {then}. {len(effect.affected)} deals affected, "
               f"{len(effect.out_of_bounds)} out of bounds.\n")  # fmt: skip
    rows = [("month", s) for s in effect.months()] + [("rule", s) for s in effect.rules()]
    print_table(("", "", "deals", "before", "after"), [(k, s.name, s.deals, s.before, s.after) for k, s in rows])
    click.echo()
    print_table(("deal", "before", "after"), [
        (a.deal.reference, a.fees()[0], a.trouble or a.fees()[1]) for a in effect.affected[:20]
    ])  # fmt: skip
