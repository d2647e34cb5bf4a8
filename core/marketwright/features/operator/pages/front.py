"""The front page as a list of blocks: add, move, edit, take off, look, publish."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.content import queries, service
from marketwright.features.content.blocks import TYPES, WORDS, check_block
from marketwright.features.content.reader import LANDING
from marketwright.features.content.sources import blocks_now
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.pages.texts import CHANGE, Tabs, edit_url, in_languages, known
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import _
from marketwright.web.render import tell
from marketwright.web.schemaforms import Control, Typed, draw, move, read, settled, values


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One block in the list: its type in words, and what it says first."""

    number: int
    type: str
    label: str
    title: str
    edit: str


@dataclass(frozen=True, slots=True)
class FrontContext:
    """The blocks of one language; ``choices`` are the types that may be added."""

    code: str
    blocks: list[BlockLine]
    choices: list[tuple[str, str, str]]
    seen: int
    drafted: bool
    others: Tabs


@dataclass(frozen=True, slots=True)
class BlockContext:
    """One block as a form."""

    code: str
    label: str
    help: str
    controls: list[Control]
    form: Typed
    action: str
    seen: int


def _blocks(code: str) -> tuple[list[dict[str, Any]], int]:
    """The draft's blocks, else those in force; and the draft's version, 0 for none."""
    draft = queries.draft(reading(), LANDING, code)
    if draft is not None:
        return service.blocks_of(draft.text), draft.version
    return blocks_now(reading(), house().marketplace, code, house().clock.business()), 0


@pages.get("/front/<code>", CHANGE, endpoint="texts_front")
def front(code: str) -> BaseResponse:
    """The blocks in order."""
    known(LANDING, code)
    blocks, seen = _blocks(code)
    lines = [
        BlockLine(n, b["type"], _(WORDS[b["type"]][0]), str(b.get("title", "")).replace("\n", " "),
                  url_for("operator.texts_front_block", code=code, number=n))
        for n, b in enumerate(blocks)
    ]  # fmt: skip
    choices = [(t, _(label), _(text)) for t, (label, text) in WORDS.items() if t != "hero"]
    others = in_languages(LANDING, code)
    return show("front.html", FrontContext(code, lines, choices, seen, bool(seen), others))


@pages.post("/front/<code>", CHANGE, endpoint="texts_front_change")
def front_change(code: str) -> BaseResponse:
    """Move a block, or take it off."""
    known(LANDING, code)
    blocks, seen = _blocks(code)
    tree = {"block": blocks}
    move(tree, "", request.form.get("do", ""))
    _keep(code, tree["block"], _seen(seen))
    return redirect(edit_url(LANDING, code), 303)


@pages.form("/front/<code>/block", CHANGE, endpoint="texts_front_block")
def front_block(code: str) -> BaseResponse:
    """Write one block: ``number`` of the list, or a new one of ``type``."""
    known(LANDING, code)
    blocks, seen = _blocks(code)
    number, kind = request.args.get("number", ""), request.args.get("type", "")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else len(blocks)
    if place < len(blocks):
        kind = str(blocks[place]["type"])
    if kind not in TYPES or place > len(blocks):
        raise NotFound("There is no such block.")
    data = {k: v for k, v in (blocks[place] if place < len(blocks) else {}).items() if k != "type"}
    schema = TYPES[kind]()
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        data = read(schema, "", request.form, {})
        order = request.form.get("do", "")
        if order:
            move(data, "", order)
        else:
            errors = _kept(code, blocks, place, {"type": kind, **_said(data)}, _seen(seen))
            if not errors:
                tell(_("The block is kept in the draft."))
                return redirect(edit_url(LANDING, code), 303)
    form = Typed(values(schema, "", data, {}), errors)
    which: dict[str, Any] = {"number": place} if place < len(blocks) else {"type": kind}
    action = url_for("operator.texts_front_block", code=code, **which)
    label, text = WORDS[kind]
    last = _seen(seen) if errors else seen  # a block may stand at another place by now
    context = BlockContext(code, _(label), _(text), draw(schema, "", data, {}), form, action, last)
    return show("front_block.html", context, status=422 if errors else 200)


def _said(data: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = settled(data)
    return {k: v for k, v in said.items() if v not in ("", [])}


def _kept(
    code: str, blocks: list[dict[str, Any]], place: int, block: dict[str, Any], seen: int
) -> dict[str, list[str]]:
    errors = check_block(block)
    if errors:
        return errors
    made = [*blocks[:place], block, *blocks[place + 1 :]]
    if place == len(blocks) and blocks and blocks[-1]["type"] == "start" and block["type"] != "start":
        made = [*blocks[:-1], block, blocks[-1]]  # a new one stands before the last word
    try:
        _keep(code, made, seen)
    except InvalidInput as error:
        return error.errors
    except Conflict:
        return {"": [say("Somebody else has changed the front page since you opened this. What you typed stands here: "
                         "copy it, then open the block again.")]}  # fmt: skip
    return {}


def _keep(code: str, blocks: list[dict[str, Any]], seen: int) -> None:
    with unit() as uow:
        service.landing_draft(uow, language=code, blocks=blocks, seen=seen)
        uow.commit()


def _seen(now: int) -> int:
    typed = request.form.get("seen", "")
    return int(typed) if typed.isdigit() else now
