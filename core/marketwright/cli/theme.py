"""``marketwright theme``: bake, preview, check and explain what a site wears."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marketwright.cli.new import theme as new_theme
from marketwright.cli.shared import as_json, open_house, open_marketplace, print_json, print_table
from marketwright.kernel.errors import BadSetting

if TYPE_CHECKING:
    from marketwright.settings.marketplace import Marketplace

CHECK = """\
from pathlib import Path

from marketwright.testing import ThemeConformance


class TestTheme(ThemeConformance):
    folder = Path({folder!r})
    marketplace = {marketplace}
"""


@click.group("theme")
def command() -> None:
    """Bake a theme, look at the site in one, check it, see which layer draws a page."""


command.add_command(new_theme, "new")


@command.command()
@click.argument("page")
@as_json
@click.pass_context
def explain(ctx: click.Context, page: str, *, as_json: bool) -> None:
    """Print the layers of PAGE, as content/fees.html, and which of them draws it.

    The first layer that has the page wins; where it extends another one, what it extends is drawn around its blocks.
    """
    from marketwright.dress import layers_of, themes_of
    from marketwright.theming.blocks import Templates
    from marketwright.theming.loader import LayeredEnvironment, LayeredLoader

    house = open_house(ctx)
    loader = LayeredLoader(layers_of(house.marketplace, themes_of(house.marketplace), house.plugins))
    found = loader.explain(page)
    if all(file is None for _, file in found):
        raise BadSetting(f"no layer has a page {page!r}.", where="marketwright theme explain", fix=_near(loader, page))
    environment = LayeredEnvironment(autoescape=True, extensions=["jinja2.ext.i18n"], loader=loader)
    line = Templates(environment, loader).line(page)
    drawn = [name for name, _, _ in line]
    rows = [
        {"layer": name, "file": str(file or ""), "is": _role(f"{name}:{page}", drawn, there=file is not None),
         "blocks": next((sorted(o.blocks) for f, _, o in line if f == f"{name}:{page}"), [])}
        for name, file in found
    ]  # fmt: skip
    if as_json:
        print_json({"page": page, "layers": rows, "drawn": drawn})
        return
    print_table(["layer", "is", "blocks", "file"],
                [[r["layer"], r["is"], ", ".join(r["blocks"]), r["file"]] for r in rows])  # fmt: skip
    click.echo(f"\n{page} is drawn by {' inside '.join(drawn)}.")


def _role(full: str, drawn: list[str], *, there: bool) -> str:
    if not there:
        return "-"
    return "wins" if full == drawn[0] else "extended" if full in drawn else "hidden"


def _near(loader: object, page: str) -> str:
    from difflib import get_close_matches

    from marketwright.theming.loader import LayeredLoader

    assert isinstance(loader, LayeredLoader)
    near = get_close_matches(page, loader.list_templates(), n=3, cutoff=0.5)
    return f"Near it: {', '.join(near)}." if near else "docs/themes.md lists the pages."


@command.command()
@click.argument("theme", required=False, default="")
@click.pass_context
def check(ctx: click.Context, theme: str) -> None:
    """Run the conformance kit on THEME: an installed theme's name or a folder with theme.toml.

    Without THEME it checks what the marketplace wears: its theme, with the templates and tokens of its own folder.
    """
    try:
        import pytest
    except ImportError:
        raise BadSetting("checking needs pytest, which is not installed.", where="marketwright theme check",
                         fix="Install it: python -m pip install 'marketwright[test]'.") from None  # fmt: skip
    own = ""
    if not theme:
        marketplace = open_marketplace(ctx)
        theme, own = marketplace.theme, str(marketplace.folder.absolute())
    folder = _folder(theme)
    text = CHECK.format(folder=str(folder), marketplace=f"Path({own!r})" if own else "None")
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "test_theme.py"
        file.write_text(text, "utf-8")
        code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", "--tb=line", "-c", "/dev/null",
                            f"--rootdir={scratch}", str(file)])  # fmt: skip
    sys.exit(int(code))


def _folder(theme: str) -> Path:
    """The folder of ``theme``, a name or a path; a package's parent folder will do."""
    from marketwright.theming.theme import theme_folder

    place = Path(theme)
    if place.is_dir():
        inside = [f.parent for f in sorted(place.glob("*/theme.toml"))]
        return place if (place / "theme.toml").is_file() else inside[0] if inside else place
    return theme_folder(theme)


@command.command()
@click.argument("theme")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_context
def preview(ctx: click.Context, theme: str, *, port: int) -> None:
    """Serve the site in THEME, an installed theme's name or a folder, without saving anything.

    The site that runs elsewhere keeps its own theme. Changed templates show at the next request.
    """
    from dataclasses import replace

    from werkzeug.serving import run_simple

    from marketwright.app import build_house, create_app
    from marketwright.cli.run import refuse_taken
    from marketwright.store.migrate import refuse_old_schema
    from marketwright.theming.theme import lend

    refuse_taken("127.0.0.1", port)
    _refuse_live(open_marketplace(ctx))
    seen = open_house(ctx)
    refuse_old_schema(seen.database)
    folder = _folder(theme)
    worn = replace(seen.marketplace, theme=lend(folder), base_url=f"http://127.0.0.1:{port}")
    house = build_house(worn)
    app = create_app(house.marketplace, house)
    app.jinja_env.auto_reload = True
    click.echo(f"{house.marketplace.name} in {house.marketplace.theme}: http://127.0.0.1:{port}. Nothing is saved.")
    try:
        run_simple("127.0.0.1", port, app, threaded=True)
    finally:
        house.database.dispose()


def _refuse_live(marketplace: "Marketplace") -> None:
    from marketwright.settings.marketplace import Stage

    if marketplace.stage is Stage.LIVE:
        raise BadSetting("a live site is not previewed: its pages could move money.", where="marketplace.stage",
                         fix="Preview on another stage: MARKETWRIGHT_STAGE=test.")  # fmt: skip
