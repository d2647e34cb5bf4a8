"""Saving searches and asking for new matches, one's own list of alerts, and the link that stops one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.alerts import queries, service
from marketwright.features.alerts.finding import Asked, Outdated, chips, fitting, question
from marketwright.features.alerts.queries import AlertRow
from marketwright.features.alerts.service import NewAlert
from marketwright.features.alerts.tokens import read_stop_token
from marketwright.features.alerts.views import FREQUENCY_LABELS, frequencies, title_of
from marketwright.features.matching.pages.base import index
from marketwright.features.missions import sight
from marketwright.features.missions.queries import missions_by_id
from marketwright.features.notifications.letters.alerts import path_of
from marketwright.kernel.actors import system
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import PUBLIC, SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages
from marketwright.web.security import csrf

pages = Pages("alerts")
MINE = SIGNED_IN.objects("whose alert it is; others get 404")
KINDS = ("people", "missions", "mission_matches", "my_matches")


class ChangeSchema(Schema):
    """Another name or frequency."""

    name = TextField(longest=service.LONGEST_NAME)
    frequency = TextField(longest=20)


class SaveSchema(ChangeSchema):
    """What is to be told of."""

    kind = TextField(longest=20, required=True)
    target = TextField(longest=4000)


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert of one's own; ``gone`` says that a filter of the search is not there any more."""

    row: AlertRow
    what: list[str]
    how: str
    url: str
    gone: bool
    form: "RowForm"


@dataclass(frozen=True, slots=True)
class RowForm:
    """The form of one alert among several on the page."""

    prefix: str
    values: Mapping[str, Any]
    errors: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """All of one's own alerts."""

    alerts: list[AlertView]
    frequencies: list[tuple[str, str]]
    is_freelancer: bool


@dataclass(frozen=True, slots=True)
class StopPage:
    """The link of a mail: ``name`` of the alert ('' for one that is gone), and whether it is stopped now."""

    name: str
    stopped: bool


@pages.get("/me/alerts", SIGNED_IN)
def mine() -> BaseResponse:
    """One's own alerts."""
    return _page()


def _page(refused: Form | None = None, alert: str = "") -> BaseResponse:
    found = queries.alerts_of(reading(), the_viewer().account)
    views = [_view(row, refused if row.id == alert else None) for row in found]
    context = AlertsPage(views, frequencies(), the_viewer().is_freelancer)
    return render("alerts/mine.html", context, status=422 if refused else 200)


def _view(row: AlertRow, form: Form | None) -> AlertView:
    what: list[str] = []
    gone = False
    if row.kind in ("people", "missions"):
        try:
            what = chips(house(), index(), question(house(), index(), row.kind, row.target), current_locale())
        except Outdated:
            gone = True
    else:
        what = [title_of(row)]
    values = form.values if form else {"name": row.name, "frequency": row.frequency}
    mine = RowForm(row.id, values, form.errors if form else {})
    return AlertView(row, what, gettext(FREQUENCY_LABELS[row.frequency]), path_of(row), gone, mine)


@pages.post("/me/alerts", SIGNED_IN)
def save() -> BaseResponse:
    """Save a search, or ask for new matches."""
    form = Form(SaveSchema())
    if not form.accept(request.form):
        raise InvalidInput(form.errors)
    new = _new(form)
    with unit() as uow:
        service.save(uow, new=new)
        uow.commit()
    tell(gettext("Saved. What is new from now on comes to your inbox and by mail."))
    return redirect(url_for("alerts.mine"), 303)


def _new(form: Form) -> NewAlert:
    """What was asked for, as it is kept, with what fits already."""
    kind, target, name = (form.value[n] for n in ("kind", "target", "name"))
    if kind in ("people", "missions"):
        try:
            asked = question(house(), index(), kind, target)
        except Outdated:
            raise InvalidInput(N_("A filter of this search is not there any more.")) from None
        target = urlencode(asked.ask.pairs(house().marketplace.currency))
        name = name or ", ".join(chips(house(), index(), asked, current_locale())) or gettext("Everything new")
    elif kind == "mission_matches":
        mission = missions_by_id(reading(), [target]).get(target)
        if mission is None or not sight.belongs(mission, the_viewer()):
            raise NotFound("There is no such {mission}.")
        name = name or mission.title
    elif kind == "my_matches" and the_viewer().is_freelancer:
        target, name = "", name or gettext("My matches")
    else:
        raise InvalidInput(N_("Please choose one of the list."))
    new = NewAlert(kind, target, name[: service.LONGEST_NAME], form.value["frequency"] or "daily")
    return replace(new, fits=_fits(Asked(the_viewer().account, kind, target)))


def _fits(row: Asked) -> list[str]:
    try:
        return fitting(house(), reading(), row)
    except Outdated:
        raise InvalidInput(N_("A filter of this search is not there any more.")) from None


@pages.post("/me/alerts/<alert>/change", MINE)
def change(alert: str) -> BaseResponse:
    """Another name or frequency."""
    form = Form(ChangeSchema())
    if form.accept(request.form):
        try:
            _do(lambda uow: service.change(uow, alert=alert, **form.value))
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(gettext("Kept."))
            return redirect(url_for("alerts.mine"), 303)
    if _mine(alert) is None:
        raise NotFound("There is no such alert of yours.")
    return _page(form, alert)


@pages.post("/me/alerts/<alert>/pause", MINE)
def pause(alert: str) -> BaseResponse:
    """Tell nothing more until it is resumed."""
    _do(lambda uow: service.pause(uow, alert=alert))
    tell(gettext("Paused. Nothing of it comes until you resume it."))
    return redirect(url_for("alerts.mine"), 303)


@pages.post("/me/alerts/<alert>/resume", MINE)
def resume(alert: str) -> BaseResponse:
    """Tell again, of what comes from now on."""
    row = _mine(alert)
    if row is None:
        raise NotFound("There is no such alert of yours.")
    fits = _fits(Asked(row.account_id, row.kind, row.target))
    _do(lambda uow: service.resume(uow, alert=alert, fits=fits))
    tell(gettext("It runs again, for what is new from now on."))
    return redirect(url_for("alerts.mine"), 303)


@pages.post("/me/alerts/<alert>/remove", MINE)
def remove(alert: str) -> BaseResponse:
    """Delete an alert."""
    _do(lambda uow: service.remove(uow, alert=alert))
    tell(gettext("Deleted."))
    return redirect(url_for("alerts.mine"), 303)


def _mine(alert: str) -> AlertRow | None:
    found = queries.alert(reading(), alert)
    return found if found is not None and found.account_id == the_viewer().account else None


def _do(deed: Callable[[UnitOfWork], None]) -> None:
    with unit() as uow:
        deed(uow)
        uow.commit()


@pages.form("/alerts/stop/<token>", PUBLIC.objects("whoever has the link of the mail"))
def stop(token: str) -> BaseResponse:
    """The link at the foot of a mail. Opening it changes nothing: mail programs open links on their own."""
    alert = read_stop_token(token, house().marketplace.secret_key)
    found = queries.alert(reading(), alert) if alert else None
    if alert is None:
        raise NotFound(N_("This link was not made here, or is not whole."))
    if request.method == "POST" and found is not None:
        with unit(system("alerts.link")) as uow:
            service.stop(uow, alert=alert)
            uow.commit()
        return render("alerts/stop.html", StopPage(found.name, stopped=True))
    return render("alerts/stop.html", StopPage(found.name if found else "", bool(found and found.paused)))


csrf.exempt(stop)  # a mail program posts here without a session: the signed link is what is checked
