"""Words, menus and addresses of each language, saved over marketplace.toml like every other setting."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema, validate
from marshmallow import fields as ma
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.meanwhile import refusal, seen_now, sent_seen
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.pages.texts import READ
from marketwright.features.overlay import changing
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.terms import FORMS, KEYS, Word
from marketwright.kernel.text import N_
from marketwright.settings.look import MenuTable
from marketwright.settings.overlay import merge, tables, value_at
from marketwright.settings.strict import says
from marketwright.web.house import actor, house, the_viewer
from marketwright.web.i18n import _
from marketwright.web.late import Late
from marketwright.web.policy import staff
from marketwright.web.render import tell
from marketwright.web.schemaforms import Control, Typed, draw, move, read, settled, values
from marketwright.web.site import LANGUAGE_NAMES

CHANGE = staff("settings.change")
PARTS = {"vocabulary": N_("Words"), "menus": N_("Menus"), "addresses": N_("Addresses")}
ABOUT = {
    "vocabulary": N_("What this site calls things: on every page, in mails and documents. Small letters; a sentence "
                     "that begins with a word writes the capital itself."),
    "menus": N_("What visitors see at the top and the foot of every page."),
    "addresses": N_("An address of its own in this language; the stable one goes on answering."),
}  # fmt: skip
TERM_WORDS = {
    "client": N_("Who needs the work"), "contract": N_("The agreement"), "freelancer": N_("Who does the work"),
    "milestone": N_("A part that is paid for on its own"), "mission": N_("What is needed"),
    "organisation": N_("The firm or body behind a person"), "profile": N_("What somebody offers"),
    "proposal": N_("A priced offer"),
}  # fmt: skip
FORM_WORDS = {
    "one": N_("One"), "other": N_("Several"), "a": N_("With a or an"), "un": N_("With un or une"),
    "le": N_("With le, la or l’"), "du": N_("With du, de la or de l’"), "au": N_("With au, à la or à l’"),
    "de": N_("With de or d’"), "gender": N_("Gender"),
}  # fmt: skip
STABLE = ("/freelancers", "/missions", "/how-it-works", "/fees", "/about", "/how-we-rank", "/terms", "/privacy",
          "/legal")  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordsContext:
    """One part of one language as a form."""

    title: str
    text: str
    tabs: list[tuple[str, str, bool, int | None]]
    others: list[tuple[str, str, bool, int | None]]
    controls: list[Control]
    form: Typed
    action: str
    seen: int
    editable: bool


def _vocabulary(code: str) -> Schema:
    def terms(name: str) -> ma.Field[Any]:
        if name == "gender":
            one_of = validate.OneOf(("m", "f"))
            return ma.Str(required=True, validate=one_of, metadata=says(FORM_WORDS[name]))
        return ma.Str(required=True, validate=validate.Length(1, 60), metadata=says(FORM_WORDS[name]))

    one = Schema.from_dict({name: terms(name) for name in FORMS[code]})
    return Schema.from_dict(
        {key: ma.Nested(one, metadata=says(f"{{{key.capitalize()}}}", TERM_WORDS[key])) for key in KEYS}
    )()


def _addresses(code: str) -> Schema:
    return Schema.from_dict(
        {path.strip("/"): ma.Str(metadata=says(path, f"/{code}/…")) for path in STABLE}
    )()


def _schema(part: str, code: str) -> Schema:
    if part == "vocabulary":
        return _vocabulary(code)
    return MenuTable() if part == "menus" else _addresses(code)


def _tree(part: str, code: str) -> dict[str, Any]:
    """What is in force, as the form holds it."""
    market = house().marketplace
    if part == "vocabulary":
        return {key: _forms(word) for key, word in house().catalogues.words(code).items()}
    if part == "addresses":
        own = market.addresses.get(code, {})
        return {path.strip("/"): own.get(path, "") for path in STABLE}
    said: dict[str, Any] = value_at(tables_now(), f"menus.{code}")[1] or {}
    return said


def tables_now() -> dict[str, Any]:
    """The settings in force as tables, the console's among them."""
    market = house().marketplace
    return merge(tables(market.source.base or market), market.source.overlay)


