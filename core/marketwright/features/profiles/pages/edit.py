"""Writing who one is, what one asks and when one is free, and the photo."""

from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.facets import forms as own_fields
from marketwright.features.facets.filing import purpose_of
from marketwright.features.files import service as files
from marketwright.features.files.uploads import received, sent_file
from marketwright.features.profiles import service
from marketwright.features.profiles.cards import REMOTE, drawn, initials, photo_url
from marketwright.features.profiles.pages.base import Stored, edits, my_profile, my_row, page, pages, save
from marketwright.features.profiles.parts import ABOUT, about_parts, offer_parts
from marketwright.features.profiles.schemas import AboutSchema, offer_schema
from marketwright.features.profiles.tables import Claim
from marketwright.features.rates import words
from marketwright.features.rates.service import seniority
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_, say
from marketwright.strategies.fields import Field
from marketwright.web.errors import sentence
from marketwright.web.formats import show_date, show_money
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.late import opened
from marketwright.web.names import country_choices, country_name
from marketwright.web.policy import FREELANCER
from marketwright.web.render import tell
from marketwright.web.site import LANGUAGE_NAMES

_HOW = (
    ("remote", N_("From your own place; a visit now and then at most")),
    ("hybrid", N_("Some days at the {client}’s, some at yours")),
    ("onsite", N_("At the {client}’s")),
)


def _about_schema(fields: list[Field]) -> Schema:
    made: type[Schema] = AboutSchema.from_dict(dict(own_fields.schema(fields)), name="OwnAboutSchema")
    return made()


@pages.form("/me/profile/about", FREELANCER)
def about() -> BaseResponse:
    """Headline, bio, place, and the niche's own fields."""
    fields, profile, now = own_fields.of(house().plugins, service.OWNER), my_profile(), _about_now()
    form = Form(_about_schema(fields), now.shown)
    opened(form, now.parts, edits())
    if request.method == "POST" and _taken(form, fields):
        values = own_fields.values(fields, form.value)
        told: dict[str, Any] = {n: form.value.get(n) for n in ABOUT}
        done = save(
            form, lambda uow, me, began: service.describe(uow, profile=me, fields=values, began=began, **told),
            _about_now,
        )  # fmt: skip
        if done:
            return done
    views = own_fields.views(fields, current_locale())
    stored = own_fields.file_views(fields, profile.fields if profile else {}, current_locale())
    return page(form, "about", languages=_spoken(), countries=country_choices(), own=views, files=stored)


def _spoken() -> list[tuple[str, str]]:
    return [(c, LANGUAGE_NAMES.get(c, c)) for c in house().marketplace.languages]


def _about_now() -> Stored:
    fields, row = own_fields.of(house().plugins, service.OWNER), my_row()
    shown: dict[str, Any] = {"language": current_locale(), "country": house().marketplace.country}
    if row is None:
        return Stored(about_parts(None, fields), shown, {})
    shown = {n: getattr(row, n) for n in ABOUT} | own_fields.initial(fields, row.fields or {})
    words = {n: str("" if v is None else v) for n, v in shown.items()} | own_fields.texts(fields, row.fields or {})
    words["language"] = LANGUAGE_NAMES.get(row.language, row.language)
    words["country"] = country_name(row.country) if row.country else ""
    return Stored(about_parts(row, fields), shown, words)


def _taken(form: Form, fields: list[Field]) -> bool:
    """Take the request; true when it is valid and no button of rows was pressed."""
    valid = form.accept(request.form)
    return not own_fields.press(form, fields, request.form) and valid


@pages.post("/me/profile/fields/<name>", FREELANCER.objects("fields that are files; else 404"))
def field_file(name: str) -> BaseResponse:
    """Send the file of one field, or take it away."""
    try:
        checked = None if "remove" in request.form else sent_file(purpose_of(service.OWNER))
        with unit() as uow:
            service.ensure_profile(uow, account=the_viewer().account)
            service.set_field_file(uow, profile=the_viewer().account, name=name, checked=checked)
            uow.commit()
    except InvalidInput as error:
        tell(sentence(error), "error")
    else:
        tell(gettext("Saved."))
    return redirect(url_for("profiles.about") + "#own-files", 303)


