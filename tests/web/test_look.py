"""The look keeps its rules: one sprite, tokens that exist, no inline style, no other server, all in French."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "core" / "marketwright" / "web"
THEMES = sorted((ROOT / "themes").glob("*/marketwright_theme_*"))
FOLDERS = [WEB / "templates", *(theme / "templates" for theme in THEMES)]
PAGES = sorted(file for folder in FOLDERS for file in folder.rglob("*.html"))
SHEETS = sorted([*(WEB / "static" / "css").glob("*.css"), *(s for t in THEMES for s in (t / "static").glob("*.css"))])
PRIMITIVES = re.compile(r"var\(--mw-(brand|tint|round|air|grey-\d+|fill-|ink-|mark-|on-day|on-night|chroma)")


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|/\*.*?\*/", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_template_compiles(page: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, undefined=StrictUndefined)
    for name in ("money", "round_money", "date", "datetime", "number", "percent", "tr"):
        environment.filters[name] = str
    environment.from_string(page.read_text("utf-8"))


@pytest.mark.parametrize("page", [p for p in PAGES if p.parent.name != "mail"], ids=named)
def test_no_page_carries_inline_style_or_script(page: Path) -> None:
    text = without_comments(page.read_text("utf-8"))
    assert not re.search(
        r"\sstyle=|<style|\son(?:click|change|submit|load|error|input|key\w+|focus|blur)=|<script(?![^>]* src=)", text
    )


@pytest.mark.parametrize("file", [*PAGES, *SHEETS, *sorted((WEB / "static" / "js").glob("*.js"))], ids=named)
def test_nothing_is_asked_of_another_server(file: Path) -> None:
    text = without_comments(file.read_text("utf-8"))
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//|url\([\"']?(?:https?:)?//|@import|[\"'`]https?://[^\"]", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=named)
def test_every_token_that_a_stylesheet_reads_is_declared(sheet: Path) -> None:
    tokens = (WEB / "static" / "css" / "tokens.css").read_text("utf-8")
    own = sheet.read_text("utf-8")
    declared = set(re.findall(r"(--mw-[a-z0-9-]+)\s*:", tokens + own)) | {"--mw-part"}
    assert set(re.findall(r"var\((--mw-[a-z0-9-]+)", own)) <= declared


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name != "tokens.css"], ids=named)
def test_components_read_semantic_tokens_never_primitives(sheet: Path) -> None:
    assert not PRIMITIVES.search(sheet.read_text("utf-8"))


def test_every_class_that_a_template_names_is_known_to_a_stylesheet_or_script() -> None:
    places = (*(ROOT / "core").rglob("*.*"), *(ROOT / "plugins").rglob("*.*"), *(ROOT / "themes").rglob("*.*"))
    texts = {file: file.read_text("utf-8") for file in places if file.suffix in (".css", ".js", ".html")}
    sheets = "".join(
        text if file.suffix != ".html" else "".join(re.findall(r"<style.*?</style>", text, re.DOTALL))
        for file, text in texts.items()
    )
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets))
    unknown = {
        f"{named(file)}: {name}"
        for file, text in texts.items() if file.suffix == ".html"
        for found in re.findall(r'class="([^"]*)"', without_comments(text))
        for name in re.sub(r"\S*{{.*?}}\S*", " ", re.sub(r"{%.*?%}", " ", found)).split()
        if re.fullmatch(r"[a-zA-Z][\w-]*", name) and name not in known
    }
    assert unknown == set()


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([a-z-]+)"', (WEB / "static" / "icons.svg").read_text("utf-8")))
    text = "".join(without_comments(p.read_text("utf-8")) for p in PAGES)
    used = set(re.findall(r'icon\("([a-z-]+)"', text)) | set(re.findall(r'\("[a-z]*", "([a-z-]+)", _\(', text))
    assert used
    assert used <= sprite


def messages() -> Iterator[str]:
    for page in PAGES:
        with page.open("rb") as stream:
            options = {"extensions": "jinja2.ext.i18n"}
            for _, found, _, _ in extract("jinja2.ext:babel_extract", stream, {"_": None, "ngettext": (1, 2)},
                                          options=options):  # fmt: skip
                yield found if isinstance(found, str) else found[0]


def test_every_message_of_the_kit_has_its_french() -> None:
    with (WEB / "translations" / "fr.po").open("rb") as stream:
        catalogue = read_po(stream, locale="fr")
    french = {(m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue if m.id and m.string and all(m.string)}
    assert set(messages()) <= french


def test_a_template_of_core_may_be_included_where_no_theme_overrides_it() -> None:
    environment = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined)
    drawings = ("drawing", "steps_drawing", "trust_drawing")
    assert [environment.get_template(f"landing/{name}.html").render().strip() for name in drawings] == ["", "", ""]
