"""Settings: every key of marketplace.toml and of the plugins as a form, with where each value comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from marshmallow import Schema
from marshmallow import fields as ma
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.drafts import Group, value_words
from marketwright.features.operator.meanwhile import began_with, left_alone, refusal, seen_now, sent_seen
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.settings_choices import choices_of, gates_schema, languages_of
from marketwright.features.overlay import changing, queries
from marketwright.hooks.manager import Plugin
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound, Overtaken
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.schema import MarketplaceFile
from marketwright.web.formats import read_date
from marketwright.web.house import actor, house, the_viewer
from marketwright.web.i18n import _, translate
from marketwright.web.late import BEGAN, Late
from marketwright.web.policy import staff
from marketwright.web.render import tell
from marketwright.web.schemaforms import Control, Typed, move, read, values

READ = staff("settings.read")
CHANGE = staff("settings.change")
_NOTE = 300


@dataclass(frozen=True, slots=True)
class GroupContext:
    """One group of settings as a form; ``deals``: what is saved may begin later and is for new deals alone."""

    title: str
    text: str
    tabs: list[tuple[str, str, bool, int | None]]
    controls: list[Control]
    form: Typed
    action: str
    seen: int
    deals: bool
    editable: bool
    missing: list[str]
    plugin: str
    prices: bool = False


def group_names() -> dict[str, str]:
    """The groups by name, with their titles in the reader's language, in the order of the schema."""
    found: dict[str, str] = {}
    for name, one in MarketplaceFile().fields.items():
        if (isinstance(one, ma.Nested) and not one.metadata.get("own_page")) or name == "gates":
            found[name] = translate(one.metadata.get("label") or name.replace("_", " ").capitalize())
    return found


def tabs(current: str) -> list[tuple[str, str, bool, int | None]]:
    """Groups, plugins and history as tabs."""
    made: list[tuple[str, str, bool, int | None]] = [
        (title, _address(name), name == current, None) for name, title in group_names().items()
    ]
    made.append((_("Fields"), url_for("operator.settings_fields"), current == "fields", None))
    made.append((_("Plugins"), url_for("operator.plugins"), current == "plugins", None))
    made.append((_("History"), url_for("operator.settings_history"), current == "history", None))
    return made


def _address(group: str) -> str:
    here = "operator.settings" if group == "marketplace" else "operator.settings_group"
    return url_for(here) if group == "marketplace" else url_for(here, group=group)


def group_of(name: str) -> Group:
    """The group ``name``: a table of the file, or the gates."""
    schema = gates_schema() if name == "gates" else MarketplaceFile().fields[name]
    if isinstance(schema, ma.Nested):
        schema = schema.schema
    assert isinstance(schema, Schema)
    return Group(name, schema, choices_of(house()) | languages_of(house()))


def plugin_group(plugin: Plugin) -> Group:
    """The settings of ``plugin``."""
    return Group(f"plugin.{plugin.name}", plugin.manifest.settings(), languages_of(house()))


@pages.get("/settings", READ)
def settings() -> BaseResponse:
    """The marketplace itself."""
    return _page("marketplace")


@pages.get("/settings/group/<group>", READ.objects("groups of settings; none there is 404"))
def settings_group(group: str) -> BaseResponse:
    """One group."""
    return _page(_known(group))


@pages.post("/settings/group/<group>", CHANGE.objects("groups of settings; none there is 404"))
def settings_save(group: str) -> BaseResponse:
    """Save one group, or move its rows."""
    name = _known(group)
    made = _taken(group_of(name))
    if isinstance(made, Typed) or made is None:
        return _page(name, made)
    return redirect(_address(name), 303)


@pages.get("/settings/plugins", READ)
def settings_plugins() -> BaseResponse:
    """The plugins have a page of their own."""
    return redirect(url_for("operator.plugins"), 303)


@pages.get("/settings/plugins/<name>", READ.objects("enabled plugins; none there is 404"))
def settings_plugin(name: str) -> BaseResponse:
    """The settings of one plugin."""
    return _plugin_page(known_plugin(name))


@pages.post("/settings/plugins/<name>", CHANGE.objects("enabled plugins; none there is 404"))
def settings_plugin_save(name: str) -> BaseResponse:
    """Save the settings of one plugin, or move their rows."""
    plugin = known_plugin(name)
    made = _taken(plugin_group(plugin))
    if isinstance(made, Typed) or made is None:
        return _plugin_page(plugin, made)
    return redirect(url_for("operator.settings_plugin", name=name), 303)


def _known(group: str) -> str:
    if group not in group_names():
        raise NotFound("There are no such settings.")
    return group


def known_plugin(name: str) -> Plugin:
    """The enabled plugin ``name``; ``NotFound`` otherwise."""
    found = house().plugins.plugin(name)
    if found is None:
        raise NotFound("There is no such plugin here.")
    return found


