"""``marketwright new``: baking a marketplace, a plugin or a theme from the templates that come with marketwright."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from marketwright.baking.templates import explained
from marketwright.kernel.errors import BadSetting

NEXT = """\
Baked {name} into {folder}. Next:

  cd {folder}
  ./demo       serves it with demo data on http://127.0.0.1:8000
  ./check      settings, plugins, theme and tests
  then fill in what README.md lists: who runs it, the texts, the mail, the host name"""

NEXT_PLUGIN = """\
Baked the plugin {name} into {folder}. Next:

  cd {folder}
  python -m pytest                         its conformance kit and its own tests
  python -m pip install --editable .       then add "{name}" to `plugins` in marketplace.toml

A plugin of one marketplace alone needs no installing: in its folder, bake with --into plugins."""

NEXT_OWN = """\
Baked the plugin {name} into {folder}, for this marketplace alone: it needs no installing. Next, in its folder:

  ./check plugins/{place}       its conformance kit and its own tests, after the settings
  then add "{name}" to `plugins` in marketplace.toml, and start again"""

NEXT_THEME = """\
Baked the theme {name} into {folder}. Next:

  marketwright theme preview {folder}      the site in it, nothing saved (in a marketplace's folder)
  marketwright theme check {folder}        its conformance kit
  python -m pip install --editable {folder}    then theme = "{name}" in marketplace.toml"""


@click.group("new")
def command() -> None:
    """Bake a marketplace, a plugin or a theme from its template."""


into = click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default=True,
                    help="The folder in which the new folder is made.")  # fmt: skip
no_input = click.option("--no-input", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
given = click.argument("answers", nargs=-1, metavar="[KEY=VALUE]...")


def _kinds() -> list[str]:
    """The kinds of plugin, a line each, with what they bring."""
    return [f"  {kind:20}{said}" for kind, said in explained("plugin", "kind").items()]


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
    from marketwright.baking.answers import choices, problem
    from marketwright.baking.bake import bake, need_cookiecutter
    from marketwright.baking.offers import installed_offers
    from marketwright.baking.templates import prompts, questions

    need_cookiecutter()
    asked, offers = questions("marketplace"), installed_offers()
    told = read_answers(answers, asked)
    if not no_input:
        listed, words = choices(offers), prompts("marketplace")
        for key, default in asked.items():
            if key in told:
                continue
            first = listed[key][0] if key in listed else _slug(told) if key == "project_slug" else default
            first = offers.theme_of(told["niche"]) if key == "theme" else first
            told[key] = _ask(words[key], first, listed.get(key, ()), partial(problem, key, offers=offers, answers=told))
    _refuse([(key, said) for key, value in told.items() if (said := problem(key, value, offers, told))])
    folder = bake("marketplace", told, into, offers=offers)
    click.echo(NEXT.format(name=told.get("project_name", asked["project_name"]), folder=_shown(folder)))


@command.command(epilog="\b\nThe kinds:\n" + "\n".join(_kinds()))
@given
@no_input
@into
def plugin(answers: tuple[str, ...], *, no_input: bool, into: Path) -> None:
    """Bake the package of a new plugin: asks what it brings, or takes KEY=VALUE. Its tests pass at once.

    The keys: plugin_name, kind, summary (one sentence), author.
    """
    from marketwright.baking.bake import bake, need_cookiecutter
    from marketwright.baking.plugins import kinds, problem
    from marketwright.baking.templates import prompts, questions

    need_cookiecutter()
    asked, words = questions("plugin"), prompts("plugin")
    told = read_answers(answers, asked)
    if not no_input:
        for key in asked:
            if key not in told and key != "summary":
                first = kinds()[0] if key == "kind" else asked[key]
                if key == "kind":
                    click.echo("\n".join(["It may be:", *_kinds()]))
                told[key] = _ask(words[key], first, (), partial(problem, key))
    _refuse([(key, said) for key, value in told.items() if (said := problem(key, value))])
    folder = bake("plugin", told, into)
    place = folder.resolve().parent
    own = place.name == "plugins" and (place.parent / "marketplace.toml").is_file()
    name = told.get("plugin_name", asked["plugin_name"])
    click.echo((NEXT_OWN if own else NEXT_PLUGIN).format(name=name, folder=_shown(folder), place=folder.name))


@command.command()
@given
@no_input
@into
def theme(answers: tuple[str, ...], *, no_input: bool, into: Path) -> None:
    """Bake the package of a new theme: asks for name, colour and corners, or takes KEY=VALUE. Its tests pass at once.

    The keys: theme_name, brand_colour (#rrggbb), roundness (pixels), parent (an installed theme or none), author.
    """
    from marketwright.baking.bake import bake, need_cookiecutter
    from marketwright.baking.templates import prompts, questions
    from marketwright.baking.themes import parents, problem

    need_cookiecutter()
    asked, words = questions("theme"), prompts("theme")
    told = read_answers(answers, asked)
    if not no_input:
        for key, default in asked.items():
            if key not in told:
                listed = parents() if key == "parent" else ()
                told[key] = _ask(words[key], default, listed, partial(problem, key))
    _refuse([(key, said) for key, value in told.items() if (said := problem(key, value))])
    folder = bake("theme", told, into)
    click.echo(NEXT_THEME.format(name=told.get("theme_name", asked["theme_name"]), folder=_shown(folder)))


def _refuse(wrong: Sequence[tuple[str, str]]) -> None:
    """Say every answer that could not work, and stop at the last."""
    for key, said in wrong[:-1]:
        click.echo(f"Error: {key}: {said}", err=True)
    if wrong:
        raise BadSetting(wrong[-1][1], where=wrong[-1][0])


def _ask(question: str, default: str, listed: Sequence[str], problem: Callable[[str], str]) -> str:
    """Ask until the answer could work."""

    def check(value: str) -> str:
        if said := problem(value.strip()):
            raise click.BadParameter(said)
        return value.strip()

    try:
        answer: str = click.prompt(
            f"{question} ({', '.join(listed)})" if listed else question, default=default, value_proc=check
        )
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise click.UsageError(
            "Nobody is there to answer. Give KEY=VALUE for each, and --no-input to take the defaults of the rest."
        ) from None
    return answer


def _slug(told: Mapping[str, str]) -> str:
    from slugify import slugify

    return str(slugify(told["project_name"]))


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
