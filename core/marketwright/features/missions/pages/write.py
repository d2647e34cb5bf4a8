"""Writing a brief: open to visitors, who lose nothing when they sign up in between."""

from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.facets import forms as own_fields
from marketwright.features.facets.forms import FieldView, FileView
from marketwright.features.files import queries as files
from marketwright.features.files.queries import FileRow
from marketwright.features.missions import pending, queries, sealing, service, sizing
from marketwright.features.missions.brief import Brief
from marketwright.features.missions.cards import REMOTE
from marketwright.features.missions.pages.base import (
    brief_token,
    forget_brief,
    my_mission,
    pages,
    remember_brief,
    running_for,
)
from marketwright.features.missions.pages.sealed import open_fields
from marketwright.features.missions.pages.sized import SizedView, sized_views
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.schemas import brief_schema, from_brief, to_brief
from marketwright.features.missions.sealing import SealedFile
from marketwright.features.missions.writing import CONFIDENTIAL, OWNER, check_fields, stored_brief
from marketwright.features.rates import words
from marketwright.features.skills import picker
from marketwright.features.skills.levels import SKILL_LEVELS
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.store.ring import Ring
from marketwright.strategies.fields import Field
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit, viewer
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.names import country_choices, language_choices
from marketwright.web.policy import CLIENT, PUBLIC
from marketwright.web.render import render, tell
from marketwright.web.site import LANGUAGE_NAMES

_HERE = "#f-skills"
_WHERE = (
    ("remote", N_("Nobody need travel")),
    ("hybrid", N_("Some days at your place")),
    ("onsite", N_("Every day at your place")),
)
_REACH = {
    "": N_("Anybody: distance counts, and shuts nobody out"),
    "near": N_("Who lives near the town"),
    "country": N_("Who lives near the town, or works remotely in the same country"),
    "union": N_("Who lives near the town, or works remotely in the European Union"),
    "anywhere": N_("Who lives near the town, or works remotely from anywhere"),
}
_SEEN = (
    ("public", N_("Everybody"), N_("Visitors and search engines too")),
    ("members", N_("Members"), N_("People who have signed in")),
    ("invited", N_("Invited people"), N_("Nobody else knows of it")),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the brief's form offers."""

    languages: list[tuple[str, str]]
    spoken: list[tuple[str, str]]
    countries: list[tuple[str, str]]
    remote: list[tuple[str, str, str]]
    reach: list[tuple[str, str]]
    visibility: list[tuple[str, str, str]]
    levels: list[tuple[int, str]]
    kinds: list[tuple[str, str]]
    organisations: list[tuple[str, str]]
    own: list[FieldView]


@dataclass(frozen=True, slots=True)
class BriefContext:
    """The brief's form. ``mission`` is ``None`` for a new one; ``found`` says that a brief was picked up again."""

    form: Form
    picker: picker.Picker
    choices: Choices
    action: str
    mission: MissionRow | None
    signed_in: bool
    found: bool
    files: list[FileRow]
    sealed_files: list[SealedFile]
    field_files: list[FileView]
    sized: list[SizedView]
    sizes: bool
    currency: str
    market: str
    client_names: tuple[str, str]


def _own() -> list[Field]:
    return own_fields.of(house().plugins, OWNER)


def _schema() -> Any:
    return brief_schema(house().marketplace.currency, _own())


def _first() -> dict[str, Any]:
    """What an empty brief begins with."""
    market, locale = house().marketplace, current_locale()
    return {"language": locale, "country": market.country, "remote": "hybrid", "budget_kind": "day_rate",
            "visibility": "public", "named": "1", "languages": [locale]}  # fmt: skip


@pages.form("/missions/new", PUBLIC)
def new() -> BaseResponse:
    """The first words of a mission, with or without an account."""
    if viewer() is not None and viewer().organisations and not running_for():  # type: ignore[union-attr]
        raise NotAllowed("Only owners and buyers of the {organisation} run {mission.other}.")
    token = brief_token()
    kept = pending.pending_brief(reading(), house().ports.get(Ring), token)
    form = Form(_schema(), kept or _first())
    if request.method == "POST":
        asked = request.form.get("do", "")
        if _take(form) and asked:
            return _keep_and_sign_up(form, token) if not running_for() else _create(form, token, asked)
        if not running_for():
            return _kept_as_typed(form, token)
    return _page(form, None, found=kept is not None and request.method == "GET")


def _take(form: Form) -> bool:
    """Take the request; true when it may be kept: no button of a list was pressed, and every answer can be read."""
    form.accept(request.form)
    errors = dict(form.errors)
    form.errors.clear()
    if picker.press(reading(), form, "skills", current_locale(), kind="must"):
        return False
    if own_fields.press(form, _own(), request.form):
        return False
    form.accept(MultiDict((k, v) for k, vs in form.values.items() for v in (vs if isinstance(vs, list) else [vs])))
    form.errors = errors | form.errors if form.errors else errors
    return not form.errors


def _says_sealed(form: Form) -> bool:
    return any(f.sealed and form.values.get(own_fields.PREFIX + f.name) for f in _own())


def _typed(form: Form) -> dict[str, Any]:
    ends = ("_add", "_remove")
    return {k: v for k, v in form.values.items() if k not in ("do", "csrf_token") and not k.endswith(ends)}


def _keep(form: Form, token: str) -> str:
    with unit() as uow:
        kept = pending.keep_brief(uow, typed=_typed(form), token=token, sealed=_says_sealed(form))
        uow.commit()
    return kept


def _kept_as_typed(form: Form, token: str) -> BaseResponse:
    """Show a visitor's brief again and keep it, refused or not: whoever leaves now finds every word."""
    try:
        return remember_brief(_page(form, None), _keep(form, token))
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, None)


