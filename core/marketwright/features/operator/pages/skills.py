"""Skills of the taxonomies: find them, see which share a name, merge two that mean the same."""

from dataclasses import field
from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator import merging
from marketwright.features.operator.merging import Merging
from marketwright.features.operator.pages.base import argument, pages, show
from marketwright.features.operator.pages.texts import READ
from marketwright.features.skills import queries
from marketwright.features.skills.queries import Namesakes, SkillRow
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.errors import sentence
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.i18n import _, current_locale
from marketwright.web.policy import staff
from marketwright.web.render import tell

CHANGE = staff("settings.change")
MOST = 50


class Into(Schema):
    """The name or key of the skill that stays."""

    into = TextField(longest=300, required=True)


@dataclass(frozen=True, slots=True)
class SkillsContext:
    """What was found for ``search``; without one, names that several skills have, and what was merged."""

    search: str
    found: list[SkillRow]
    namesakes: list[Namesakes]
    merged: list[tuple[str, str, datetime]]
    editable: bool


@dataclass(frozen=True, slots=True)
class SkillContext:
    """One skill and the form that merges it; ``merging`` is what that would change, once a skill that stays is named.

    ``close`` are skills that the typed name may mean.
    """

    skill: SkillRow
    names: list[str]
    form: Form
    editable: bool
    merging: Merging | None = None
    stays: SkillRow | None = None
    close: list[SkillRow] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)


@pages.get("/skills", READ)
def skills() -> BaseResponse:
    """Find skills."""
    session, search, locale = reading(), argument("search"), current_locale()
    found = queries.find(session, search, locale, MOST) if search else []
    context = SkillsContext(
        search, found, [] if search else queries.namesakes(session, locale),
        [] if search else queries.merged_lately(session, locale), the_viewer().may("settings.change"),
    )  # fmt: skip
    return show("skills.html", context)


@pages.get("/skills/one", READ)
def skills_one() -> BaseResponse:
    """One skill, and what merging it into another (``?into=``) would change."""
    form = Form(Into())
    if "into" in request.args:
        form.accept(request.args)
    return _page(argument("key", 80), form)


@pages.post("/skills/one", CHANGE.objects("skills; none there is 404"))
def skills_merge() -> BaseResponse:
    """Merge one skill into another, for good."""
    old, new = request.form.get("key", ""), request.form.get("into", "")
    labels = queries.labels(reading(), (old, new), current_locale())
    try:
        with unit() as uow:
            merging.merge(uow, old=old, new=new)
            uow.commit()
    except InvalidInput as error:
        form = Form(Into(), {"into": new})
        form.errors["into"] = [sentence(error)]
        return _page(old, form)
    tell(_("“%(was)s” means “%(becomes)s” from now on.", was=labels[old], becomes=labels[new]))
    return redirect(url_for("operator.skills"), 303)


def _page(key: str, form: Form) -> BaseResponse:
    session, locale = reading(), current_locale()
    skill = next(iter(queries.rows(session, [key], locale)), None)
    if skill is None:
        raise NotFound("There is no such skill.")
    typed, found = "" if form.errors else str(form.values.get("into", "")).strip(), None
    stays = queries.exact(session, [typed], locale).get(typed)
    close = queries.near(session, typed, locale, 6) if typed and stays is None else []
    if stays is not None:
        try:
            found = merging.preview(session, old=skill.id, new=stays.id)
        except InvalidInput as error:
            form.errors["into"] = [sentence(error)]
    elif typed:
        form.errors["into"] = [_("No skill has that name, and nothing is spelt like it.") if not close
                               else _("No skill has that name. One of these?")]  # fmt: skip
    context = SkillContext(
        skill, queries.names_of(session, skill.id), form, the_viewer().may("settings.change"), found, stays, close,
        queries.common(session, locale),
    )  # fmt: skip
    return show("skill.html", context, status=422 if form.errors else 200)
