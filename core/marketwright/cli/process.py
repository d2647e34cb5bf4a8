"""``marketwright process show|simulate``."""

from typing import TYPE_CHECKING

import click

from marketwright.cli.shared import as_json, open_house, print_json, print_table

if TYPE_CHECKING:
    from marketwright.strategies.processes import Process, Transition


@click.group("process")
def command() -> None:
    """Show a process, or walk it on a fake clock."""


def _find(ctx: click.Context, name: str) -> "Process":
    from marketwright.features.contracts.bundled import BUNDLED
    from marketwright.features.contracts.registry import processes
    from marketwright.kernel.errors import BadSetting, InvalidInput

    found = {p.name: p for p in BUNDLED}
    if name not in found:
        try:
            found = processes(open_house(ctx).plugins)
        except BadSetting as error:
            why = f"There is no bundled process {name!r}, and no marketplace to look further in: {error}"
            raise InvalidInput({"process": [why]}) from error
    if name not in found:
        raise InvalidInput({"process": [f"There is no process {name!r}. There are: {', '.join(sorted(found))}."]})
    return found[name]


def _does(way: "Transition") -> str:
    """Its actions, what it hands over, and the judgement that takes it by itself."""
    handed = [f"hands over {way.delivers}"] if way.delivers else []
    judged = [f"when {way.judged}"] if way.judged else []
    return ", ".join([*way.actions, *handed, *judged])


@command.command("show")
@click.argument("name")
@as_json
@click.pass_context
def show_(ctx: click.Context, name: str, *, as_json: bool) -> None:
    """States and transitions of the process NAME: who moves, until when, what the money does."""
    from marketwright.features.contracts.drawing import by_itself, draw
    from marketwright.features.contracts.registry import to_json
    from marketwright.web.i18n import gettext

    process = _find(ctx, name)
    if as_json:
        print_json(to_json(process))
        return
    click.echo(f"{gettext(process.label)} ({process.name}, version {process.version})\n{gettext(process.summary)}\n")
    click.echo(draw(process))
    for rule in process.cancellation:
        click.echo(f"called off by the {rule.by} {rule.notice_days} days or more before the start: "
                   f"{rule.freelancer_bps / 100:g} % of the price stay with the freelancer")  # fmt: skip
    click.echo()
    print_table(
        ("state", "whose turn", "hold", "within", "next"),
        [(s.name + (" (end)" if s.end else ""), "" if s.end else s.owner, s.hold,
          f"{s.deadline_days} days" if s.deadline_days else "", gettext(s.next)) for s in process.states],
    )  # fmt: skip
    click.echo()
    print_table(
        ("transition", "from", "to", "who", "money and notices", "by itself after"),
        [(t.name, t.source, t.target, ", ".join(t.actors), _does(t), by_itself(t)) for t in process.transitions],
    )  # fmt: skip


@command.command()
@click.argument("name")
@click.option("--work", default=100_000, show_default=True, type=click.IntRange(100, 10**12),
              help="Price of the work in minor units.")
@click.option("--walk", type=click.Choice(["together", "silence"]), default="together", show_default=True,
              help="Both sides act at once, or everybody waits for the clock.")  # fmt: skip
@click.option("--step", "script", multiple=True,
              help="A transition to take, 'wait' or 'run_out' (of the hold's time); repeat.")  # fmt: skip
@as_json
@click.pass_context
def simulate(
    ctx: click.Context, name: str, *, work: int, walk: str, script: tuple[str, ...], as_json: bool
) -> None:  # fmt: skip
    """Walk the process NAME on a fake clock and print every state, ledger entry, document and mail."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    from marketwright.features.contracts.simulate import Sums
    from marketwright.features.contracts.simulate import simulate as walk_through
    from marketwright.web.i18n import gettext

    process = _find(ctx, name)
    sums = Sums(work=work, client_fee=work * 3 // 100, freelancer_fee=work * 7 // 100)
    steps = walk_through(process, at=datetime(2026, 1, 5, 9, tzinfo=UTC), sums=sums, walk=walk, script=script)
    if as_json:
        print_json([asdict(s) for s in steps])
        return
    for step in steps:
        click.echo(f"{step.at:%d %b %H:%M}  {step.role:<10} {gettext(step.what)}  →  {step.state} (hold {step.hold})")
        for account, amount in step.entries:
            click.echo(f"{'':>26}{account:<28}{amount:>12}")
        for document in step.documents:
            click.echo(f"{'':>26}document: {document}")
        for to, about in step.mails:
            click.echo(f"{'':>26}mail to {to}: {gettext(about)}")


