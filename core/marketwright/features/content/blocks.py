"""The front page as blocks, in order: what each may say, read from a file or from what the console keeps.

A refusal names the block and the key; for a file, the line too. The page of before, with a table for each part, is
read as the blocks that it meant.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from marketwright.kernel.errors import BadSetting, by_key
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.places import lines
from marketwright.settings.strict import says

_TEXT = validate.Length(1, 2000)
_SHORT = validate.Length(0, 200)
_HREF = validate.Regexp(
    r"^(/(?![/\\])|https://|#)[^\s<>\"]*$", error="This is no address: begin with / or https://."
)
_FILE = validate.Regexp(r"^[a-z0-9][a-z0-9/_.-]*\.(svg|png|webp|jpg)$", error="Name a picture below theme/static.")


@dataclass(frozen=True, slots=True)
class Item:
    """One step, wall, question or logo."""

    title: str
    text: str = ""
    mark: str = ""
    file: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the front page; ``id`` is its own on the page. What its type does not know is empty."""

    type: str
    id: str = ""
    title: str = ""
    lead: str = ""
    text: str = ""
    placeholder: str = ""
    often: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    count: int = 0
    label: str = ""
    href: str = ""


class _Strict(Schema):
    class Meta:
        unknown = RAISE


_TITLE, _LEAD, _TEXT_OF = N_("Title"), N_("Line below it"), N_("Text")


class _Step(_Strict):
    mark = fields.Str(load_default="", validate=_SHORT, metadata=says(N_("Mark"), N_("Empty: its number.")))
    title = fields.Str(required=True, validate=_TEXT, metadata=says(_TITLE))
    text = fields.Str(required=True, validate=_TEXT, metadata=says(_TEXT_OF, long=True))


class _Wall(_Strict):
    title = fields.Str(required=True, validate=_TEXT, metadata=says(_TITLE))
    text = fields.Str(required=True, validate=_TEXT, metadata=says(_TEXT_OF, long=True))


class _Question(_Strict):
    ask = fields.Str(required=True, validate=_TEXT, metadata=says(N_("Question")))
    answer = fields.Str(required=True, validate=_TEXT, metadata=says(N_("Answer"), long=True))


class _Logo(_Strict):
    name = fields.Str(required=True, validate=validate.Length(1, 80), metadata=says(N_("Whose it is")))
    file = fields.Str(
        required=True, validate=_FILE, metadata=says(N_("Picture"), N_("Below theme/static: logos/acme.svg."))
    )
    href = fields.Str(validate=_HREF, metadata=says(N_("Address")))


class _Titled(_Strict):
    title = fields.Str(load_default="", validate=_SHORT, metadata=says(_TITLE))
    lead = fields.Str(load_default="", validate=validate.Length(0, 2000), metadata=says(_LEAD, long=True))


class _Hero(_Strict):
    title = fields.Str(
        required=True, validate=_TEXT, metadata=says(_TITLE, N_("A new line begins a new line."), long=True)
    )
    lead = fields.Str(load_default="", validate=validate.Length(0, 2000), metadata=says(_LEAD, long=True))
    placeholder = fields.Str(load_default="", validate=_SHORT, metadata=says(N_("Example in the search box")))
    often = fields.List(
        fields.Str(validate=validate.Length(1, 60)), load_default=list, validate=validate.Length(0, 8),
        metadata=says(N_("Often asked for"), N_("One a line, eight at most.")),
    )  # fmt: skip


def _items(schema: type[Schema], most: int, label: str) -> fields.Field[Any]:
    return fields.List(
        fields.Nested(schema), required=True, validate=validate.Length(1, most), metadata=says(label)
    )


class _Steps(_Titled):
    item = _items(_Step, 8, N_("Steps"))


class _Trust(_Titled):
    item = _items(_Wall, 8, N_("Reasons"))


class _Questions(_Titled):
    item = _items(_Question, 30, N_("Questions"))


class _Logos(_Titled):
    item = _items(_Logo, 24, N_("Logos"))


class _People(_Titled):
    count = fields.Int(load_default=3, validate=validate.Range(1, 12), metadata=says(N_("How many")))


class _Missions(_Titled):
    count = fields.Int(load_default=4, validate=validate.Range(1, 12), metadata=says(N_("How many")))


class _Text(_Titled):
    text = fields.Str(
        required=True, validate=validate.Length(1, 20_000),
        metadata=says(_TEXT_OF, N_("Markdown works."), long=True),
    )  # fmt: skip
    label = fields.Str(load_default="", validate=_SHORT, metadata=says(N_("Button")))
    href = fields.Str(validate=_HREF, metadata=says(N_("Address of the button")))


class _Start(_Strict):
    title = fields.Str(load_default="", validate=_SHORT, metadata=says(_TITLE))
    label = fields.Str(load_default="", validate=_SHORT, metadata=says(N_("Button")))
    href = fields.Str(validate=_HREF, metadata=says(N_("Address of the button")))


TYPES: Mapping[str, type[Schema]] = {
    "hero": _Hero, "figures": _Titled, "steps": _Steps, "people": _People, "missions": _Missions, "fees": _Titled,
    "trust": _Trust, "questions": _Questions, "logos": _Logos, "text": _Text, "start": _Start,
}  # fmt: skip
"""Every type of block, in the order in which a front page mostly has them."""