def _taken(group: Group) -> Typed | bool | None:
    """Do what the form asks. True when saved; what to show again otherwise, ``None`` where that is as before."""
    tree = read(group.schema, group.above, request.form, group.choices)
    now = group.shown(house().marketplace)
    group.bring(tree, group.fixed(house().marketplace), now)
    order = request.form.get("do", "")
    if order == "again":
        return _typed(group, tree, {})
    if order:
        move(tree, group.above, order)
        return _typed(group, tree, {})
    theirs = left_alone(group.parts(tree), group.parts(now))
    group.bring(tree, theirs, now)
    try:
        errors = _saved(group, tree)
    except Conflict as error:
        return _overtaken(group, tree, error, theirs)
    return _typed(group, tree, errors) if errors else True


def _overtaken(group: Group, tree: Mapping[str, Any], error: Conflict, taken: Sequence[str]) -> Typed:
    """The form as it was typed, with what others have saved meanwhile beside it."""
    made = _typed(group, tree, {"": [refusal(error)]})
    now = group.parts(group.shown(house().marketplace))
    both = error.parts if isinstance(error, Overtaken) else ()
    made.late = Late([(k, value_words(now.get(k))) for k in both], taken)
    return made


def plugin_form_again(
    plugin: Plugin, group: Group, tree: Mapping[str, Any], errors: Mapping[str, Any]
) -> BaseResponse:
    """The form of a plugin as it was typed, with what is wrong with it."""
    return _plugin_page(plugin, _typed(group, tree, errors))


def _typed(group: Group, tree: Mapping[str, Any], errors: Mapping[str, Any]) -> Typed:
    made = Typed(values(group.schema, group.above, tree, group.choices) | _aside(), errors)
    made.tree = dict(tree)
    return made


def _aside() -> dict[str, str]:
    return {k: request.form.get(k, "") for k in ("note", "starts", BEGAN)}


def _saved(group: Group, tree: Mapping[str, Any]) -> dict[str, list[str]]:
    changes = group.changes(house().marketplace, tree)
    if not changes:
        tell(_("Nothing was changed."), "info")
        return {}
    try:
        starts = _starts(request.form.get("starts", ""))
        changing.save(house(), actor(), changes, note=request.form.get("note", "")[:_NOTE], starts=starts,
                      seen=sent_seen())  # fmt: skip
    except InvalidInput as error:
        return error.errors
    tell(_("Saved. It is in force from that day on.") if starts else _("Saved, and in force."))
    return {}


def _starts(typed: str) -> datetime | None:
    if not typed.strip():
        return None
    try:
        day = read_date(typed)
    except ValueError:
        raise InvalidInput({"starts": [N_("This is not a date. Type it like 31/12/2026.")]}) from None
    begins = datetime.combine(day, time(), ZoneInfo(house().marketplace.time_zone))
    if begins < house().clock.business():
        raise InvalidInput({"starts": [N_("This day has passed. Leave it empty for now.")]})
    return begins


def _page(name: str, typed: Typed | None = None) -> BaseResponse:
    group = group_of(name)
    deals = any(f.metadata.get("deals") for f in group.schema.fields.values())
    return _show(group, group_names()[name], "", name, typed, deals=deals)


def _plugin_page(plugin: Plugin, typed: Typed | None = None) -> BaseResponse:
    group, found = plugin_group(plugin), house().plugins
    of_deals = {e.plugin for e in found.pricing_rules} | {e.plugin for e in found.contract_templates}
    deals = plugin.name in of_deals
    return _show(group, plugin.name, translate(plugin.manifest.summary), "plugins", typed, deals=deals)


def _show(group: Group, title: str, text: str, tab: str, typed: Typed | None, *, deals: bool) -> BaseResponse:
    market = house().marketplace
    with house().database.reading() as session:
        saved = queries.overlay(session, house().clock.business())
    tree = typed.tree if typed else group.shown(market)
    form = typed or Typed(values(group.schema, group.above, tree, group.choices))
    late = form.late is not None
    if late or not form.values.get(BEGAN):
        form.values[BEGAN] = began_with(group.parts(group.shown(market)))
    controls = group.controls(market, saved, tree)
    editable = the_viewer().may("settings.change")
    if not editable:
        controls = [replace(c, fixed=c.fixed or "role") for c in controls]
    fallback = url_for("operator.settings_group", group=group.above)
    plugin = group.above.removeprefix("plugin.") if tab == "plugins" else ""
    action = url_for("operator.settings_plugin", name=plugin) if plugin else fallback
    context = GroupContext(
        title, text, tabs(tab), controls, form, action, seen_now(late=late), deals, editable,
        list(house().missing) if tab == "marketplace" else [], plugin,
        any(e.plugin == plugin for e in house().plugins.pricing_rules),
    )  # fmt: skip
    return show("settings.html", context, status=422 if form.errors else 200)