@pages.form("/me/profile/availability", FREELANCER)
def availability() -> BaseResponse:
    """Day rate, from when, days a week, where."""
    profile, now = my_profile(), _offer_now()
    currency = profile.currency if profile else house().marketplace.currency
    form = Form(offer_schema(currency), now.shown)
    opened(form, now.parts, edits())
    if request.method == "POST" and form.accept(request.form):
        v = form.value
        rate = v.get("day_rate")
        done = save(
            form,
            lambda uow, me, began: service.offer(
                uow, profile=me, day_rate=rate.amount if rate else None, available_from=v.get("available_from"),
                days_a_week=v.get("days_a_week"), remote=v["remote"], began=began,
            ), _offer_now,
        )  # fmt: skip
        if done:
            return done
    how = [(value, gettext(REMOTE[value]), gettext(note)) for value, note in _HOW]
    market = ""
    if profile:
        place = (seniority(profile.years), profile.country, profile.remote)
        market = words.hint(reading(), house().marketplace.currency, _skills(), *place)
    return page(form, "availability", currency=currency, remote=how, market=market)


def _offer_now() -> Stored:
    row = my_row()
    if row is None:
        return Stored(offer_parts(None), {"remote": "hybrid"}, {})
    rate = Money(row.day_rate, row.currency) if row.day_rate else None
    shown: dict[str, Any] = {
        "day_rate": show_money(rate, plain=True) if rate else "",
        "available_from": row.available_from.isoformat() if row.available_from else "",
        "days_a_week": row.days_a_week, "remote": row.remote,
    }  # fmt: skip
    texts = {
        "day_rate": show_money(rate) if rate else "", "days_a_week": str(row.days_a_week or ""),
        "available_from": show_date(row.available_from) if row.available_from else "",
        "remote": gettext(REMOTE[row.remote]),
    }  # fmt: skip
    return Stored(offer_parts(row), shown, texts)


def _skills() -> list[str]:
    """The skills that this profile claims."""
    query = select(Claim.skill_id).where(Claim.profile_id == the_viewer().account, Claim.kind == "skill")
    return [skill for skill in reading().scalars(query) if skill]


@pages.form("/me/profile/photo", FREELANCER)
def photo() -> BaseResponse:
    """Send a photo; it is cut to a square, and what the camera wrote into it is dropped."""
    form = Form(Schema(), {})
    if request.method == "POST":
        sent = request.files.get("photo")
        try:
            if sent is None or not sent.filename:
                raise InvalidInput({"photo": [say("Choose a photo first.")]})
            checked = received(sent, files.PHOTO, "photo")
            done = save(form, lambda uow, me, _began: service.set_photo(uow, profile=me, photo=checked))
            if done:
                return done
        except InvalidInput as error:
            form.refuse(InvalidInput({"photo": [m for said in error.errors.values() for m in said]}))
    viewer, profile = the_viewer(), my_profile()
    file = profile.photo_file if profile else None
    shown = {"photo": photo_url(file), "portrait": drawn(viewer.account, viewer.name, file),
             "initials": initials(viewer.name)}  # fmt: skip
    return page(form, "photo", person=shown)


@pages.post("/me/profile/photo/remove", FREELANCER)
def photo_remove() -> BaseResponse:
    """Take the photo away."""
    with unit() as uow:
        service.ensure_profile(uow, account=the_viewer().account)
        service.remove_photo(uow, profile=the_viewer().account)
        uow.commit()
    tell(gettext("The photo is gone; a drawing stands in."))
    return redirect(url_for("profiles.photo"), 303)