def _keep_and_sign_up(form: Form, token: str) -> BaseResponse:
    """Keep what a visitor wrote, and go on where they become a client."""
    try:
        kept = _keep(form, token)
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, None)
    back = url_for("missions.new")
    if viewer() is None:
        return remember_brief(redirect(url_for("accounts.sign_up", side="client", next=back), 303), kept)
    return remember_brief(redirect(url_for("accounts.new_organisation", next=back), 303), kept)


def _create(form: Form, token: str, asked: str) -> BaseResponse:
    """Store the draft first, then publish it where that was asked: what was typed is safe in any case."""
    mine = [o.id for o in running_for()]
    chosen = form.get("organisation") if form.get("organisation") in mine else mine[0]
    brief = to_brief(form.value, _own())
    if asked == "publish" and _lacks(form, brief):
        return _page(form, None)
    sized = sizing.ask(house().plugins, brief, _own())
    try:
        with unit() as uow:
            mission = service.draft(uow, organisation=str(chosen), brief=brief)
            sizing.keep(uow, mission=mission, sized=sized)
            pending.drop_brief(uow, token=token)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, None)
    if asked == "publish":
        return forget_brief(_published(form, mission))
    tell(gettext("Your draft is kept. Only your {organisation} sees it."))
    return forget_brief(redirect(url_for("missions.edit", mission=mission), 303))


def _lacks(form: Form, brief: Brief) -> bool:
    """Whether something must be there before others may see the brief; says what in the form."""
    lacking = brief.lacking() | check_fields(_own(), brief)
    if lacking:
        form.refuse(InvalidInput(lacking))
    return bool(lacking)


def _published(form: Form, mission: str) -> BaseResponse:
    """Publish a stored draft; a closed gate is explained on the draft's page, and the draft is safe."""
    try:
        with unit() as uow:
            state = service.publish(uow, mission=mission)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, queries.mission(reading(), mission))
    except GateClosed:
        tell(gettext("Your draft is kept. One thing is missing before others can see it."), "warning")
        return redirect(url_for("missions.show", mission=mission), 303)
    if state == "waiting":
        tell(gettext("Thank you. We read it and tell you as soon as others can see it."), "info")
    else:
        tell(gettext("Your {mission} is published."))
    return redirect(url_for("missions.show", mission=mission), 303)


@pages.form("/missions/<mission>/edit", CLIENT.objects("owners and buyers of its organisation"))
def edit(mission: str) -> BaseResponse:
    """Write a stored brief anew."""
    row = my_mission(mission)
    if row.state not in service.EDITABLE:
        raise Conflict("{Mission.a} that has ended is not edited any more.", state=row.state)
    form = Form(_schema(), from_brief(_stored(row), row.currency, _own()) | {"version": row.version})
    if request.method == "POST":
        asked = request.form.get("do", "")
        if _take(form) and asked:
            done = _change(form, row, then=asked)
            if done and asked == "publish" and row.state == "draft":
                return _published(form, mission)
            if done:
                return redirect(url_for("missions.show", mission=mission), 303)
            row = my_mission(mission)
    return _page(form, row)