WORDS: Mapping[str, tuple[str, str]] = {
    "hero": (N_("First screen"), N_("The title of the page, and the search.")),
    "figures": (N_("Figures"), N_("How many there are of what, counted today.")),
    "steps": (N_("How it works"), N_("The steps, in order.")),
    "people": (N_("People"), N_("Those whose claims were checked last.")),
    "missions": (N_("Newest {mission.other}"), N_("Those that were published last.")),
    "fees": (N_("Price"), N_("An example, priced by the running rules.")),
    "trust": (N_("Reasons to trust"), N_("On a dark ground, numbered.")),
    "questions": (N_("Questions"), N_("With their answers, folded.")),
    "logos": (N_("Logos"), N_("Who works with you.")),
    "text": (N_("Text"), N_("Your own words, in Markdown.")),
    "start": (N_("What to do now"), N_("The last word, with a button.")),
}  # fmt: skip
"""What the console calls each type, and what it is."""


def check_block(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with one block (its ``type`` and keys), by dotted key; empty when nothing is."""
    schema = TYPES.get(str(data.get("type", "")))
    if schema is None:
        return {"type": [f"there is no block {data.get('type', '')!r}; there are: {', '.join(TYPES)}."]}
    try:
        schema().load({k: v for k, v in data.items() if k != "type"})
    except ValidationError as error:
        return by_key(error.messages if isinstance(error.messages, dict) else {"": error.messages})
    return {}


def faults(blocks: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What is wrong with all of ``blocks``, by dotted key that begins with the number of the block, from 0."""
    found = {f"{n}.{key}": why for n, block in enumerate(blocks) for key, why in check_block(block).items()}
    heroes = [n for n, block in enumerate(blocks) if block.get("type") == "hero"]
    if len(heroes) != 1:
        found.setdefault(f"{heroes[1] if heroes else 0}.type", ["a front page has one block 'hero', with its title."])
    return found


def made(blocks: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Checked ``blocks`` as templates take them."""
    return tuple(_block(n, data) for n, data in enumerate(blocks))


def _block(number: int, data: Mapping[str, Any]) -> Block:
    name = str(data["type"])
    values = TYPES[name]().load({k: v for k, v in data.items() if k != "type"})
    items = tuple(
        Item(
            i.get("title") or i.get("ask") or i.get("name", ""), i.get("text") or i.get("answer", ""),
            i.get("mark", ""), i.get("file", ""), i.get("href", ""),
        )
        for i in values.pop("item", ())
    )  # fmt: skip
    values["often"] = tuple(values.get("often", ()))
    return Block(type=name, id=f"{name}-{number + 1}", items=items, **values)


@dataclass(frozen=True, slots=True)
class _Source:
    file: Path
    text: str
    places: Mapping[str, int] = field(default_factory=dict)

    def refuse(self, key: str, why: str) -> BadSetting:
        """The refusal of ``key``, with the line nearest to it."""
        at, near = 0, key
        while near and not at:
            at, near = self.places.get(near, 0), near.rpartition(".")[0]
        where = f"{self.file}, line {at}: {key}" if at else f"{self.file}: {key}"
        return BadSetting(why, where=where, fix="docs/pages.md lists the blocks and their keys.")


def read_blocks(file: Path) -> list[dict[str, Any]] | None:
    """The checked blocks of a ``landing.toml``; ``None`` when there is no such file."""
    if not file.is_file():
        return None
    try:
        source = _Source(file, file.read_text("utf-8"))
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"not valid TOML: {error}.", where=str(file)) from error
    source = _Source(file, source.text, lines(source.text))
    if "block" not in data:
        return _of_before(data, source)
    for key in data.keys() - {"block"}:
        raise source.refuse(key, "a front page has blocks alone: [[block]].")
    blocks = data["block"]
    if not isinstance(blocks, list) or not all(isinstance(b, dict) for b in blocks):
        raise source.refuse("block", "blocks are written [[block]].")
    for key, why in faults(blocks).items():
        raise source.refuse(f"block.{key}", " ".join(why))
    return blocks


_BEFORE = ("hero", "figures", "steps", "people", "missions", "trust", "fees", "questions", "start")


def _of_before(data: dict[str, Any], source: _Source) -> list[dict[str, Any]]:
    """A page with one table for each part, in the order that such a page had."""
    for key in data.keys() - set(_BEFORE):
        raise source.refuse(key, f"there is no block {key!r}; there are: {', '.join(TYPES)}.")
    blocks: list[dict[str, Any]] = []
    for name in _BEFORE:
        table = data.get(name, {})
        if name == "questions":
            table = {"item": table} if table else {}
        if not isinstance(table, dict):
            raise source.refuse(name, "this is no table.")
        if table or name not in ("steps", "trust", "questions"):
            blocks.append({"type": name, **table})
    for key, why in faults(blocks).items():
        number, _dot, rest = key.partition(".")
        name = str(blocks[int(number)]["type"])
        raise source.refuse(f"{name}.{rest.removeprefix('item.') if name == 'questions' else rest}", " ".join(why))
    return blocks


def plain_page(title: str, lead: str) -> list[dict[str, Any]]:
    """The front page of a site that has written none."""
    return [{"type": "hero", "title": title, "lead": lead[:2000]}, {"type": "figures"}, {"type": "people"},
            {"type": "missions"}, {"type": "fees"}, {"type": "start"}]  # fmt: skip
