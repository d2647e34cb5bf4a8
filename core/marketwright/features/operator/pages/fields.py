"""Fields of the operator's own on profiles and missions, without code."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.facets import reshaping
from marketwright.features.facets.forms import word
from marketwright.features.missions import writing as missions
from marketwright.features.missions.tables import Mission
from marketwright.features.operator.drafts import about
from marketwright.features.operator.meanwhile import refusal, seen_now, sent_seen
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.pages.settings import CHANGE, READ, tabs
from marketwright.features.operator.settings_choices import languages_of
from marketwright.features.overlay import changing, queries
from marketwright.features.overlay.changing import FIXED_WORDS
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.overlay import in_force, why_fixed
from marketwright.settings.schema import FieldTable
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.house import actor, house, reading, the_viewer
from marketwright.web.i18n import _, current_locale, ngettext
from marketwright.web.late import Late
from marketwright.web.render import tell
from marketwright.web.schemaforms import Control, Typed, draw, move, read, settled, values

ABOVE = "field"
_LATE = " late"  # among errors by name: somebody changed the fields meanwhile
OWNER_WORDS = {"profile": N_("{Profile}"), "mission": N_("{Mission}")}
FORM_WORDS = {
    FieldForm.TEXT: N_("Text"), FieldForm.LONG_TEXT: N_("Long text"), FieldForm.NUMBER: N_("A number"),
    FieldForm.MONEY: N_("Amount of money"), FieldForm.DATE: N_("Date"), FieldForm.YES_NO: N_("Yes or no"),
    FieldForm.CHOICE: N_("One choice"), FieldForm.CHOICES: N_("Several choices"), FieldForm.FILE: N_("File"),
    FieldForm.ROWS: N_("Rows"),
}  # fmt: skip
SOURCES = {"the console": N_("the console"), "marketplace.toml": "marketplace.toml"}
_TABLES: dict[str, Any] = {"profile": Profile, "mission": Mission}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of the list; ``url`` is empty for one that a plugin brings."""

    label: str
    name: str
    owner: str
    form: str
    marks: list[str]
    source: str
    url: str
    answers: int


@dataclass(frozen=True, slots=True)
class FieldsContext:
    """All fields; ``fixed`` says why the console's own cannot be changed, ``about`` where they come from."""

    tabs: list[tuple[str, str, bool, int | None]]
    lines: list[FieldLine]
    fixed: str
    about: str
    editable: bool


@dataclass(frozen=True, slots=True)
class FieldContext:
    """One field as a form; ``lost`` says what saving it would lose, ``removing`` that it would go altogether."""

    tabs: list[tuple[str, str, bool, int | None]]
    title: str
    controls: list[Control]
    form: Typed
    action: str
    seen: int
    lost: str
    removing: bool
    known: bool
    remove_url: str


@pages.get("/settings/fields", READ)
def settings_fields() -> BaseResponse:
    """Every field there is, with who brings it."""
    market = house().marketplace
    with house().database.reading() as session:
        saved = queries.overlay(session, house().clock.business())
    mine = {f.name for f in market.fields}
    lines = [_line(e.it, e.plugin, own=e.it.name in mine) for e in house().plugins.fields]
    why = why_fixed(market.source.base or market, "fields")
    fixed = _(FIXED_WORDS[why]) if why else ""
    editable = the_viewer().may("settings.change") and not why
    whence = about(market, saved, "fields") if mine or "fields" in saved.saved else ""
    return show("fields.html", FieldsContext(tabs("fields"), lines, fixed, whence, editable))


def _line(field: Field, source: str, *, own: bool) -> FieldLine:
    marks = [
        text for set_, text in ((field.required, _("must be filled in")), (field.private, _("private")),
                                (field.facet, _("filter")), (field.column, _("for matching"))) if set_
    ]  # fmt: skip
    answers = len(reshaping.values_of(reading(), _TABLES[field.owner], field.name))
    url = url_for("operator.settings_field", name=field.name) if own else ""
    label = word(field.label, current_locale())
    said = _(SOURCES[source]) if source in SOURCES else source
    return FieldLine(
        label, field.name, _(OWNER_WORDS[field.owner]), _(FORM_WORDS[field.form]), marks, said, url, answers
    )