def _stored(row: MissionRow) -> Brief:
    """The brief as the form begins with it: what is sealed opens with the form, and this reading is recorded."""
    brief = stored_brief(reading(), row)
    if request.method == "POST" or not sealing.all_in(reading(), row.id, _own(), row.fields):
        return brief
    found = open_fields(row, "client")
    return replace(brief, confidential=found.pop(sealing.TEXT, brief.confidential), fields=found)


def _change(form: Form, row: MissionRow, *, then: str) -> bool:
    """Store the edit; ``then`` is what was asked for besides."""
    version = str(form.get("version"))
    brief = to_brief(form.value, _own())
    sized = sizing.ask(house().plugins, brief, _own())
    try:
        with unit() as uow:
            changed = service.edit(
                uow, mission=row.id, brief=brief,
                version=int(version) if version.isdigit() else None,
            )  # fmt: skip
            if changed:
                sizing.keep(uow, mission=row.id, sized=sized)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except Conflict as error:
        form.errors[""] = [gettext(error.template)]
        form.values["version"] = my_mission(row.id).version
        return False
    if not changed:
        if then != "publish":
            tell(gettext("Nothing was changed."), "info")
    elif row.state in ("published", "paused"):
        tell(gettext("Saved. Everybody who applied is told."))
    else:
        tell(gettext("Saved."))
    return True


def _page(form: Form, row: MissionRow | None, *, found: bool = False) -> BaseResponse:
    session, locale = reading(), current_locale()
    shown = picker.picker(session, form, "skills", locale)
    if not shown.suggestions:
        there = {r.key for r in shown.rows}
        often = [(r.id, r.label) for r in queries.often_asked(session, locale, 10) if r.id not in there]
        shown = picker.Picker(shown.rows, often, shown.all)
    mine = running_for()
    owner = row.organisation_id if row else (mine[0].id if mine else "")
    client = accounts.organisation(session, owner) if owner else None
    context = BriefContext(
        form=form, picker=shown, choices=_choices(), mission=row, signed_in=bool(mine), found=found,
        action=url_for("missions.edit", mission=row.id) if row else url_for("missions.new"),
        files=files.files_of(session, OWNER, row.id, CONFIDENTIAL) if row else [],
        sealed_files=sealing.files_of(session, house().ports.get(Ring), row.id) if row else [],
        field_files=own_fields.file_views(_own(), row.fields, locale) if row else [],
        currency=house().marketplace.currency, market=_market(row), sized=_sized(form),
        sizes=bool(house().plugins.estimators),
        client_names=(client.name, client.public_name(locale)) if client else ("", ""),
    )  # fmt: skip
    return render("missions/brief.html", context, status=422 if form.errors else 200)


def _market(row: MissionRow | None) -> str:
    """What a day of this costs on the market, once the brief has skills."""
    if row is None:
        return ""
    skills = queries.skill_ids(reading(), row.id)
    return words.hint(reading(), house().marketplace.currency, skills, "", row.country, row.remote)


def _sized(form: Form) -> list[SizedView]:
    """What the brief implies in days as it stands in the form, wherever it can be read."""
    data = MultiDict((k, v) for k, vs in form.values.items() for v in (vs if isinstance(vs, list) else [vs]))
    reader = Form(_schema(), {})
    reader.accept(data)
    if reader.errors:
        return []
    brief = to_brief(reader.value, _own())
    return sized_views(sizing.ask(house().plugins, brief, _own()), brief.duration_days)


def _reaches() -> list[tuple[str, str]]:
    """Who may do it, where a criterion that runs keeps to it; a union is offered where the country is in one."""
    plugins, country = house().plugins, house().marketplace.country
    if not any("reach_met" in e.it.reads for e in plugins.matching_criteria):
        return []
    joined = country in plugins.countries and plugins.countries[country].it.union
    return [(v, label) for v, label in _REACH.items() if v != "union" or joined]


def _choices() -> Choices:
    levels = [(n, gettext("%(level)s or better", level=translate(word))) for n, word in SKILL_LEVELS]
    return Choices(
        languages=[(c, LANGUAGE_NAMES.get(c, c)) for c in house().marketplace.languages],
        spoken=language_choices(), countries=country_choices(),
        remote=[(v, gettext(REMOTE[v]), gettext(note)) for v, note in _WHERE],
        reach=[(v, gettext(label)) for v, label in _reaches()],
        visibility=[(v, gettext(label), gettext(note)) for v, label, note in _SEEN], levels=levels,
        kinds=[("must", gettext("Must have")), ("nice", gettext("Nice to have"))],
        organisations=[(o.id, o.name) for o in running_for()], own=own_fields.views(_own(), current_locale()),
    )  # fmt: skip
