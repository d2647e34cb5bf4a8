"""``marketwright match explain|replay``."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marketwright.cli.shared import Moment, as_json, open_current, print_json, print_table

if TYPE_CHECKING:
    from marketwright.features.matching.explaining import Explained
    from marketwright.features.matching.replaying import Case, HandCase, Measures, Replay
    from marketwright.web.house import House


@click.group("match")
def command() -> None:
    """Explain a match, or try other weights on the rankings that were shown."""


@command.command()
@click.argument("mission")
@click.argument("freelancer")
@click.option("--language", type=click.Choice(["en", "fr"]), help="The marketplace's first language otherwise.")
@as_json
@click.pass_context
def explain(ctx: click.Context, mission: str, freelancer: str, *, language: str | None, as_json: bool) -> None:
    """What each criterion gives FREELANCER for MISSION, what is missing, and when this was shown to whom.

    Both are ids, as the addresses of their pages show them.
    """
    from marketwright.features.matching.explaining import explain as made
    from marketwright.kernel.errors import InvalidInput
    from marketwright.web.i18n import set_speech

    house = open_current(ctx)
    language = language or house.marketplace.languages[0]
    set_speech(language, house.catalogues)
    with house.database.reading() as session:
        found = made(house, session, mission, freelancer, language)
    if found is None:
        raise InvalidInput({"match": [f"No mission {mission!r}, or no freelancer {freelancer!r}. Take the "
                                      "ids from the addresses /missions/… and /freelancers/…."]})  # fmt: skip
    if as_json:
        print_json(_told(found))
        return
    _say(found)


def _told(found: "Explained") -> dict[str, Any]:
    return {
        "name": found.name, "ranks": found.ranks, "gates": list(found.gates), "score": found.score,
        "exact": None if found.exact is None else round(found.exact, 4), "place": found.place, "of": found.of,
        "listed": found.listed, "own": found.own, "open": found.open,
        "parts": [{"criterion": n, "share": round(s, 6), "score": round(v, 6)} for n, s, v in found.parts],
        "reasons": [{"label": r.label, "points": r.points, "of": r.of, "why": r.why} for r in found.reasons],
        "blocked": [" ".join(b) for b in found.blocked], "missing": list(found.missing), "advice": found.advice,
        "off": [{"criterion": c, "why": w} for c, w in found.broken],
        "shown": [{"at": s.at.isoformat(), "section": s.section, "place": s.place, "score": s.score, "by": s.by}
                  for s in found.shown],
    }  # fmt: skip


def _say(found: "Explained") -> None:
    if not found.open:
        click.echo(f"The mission has ended, so {found.name} is not ranked for it any more.")
        _say_shown(found)
        return
    why = ("" if found.listed else ", not in the lists") + (", a member of the client" if found.own else "")
    if found.ranks:
        where = f"place {found.place} of {found.of}" if found.place else "no match"
        click.echo(f"{found.name}: {found.score} of 100, {where}{why}.\n")
        print_table(("criterion", "points", "of", "why"), [(r.label, r.points, r.of, r.why) for r in found.reasons])
    else:
        click.echo(f"{found.name}: {'no match' if found.blocked else 'fits'}{why}.\n\n{_unranked(found)}")
    lines = [("Blocked", " ".join(b)) for b in found.blocked]
    lines += [("Missing", ", ".join(found.missing))] if found.missing else []
    lines += [("Would raise it", found.advice)] if found.advice else []
    lines += [("Switched off", f"{c}: {w}") for c, w in found.broken]
    if lines:
        click.echo()
        print_table(("", ""), lines)
    _say_shown(found)


def _unranked(found: "Explained") -> str:
    gates = f"decided by these conditions alone: {', '.join(found.gates)}" if found.gates else "everybody in the lists"
    return f"Nobody is ranked: no criterion that weighs anything works. Who fits ({found.of}) is {gates}."


def _say_shown(found: "Explained") -> None:
    if not found.shown:
        click.echo("\nThis match was not shown to anybody in the time that rankings are kept.")
        return
    click.echo()
    print_table(("shown", "as", "place", "score", "by hand of"), [
        (f"{s.at:%Y-%m-%d %H:%M}", s.section, s.place or "–", "–" if s.score is None else s.score, s.by or "–")
        for s in found.shown
    ])  # fmt: skip


@command.command()
@click.option("--weights", "weights_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="TOML with a table [ranking.weights] as marketplace.toml has it.")  # fmt: skip
@click.option("--since", required=True, type=Moment(["%Y-%m-%d"]), help="The first day.")
@as_json
@click.pass_context
def replay(ctx: click.Context, weights_file: Path, *, since: datetime, as_json: bool) -> None:
    """What other weights would have done to the rankings that were shown. Nothing is changed.

    Of each mission the last list before somebody was hired counts. A criterion that the file does not name keeps the
    weight that it ran with.
    """
    from marketwright.features.matching.queries import replayed

    house = open_current(ctx)
    weights = _weights(house, weights_file)
    with house.database.reading() as session:
        found = replayed(session, since=since.replace(tzinfo=UTC), weights=weights)
    if as_json:
        print_json(_data(found, house.marketplace.currency))
    elif not found.missions:
        click.echo(
            f"No ranking was shown since {since:%Y-%m-%d}: open the matches of a mission, or take an earlier day."
        )
    else:
        _print(found, house.marketplace.currency)


def _weights(house: "House", file: Path) -> dict[str, float]:
    """The weights that ``file`` says; every mistake is named with file and key."""
    from marketwright.features.matching.weighing import Criteria, check_weights
    from marketwright.kernel.errors import BadSetting

    fix = "Write [ranking.weights] as marketplace.toml has it, such as skills = 0.5."
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"This is not TOML: {error}.", where=str(file), fix=fix) from None
    ranking = data.get("ranking")
    if not isinstance(ranking, dict) or data.keys() - {"ranking"}:
        raise BadSetting("It has no table [ranking.weights], or others beside it.", where=str(file), fix=fix)
    try:
        return check_weights(ranking, house.ports.get(Criteria))
    except BadSetting as error:
        where = f"{file}: {next(iter(error.errors), 'ranking')}"
        raise BadSetting(error.sentence, where=where, fix=error.fix or fix) from None


def _data(found: "Replay", currency: str) -> dict[str, Any]:
    def measures(one: "Measures") -> dict[str, Any]:
        names = ("p10", "p50", "p90")
        rates = dict(zip(names, one.rates, strict=True)) if one.rates else None
        return {"rank_of_hired": one.rank, "hired_in_top": one.in_top, "newcomers": one.newcomers, "day_rates": rates}

    return {
        "missions": found.missions, "hires": found.hires, "currency": currency, "weights": dict(found.weights),
        "before": measures(found.before), "after": measures(found.after),
        "cases": [{"mission": c.hire.mission, "title": c.hire.title, "hired": c.hire.freelancer, "before": c.before,
                   "after": c.after, "of": c.of, "lacks": list(c.lacks), "beyond": c.beyond} for c in found.cases],
        "by_hand": [{"mission": h.mission, "title": h.title, "freelancer": h.freelancer, "by": h.by,
                     "at": h.at.isoformat(), "before": h.before, "after": h.after, "hired": h.hired,
                     "lacks": list(h.lacks), "beyond": h.beyond}
                    for h in found.by_hand],
    }  # fmt: skip


def _out(case: "Case | HandCase") -> str:
    if case.beyond:
        return "further down"
    return f"close, but for: {', '.join(case.lacks)}" if case.lacks else "no match"


def _print(found: "Replay", currency: str) -> None:
    from marketwright.features.matching.replaying import TOP
    from marketwright.kernel.money import exponent

    unit = 10 ** exponent(currency)

    def row(name: str, one: "Measures") -> tuple[object, ...]:
        new = "–" if one.newcomers is None else f"{one.newcomers:.1%}"
        rates = "–" if one.rates is None else " / ".join(f"{r / unit:.0f}" for r in one.rates)
        return name, "–" if one.rank is None else f"{one.rank:g}", one.in_top, new, rates

    click.echo(
        f"{found.missions} mission{'s' * (found.missions != 1)}, {found.hires} of them with somebody hired. "
        f"The first {TOP} count as seen.\n"
    )
    print_table(("weights", "median rank of hired", f"hired in first {TOP}", "newcomers' share",
                 f"day rates p10 / p50 / p90, {currency}"),
                [row("as they were", found.before), row("as in the file", found.after)])  # fmt: skip
    if found.cases:
        click.echo()
        print_table(
            ("mission", "hired", "place was", "would be", "of"),
            [(c.hire.title, c.hire.name, c.before or _out(c), c.after or _out(c), c.of) for c in found.cases],
        )
    if found.by_hand:
        click.echo()
        print_table(("put by hand", "on mission", "by", "engine's place", "would be", "hired"), [
            (h.name, h.title, h.by, h.before or _out(h), h.after or _out(h), "yes" if h.hired else "no")
            for h in found.by_hand
        ])  # fmt: skip