def _forms(word: Word) -> dict[str, str]:
    return dict(word.forms) | ({"gender": word.gender} if word.gender else {})


@pages.get("/words", READ)
def words() -> BaseResponse:
    """What the site calls things, in its first language."""
    return redirect(url_for("operator.words_part", name="vocabulary", code=house().marketplace.languages[0]), 303)


@pages.get("/words/<name>/<code>", READ)
def words_part(name: str, code: str) -> BaseResponse:
    """One part of one language."""
    return _page(*_known(name, code))


@pages.post("/words/<name>/<code>", CHANGE)
def words_save(name: str, code: str) -> BaseResponse:
    """Save it, or move its rows."""
    part, code = _known(name, code)
    schema, above = _schema(part, code), f"{part}.{code}"
    tree = read(schema, above, request.form, {})
    order, errors, late = request.form.get("do", ""), dict[str, list[str]](), None
    if order:
        move(tree, above, order)
    else:
        try:
            errors = _saved(part, code, tree)
        except Conflict as error:
            errors, late = {"": [refusal(error)]}, Late((), ())
        if not errors:
            return redirect(url_for("operator.words_part", name=part, code=code), 303)
    typed = Typed(values(schema, above, tree, {}), errors)
    typed.tree, typed.late = tree, late
    return _page(part, code, typed)


def _known(name: str, code: str) -> tuple[str, str]:
    if name not in PARTS or code not in house().marketplace.languages:
        raise NotFound("There are no such settings.")
    return name, code


def _saved(part: str, code: str, tree: Mapping[str, Any]) -> dict[str, list[str]]:
    market, above = house().marketplace, f"{part}.{code}"
    value: Any = settled(dict(tree))
    if part == "vocabulary":
        missing = {f"{above}.{key}.{form}": [N_("Please fill this in.")] for key in KEYS for form in FORMS[code]
                   if not str(tree.get(key, {}).get(form) or "").strip()}  # fmt: skip
        if missing:
            return missing
        now = house().catalogues.words(code)
        kept = {k: dict(v) for k, v in market.vocabulary.get(code, {}).items()}
        value = kept | {key: dict(forms) for key, forms in value.items() if dict(forms) != _forms(now[key])}
    elif part == "addresses":
        others = {p: its for p, its in market.addresses.get(code, {}).items() if p not in STABLE}
        value = others | {f"/{key}": its for key, its in value.items() if its}
    else:
        value = {key: rows for key, rows in value.items() if rows}
    try:
        changing.save(house(), actor(), {above: value or changing.AS_THE_FILE}, seen=sent_seen())
    except InvalidInput as error:
        return {key if key.count(".") > 1 else "": why for key, why in error.errors.items()}
    tell(_("Saved, and in force."))
    return {}


def _page(part: str, code: str, typed: Typed | None = None) -> BaseResponse:
    schema, above = _schema(part, code), f"{part}.{code}"
    tree = typed.tree if typed else _tree(part, code)
    form = typed or Typed(values(schema, above, tree, {}))
    seen = seen_now(late=form.late is not None)
    spoken = house().marketplace.languages
    context = WordsContext(
        _(PARTS[part]), _(ABOUT[part]),
        [(_(label), url_for("operator.words_part", name=p, code=code), p == part, None) for p, label in PARTS.items()],
        [(LANGUAGE_NAMES.get(c, c), url_for("operator.words_part", name=part, code=c), c == code, None)
         for c in spoken],
        draw(schema, above, tree, {}), form, url_for("operator.words_save", name=part, code=code), seen,
        the_viewer().may("settings.change"),
    )  # fmt: skip
    return show("words.html", context, status=422 if form.errors else 200)
