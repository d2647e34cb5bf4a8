"""Reading ``content/<language>/``: ``landing.toml`` and Markdown pages; every mistake is named with file and key."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from marketwright.kernel.errors import BadSetting

_NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_MARKS = re.compile(r"[*_`]+|!?\[|\]\([^)]*\)|^\s*(?:[-+]|\d+\.)\s+", re.MULTILINE)
PAGES = ("about", "how-it-works", "terms", "privacy", "legal")


@dataclass(frozen=True, slots=True)
class Item:
    """One step, wall or question of the front page."""

    title: str
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Landing:
    """The words of the front page, in one language."""

    title: str
    lead: str
    placeholder: str
    often: tuple[str, ...]
    steps_title: str
    steps_lead: str
    steps: tuple[Item, ...]
    people_title: str
    people_lead: str
    fees_title: str
    fees_lead: str
    trust_title: str
    trust_lead: str
    trust: tuple[Item, ...]
    questions: tuple[Item, ...]
    start_title: str


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


class _Strict(Schema):
    class Meta:
        unknown = RAISE


_TEXT = validate.Length(1, 2000)


class _Item(_Strict):
    mark = fields.Str(load_default="")
    title = fields.Str(required=True, validate=_TEXT)
    text = fields.Str(required=True, validate=_TEXT)


class _Question(_Strict):
    ask = fields.Str(required=True, validate=_TEXT)
    answer = fields.Str(required=True, validate=_TEXT)


class _Hero(_Strict):
    title = fields.Str(required=True, validate=_TEXT)
    lead = fields.Str(required=True, validate=_TEXT)
    placeholder = fields.Str(load_default="")
    often = fields.List(fields.Str(), load_default=list)


class _Titled(_Strict):
    title = fields.Str(load_default="")
    lead = fields.Str(load_default="")


class _Items(_Titled):
    item = fields.List(fields.Nested(_Item), load_default=list)


class _LandingFile(_Strict):
    hero = fields.Nested(_Hero, required=True)
    steps = fields.Nested(_Items, load_default=dict)
    people = fields.Nested(_Titled, load_default=dict)
    fees = fields.Nested(_Titled, load_default=dict)
    trust = fields.Nested(_Items, load_default=dict)
    questions = fields.List(fields.Nested(_Question), load_default=list)
    start = fields.Nested(_Titled, load_default=dict)


def read_landing(folder: Path, language: str) -> Landing | None:
    """The front page's words from ``folder/<language>/landing.toml``; ``None`` when there is no such file."""
    file = folder / language / "landing.toml"
    if not file.is_file():
        return None
    try:
        data = _LandingFile().load(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"not valid TOML: {error}.", where=str(file)) from error
    except ValidationError as error:
        raise BadSetting(str(error.messages), where=str(file), fix="docs/content.md lists the keys.") from error
    return _landing(data)


def _landing(data: dict[str, Any]) -> Landing:
    def items(name: str) -> tuple[Item, ...]:
        return tuple(Item(i["title"], i["text"], i["mark"]) for i in data[name].get("item", ()))

    def word(name: str, key: str) -> str:
        return str(data[name].get(key, ""))

    return Landing(
        title=data["hero"]["title"], lead=data["hero"]["lead"], placeholder=data["hero"]["placeholder"],
        often=tuple(data["hero"]["often"]), steps_title=word("steps", "title"), steps_lead=word("steps", "lead"),
        steps=items("steps"), people_title=word("people", "title"), people_lead=word("people", "lead"),
        fees_title=word("fees", "title"), fees_lead=word("fees", "lead"), trust_title=word("trust", "title"),
        trust_lead=word("trust", "lead"), trust=items("trust"),
        questions=tuple(Item(q["ask"], q["answer"]) for q in data["questions"]), start_title=word("start", "title"),
    )  # fmt: skip


def read_page(folder: Path, language: str, name: str, fallback: str) -> TextPage | None:
    """The page ``name`` in ``language``, else in ``fallback``; ``None`` when neither is written."""
    if not _NAME.match(name):
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
    found = {file.stem for code in languages for file in (folder / code).glob("*.md") if _NAME.match(file.stem)}
    return sorted(found - set(PAGES))


def check_content(folder: Path, languages: tuple[str, ...]) -> None:
    """Read everything once at the start, so that a mistake stops it and not a visitor."""
    for language in languages:
        read_landing(folder, language)
        for name in (*PAGES, *own_names(folder, (language,))):
            read_page(folder, language, name, language)
