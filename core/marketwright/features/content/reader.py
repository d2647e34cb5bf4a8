"""Reading ``content/<language>/``: Markdown pages, and a check of all of it at the start."""

import re
from collections.abc import Sequence
from pathlib import Path

from marketwright.features.content.blocks import read_blocks
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass

NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_MARKS = re.compile(r"[*_`]+|!?\[|\]\([^)]*\)|^[ \t]*(?:[-+]|\d+\.)[ \t]+", re.MULTILINE)
LANDING, TERMS = "landing", "terms"
PAGES = ("about", "how-it-works", "terms", "privacy", "legal")


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page of text: its title (the first heading) and Markdown."""

    name: str
    title: str
    text: str

    @property
    def description(self) -> str:
        """The first sentences, without marks, as search engines show them: at most 160 characters."""
        for paragraph in self.text.split("\n\n"):
            plain = " ".join(_MARKS.sub("", paragraph).split())
            if plain and not paragraph.lstrip().startswith(("#", "|", "```", ">")):
                return plain if len(plain) <= 160 else plain[:159].rsplit(" ", 1)[0] + "…"
        return ""


def read_page(folder: Path, language: str, name: str, fallback: str) -> TextPage | None:
    """The page ``name`` in ``language``, else in ``fallback``; ``None`` when neither is written."""
    if not NAME.match(name):
        return None
    for code in (language, fallback):
        file = folder / code / f"{name}.md"
        if file.is_file():
            first, _, rest = file.read_text("utf-8").strip().partition("\n")
            if not first.startswith("# "):
                raise BadSetting("the first line is not a heading.", where=str(file), fix="Begin with: # Title")
            return TextPage(name, first.removeprefix("# ").strip(), rest.strip())
    return None


def own_names(folder: Path, languages: Sequence[str]) -> list[str]:
    """The names of the pages that the operator has added beside the fixed ones."""
    found = {file.stem for code in languages for file in (folder / code).glob("*.md") if NAME.match(file.stem)}
    return sorted(found - set(PAGES))


def check_content(folder: Path, languages: tuple[str, ...]) -> None:
    """Read everything once at the start, so that a mistake stops it and not a visitor."""
    for language in languages:
        read_blocks(folder / language / "landing.toml")
        for name in (*PAGES, *own_names(folder, (language,))):
            read_page(folder, language, name, language)