@pages.form("/settings/fields/new", CHANGE)
def settings_fields_new() -> BaseResponse:
    """A new field."""
    _refuse_locked()
    blank = {"owner": "profile", "form": "text"}
    if request.method != "POST":
        return _page("", _typed(blank, {}))
    tree = _sent()
    if "do" in request.form:
        return _page("", _typed(tree, {}))
    listed = [*_listed(), settled(tree)]
    errors = _save(listed, None)
    if errors:
        return _page("", _typed(tree, _of(errors, len(listed) - 1)))
    tell(_("The field is there, in forms and wherever else you said."))
    return redirect(url_for("operator.settings_fields"), 303)


@pages.form("/settings/fields/<name>", CHANGE.objects("fields that the console or the file declares; else 404"))
def settings_field(name: str) -> BaseResponse:
    """Change a field; what would be lost is asked about first."""
    _refuse_locked()
    number, field = _known(name)
    listed = _listed()
    if request.method != "POST":
        return _page(name, _typed(listed[number], {}))
    tree = {**_sent(), "owner": field.owner, "name": field.name}
    if "do" in request.form:
        return _page(name, _typed(tree, {}))
    wanted = settled(tree)
    after = _as_field(wanted, field)
    lost = 0 if after is None else _lost(field, after)
    if lost and not request.form.get("confirm"):
        return _page(name, _typed(tree, {}), lost=_loss_words(field, lost))
    listed[number] = wanted
    errors = _save(listed, None if after is None else _reshaping(field, after))
    if errors:
        return _page(name, _typed(tree, _of(errors, number)))
    tell(_("Saved, and in force."))
    return redirect(url_for("operator.settings_fields"), 303)


@pages.form("/settings/fields/<name>/remove", CHANGE.objects("fields that the console or the file declares; else 404"))
def settings_field_remove(name: str) -> BaseResponse:
    """Remove a field: says first how many answers are lost."""
    _refuse_locked()
    number, field = _known(name)
    listed = _listed()
    lost = _lost(field, None)
    if request.method != "POST" or (lost and not request.form.get("confirm")):
        said = _loss_words(field, lost) if lost else _("Nobody has filled it in yet: nothing is lost.")
        return _page(name, _typed(listed[number], {}), lost=said, removing=True)
    del listed[number]
    errors = _save(listed, _reshaping(field, None))
    if errors:
        tell(" ".join(m for said in errors.values() for m in said), "error")
    else:
        tell(_("The field is gone."))
    return redirect(url_for("operator.settings_fields"), 303)


def _refuse_locked() -> None:
    market = house().marketplace
    why = why_fixed(market.source.base or market, "fields")
    if why:
        raise InvalidInput(FIXED_WORDS[why])


def _listed() -> list[dict[str, Any]]:
    """The declarations in force, as the file would write them."""
    return [dict(one) for one in FieldTable(many=True).dump(in_force(house().marketplace)["fields"])]


def _known(name: str) -> tuple[int, Field]:
    found = next(((n, f) for n, f in enumerate(house().marketplace.fields) if f.name == name), None)
    if found is None:
        raise NotFound("There is no such field.")
    return found


def _sent() -> dict[str, Any]:
    tree = read(FieldTable(), ABOVE, request.form, _choices())
    if "do" in request.form:
        move(tree, ABOVE, request.form["do"])
    return tree


def _choices() -> dict[str, list[tuple[str, str]]]:
    spoken = languages_of(house())["marketplace.tagline"]
    labels = {f"{ABOVE}.choices.{n}.label": spoken for n in range(200)}
    return {
        f"{ABOVE}.label": spoken, f"{ABOVE}.hint": spoken, **labels,
        f"{ABOVE}.owner": [(k, _(w)) for k, w in OWNER_WORDS.items()],
        f"{ABOVE}.form": [(str(k), _(w)) for k, w in FORM_WORDS.items()],
    }  # fmt: skip


