"""``marketwright rehearse``: one deal of each process, as one document."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketwright.cli.shared import open_marketplace

if TYPE_CHECKING:
    from marketwright.settings.marketplace import Marketplace


@click.command("rehearse")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), default=Path("rehearsal.html"),
              show_default=True, help="The file to write: .html or .md.")  # fmt: skip
@click.option("--language", default="", help="Of people, documents and mails; the site's first by default.")
@click.option("--process", "names", multiple=True, help="Only this process; repeat for more. All that are offered by "
              "default.")  # fmt: skip
@click.pass_context
def command(ctx: click.Context, *, output: Path, language: str, names: tuple[str, ...]) -> None:
    """Play one deal of each process with this site's own settings, and write down every mail, document and entry.

    It happens in a scratch database on a moved clock; nothing is sent and no provider is asked.
    """
    import marketwright.tables  # noqa: F401  every room's tables
    from marketwright.app import build_house, create_app
    from marketwright.features.rehearsal.play import play_all
    from marketwright.features.rehearsal.render import as_html, as_markdown
    from marketwright.kernel.errors import InvalidInput
    from marketwright.settings.marketplace import Stage

    if output.suffix not in (".html", ".md"):
        raise InvalidInput({"output": [f"{output.name} ends neither in .html nor in .md."]})
    market = _settings(ctx)
    chosen = language or market.languages[0]
    if chosen not in market.languages:
        raise InvalidInput({"language": [f"The site does not speak {chosen!r}; it speaks {market.languages}."]})
    wanted = names or market.deal.processes
    strange = [n for n in wanted if n not in market.deal.processes]
    if strange:
        raise InvalidInput({"process": [f"{strange[0]!r} is not offered; deal.processes names "
                                        f"{', '.join(market.deal.processes)}."]})  # fmt: skip
    scratch = Path(tempfile.mkdtemp(prefix="marketwright-rehearsal-"))
    try:
        played_on = replace(
            market, scratch=scratch, database_url=f"sqlite:///{scratch / 'rehearsal.sqlite'}", stage=Stage.TEST,
            mail=replace(market.mail, smtp=""), gates={}, access=replace(market.access, missions="open"),
        )  # fmt: skip
        house = build_house(played_on)
        try:
            house.database.create_schema()
            deals = play_all(house, language=chosen, names=wanted)
            if output.suffix == ".md":
                text = as_markdown(house, deals, language=chosen)
            else:
                text = as_html(create_app(played_on, house), house, deals, language=chosen)
        finally:
            house.database.dispose()
    finally:
        with suppress(OSError):
            shutil.rmtree(scratch)
    output.write_text(text, "utf-8")
    moments = [m for d in deals for m in d.moments]
    click.echo(
        f"{output}: {len(deals)} deals, {sum(len(m.letters) for m in moments)} mails, "
        f"{sum(len(m.papers) for m in moments)} documents, {sum(len(m.entries) for m in moments)} ledger entries."
    )
    for finding in (f for d in deals for f in d.findings):
        click.echo(f"The ledger breaks a rule: {finding}", err=True)


def _settings(ctx: click.Context) -> "Marketplace":
    """What is in force: the file and what the console has saved; no plugin is built for it."""
    from marketwright.app import saved_settings
    from marketwright.settings.overlay import overlaid

    market = open_marketplace(ctx)
    database, saved = saved_settings(market)
    if database is not None:
        database.dispose()
    return overlaid(market, saved.values) if saved.saved else market
