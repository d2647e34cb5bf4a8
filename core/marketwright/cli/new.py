"""``marketwright new marketplace``: baking from the templates that come with marketwright."""

from collections.abc import Mapping
from pathlib import Path

import click


@click.group("new")
def command() -> None:
    """Bake a marketplace from its template."""


into = click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=True,
                    help="The folder in which the new folder is made.")  # fmt: skip
no_input = click.option("--no-input", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
given = click.argument("answers", nargs=-1, metavar="[KEY=VALUE]...")


def read_answers(words: tuple[str, ...], known: Mapping[str, object]) -> dict[str, str]:
    """``KEY=VALUE`` words as a dict; a word of another shape or an unknown key is wrong usage."""
    found = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or key not in known:
            raise click.UsageError(f"{word!r} is no answer. Write KEY=VALUE; the keys are {', '.join(known)}.")
        found[key] = value
    return found


@command.command()
@given
@no_input
@into
def marketplace(answers: tuple[str, ...], *, no_input: bool, into: Path) -> None:
    """Bake the folder of a new marketplace: asks what it needs to know, or takes KEY=VALUE.

    The keys: project_name, project_slug, niche, languages, country, currency, theme, brand_colour, payment_provider,
    database.
    """
    from marketwright.baking.bake import bake
    from marketwright.baking.templates import prompts, questions

    asked = questions("marketplace")
    told = read_answers(answers, asked)
    if not no_input:
        words = prompts("marketplace")
        for key, default in asked.items():
            if key not in told and "{{" not in str(default):
                shown = default if isinstance(default, str) else default[0]
                told[key] = click.prompt(words.get(key, key), default=shown)
    folder = bake("marketplace", told, into)
    click.echo(f"Baked {folder}. Next: cd {folder} && ./demo")