def _typed(tree: Mapping[str, Any], errors: Mapping[str, list[str]]) -> Typed:
    said = {"" if k == _LATE else k: v for k, v in errors.items()}
    made = Typed(values(FieldTable(), ABOVE, tree, _choices()), said)
    made.tree, made.late = dict(tree), Late((), ()) if _LATE in errors else None
    return made


def _of(errors: Mapping[str, list[str]], number: int) -> dict[str, list[str]]:
    """The refusals of the whole list as those of the one field that the form shows."""
    here = f"fields.{number}"
    own = {ABOVE + k.removeprefix(here): v for k, v in errors.items() if k.startswith(here)}
    return own | {k if k == _LATE else "": v for k, v in errors.items() if not k.startswith(here)}


def _as_field(wanted: Mapping[str, Any], before: Field) -> Field | None:
    """The changed declaration as a field, as far as answers depend on it; ``None`` where its type is none."""
    forms = {str(f) for f in FieldForm}
    if wanted.get("form") not in forms:
        return None
    listed = tuple((str(c.get("value")), dict(c.get("label") or {})) for c in wanted.get("choices") or [])
    return replace(before, form=FieldForm(wanted["form"]), choices=listed, private=bool(wanted.get("private")),
                   minimum=wanted.get("minimum"), maximum=wanted.get("maximum"))  # fmt: skip


def _lost(before: Field, after: Field | None) -> int:
    found = reshaping.values_of(reading(), _TABLES[before.owner], before.name)
    return sum(reshaping.loses(before, after, value) for value in found.values())


def _loss_words(field: Field, lost: int) -> str:
    if field.owner == "profile":
        return ngettext("%(n)s person loses what they have filled in.", "%(n)s people lose what they have filled in.",
                        lost)  # fmt: skip
    return ngettext("%(n)s {mission} loses its answer.", "%(n)s {mission.other} lose their answer.", lost)


def _reshaping(before: Field, after: Field | None) -> Callable[[UnitOfWork], object]:
    room: Any = profiles if before.owner == "profile" else missions

    def bring(uow: UnitOfWork) -> object:
        lost = room.reshape_field(uow, before=before, after=after)
        uow.audit("field.reshaped", before.name, owner=before.owner, lost=lost, removed=after is None)
        return lost

    return bring


def _save(listed: list[dict[str, Any]], also: Callable[[UnitOfWork], object] | None) -> dict[str, list[str]]:
    try:
        changing.save(house(), actor(), {"fields": [_short(one) for one in listed]}, also=also, seen=sent_seen())
    except InvalidInput as error:
        return error.errors
    except Conflict as error:
        return {_LATE: [refusal(error)]}
    return {}


def _short(one: Mapping[str, Any]) -> dict[str, Any]:
    """A declaration without what says nothing."""
    return {k: v for k, v in one.items() if v not in (None, "", False, [], {})}


def _page(name: str, form: Typed, *, lost: str = "", removing: bool = False) -> BaseResponse:
    seen = seen_now(late=form.late is not None)
    controls = draw(FieldTable(), ABOVE, form.tree, _choices())
    if name:
        fixed = (f"{ABOVE}.owner", f"{ABOVE}.name")
        controls = [replace(c, fixed="known", about=_("It stays as it is.")) if c.key in fixed else c for c in controls]
    if name and removing:
        action = url_for("operator.settings_field_remove", name=name)
    else:
        action = url_for("operator.settings_field", name=name) if name else url_for("operator.settings_fields_new")
    title = word(form.tree.get("label") or {}, current_locale()) or name if name else _("New field")
    remove = url_for("operator.settings_field_remove", name=name) if name else ""
    context = FieldContext(tabs("fields"), title, controls, form, action, seen, lost, removing, bool(name), remove)
    return show("field.html", context, status=422 if form.errors else 200)
