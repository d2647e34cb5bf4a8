"""Matches both ways, and the people whom staff put on a list by hand."""

from datetime import timedelta
from urllib.parse import urlsplit

import numpy as np
from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.alerts.views import SaveView, save_view
from marketwright.features.matching import queries, service
from marketwright.features.matching.circle import Circle, circle_of
from marketwright.features.matching.columns import day_number
from marketwright.features.matching.index import Index
from marketwright.features.matching.matches import (
    STEP,
    MatchList,
    engine_beside,
    missions_for_freelancer,
    people_for_mission,
)
from marketwright.features.matching.pages.base import MEMBERS, MissionHead, Tab, index, keep, own_mission, pages, tabs
from marketwright.features.matching.ranking import GateBroken
from marketwright.features.matching.relaxing import LATER_DAYS, Relaxed
from marketwright.features.messaging.queries import threads_of_mission
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.queries import MissionRow, invited
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.kernel.words import fold
from marketwright.web.fields import TextField
from marketwright.web.formats import show_date
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.names import language_name
from marketwright.web.policy import FREELANCER, staff
from marketwright.web.render import render, tell

RELAXED_SHOWN = 4
LIKELY = 500  # people looked at for a name
PLACE = staff("matches.place")


@dataclass(frozen=True, slots=True)
class RelaxView:
    """One condition as ``match.relax`` takes it."""

    label: str
    url: str
    gain: int
    share: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class MatchesPage:
    """The people for one mission. ``talks`` are the conversations by freelancer: (address, how it began).

    ``sees`` is who sees the mission at all, ``None`` where everybody does.
    """

    head: MissionHead
    tabs: list[Tab]
    found: MatchList | None
    relaxed: list[RelaxView]
    talks: dict[str, tuple[str, str]]
    shortlisted: frozenset[str]
    problem: str
    save: SaveView | None
    sees: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class MyMatchesPage:
    """The missions for one freelancer; ``visible`` is whether clients can find them."""

    found: MatchList | None
    talks: dict[str, tuple[str, str]]
    problem: str
    visible: bool
    save: SaveView


class PlaceSchema(Schema):
    """Who is put on the list, and why."""

    person = TextField(longest=300, required=True)
    reason = TextField(longest=service.LONGEST_REASON, lines=True, required=True)


@dataclass(frozen=True, slots=True)
class PlacePage:
    """The form of staff, and whom they put on this list already; ``sees`` as on the page of matches."""

    head: MissionHead
    form: Form
    sees: frozenset[str] | None
    picks: list[tuple[str, str, queries.HandPickRow]]


def _show() -> int:
    typed = request.args.get("show", "")
    return max(STEP, int(typed[:4])) if typed.isdecimal() and typed.isascii() else STEP


@pages.get("/missions/<mission>/matches", MEMBERS)
def matches(mission: str) -> BaseResponse:
    """The people who fit a mission, each with score and reasons."""
    row, head = own_mission(mission)
    session = reading()
    circle = circle_of(house(), session, index(), mission, house().clock.business().date())
    found, problem = None, ""
    try:
        found = people_for_mission(session, circle, current_locale(), _show()) if circle is not None else None
    except GateBroken as error:
        problem = translate(say(error.template, **error.params))
    threads = threads_of_mission(session, mission)
    talks = {t.freelancer: (url_for("messaging.thread", thread=t.id), t.kind) for t in threads}
    context = MatchesPage(
        head, tabs(head, "matches", found.fit if found else None), found, _relaxed(head, found, circle), talks,
        queries.shortlisted(session, mission), problem, _save(head), _sees(row),
    )  # fmt: skip
    keep(found.kept if found else None)
    return render("matching/matches.html", context, status=503 if problem else 200)


def _sees(row: MissionRow) -> frozenset[str] | None:
    return invited(reading(), row.id) if row.visibility == "invited" else None


def _save(head: MissionHead) -> SaveView | None:
    """For the client's own members, while people can see the mission."""
    if not head.member or head.state != "published":
        return None
    return save_view("mission_matches", head.id, head.title, url_for("matching.matches", mission=head.id))


def _relaxed(head: MissionHead, found: MatchList | None, circle: Circle | None) -> list[RelaxView]:
    """What opening one condition would bring, where the brief can still be changed."""
    if circle is None or found is None or not found.ranks:
        return []
    if head.state not in ("draft", "waiting", "published", "paused"):
        return []
    today = circle.today
    best = circle.relaxed()[:RELAXED_SHOWN]
    most = max((r.gain for r in best), default=1)
    url = f"/missions/{head.id}/edit" if head.runs else ""
    starts = circle.wanted.columns["starts"][0]
    later = max(today, today + timedelta(days=int(starts) - day_number(today))) + timedelta(days=LATER_DAYS)
    names = {
        "remote": gettext("All remote"), "start": gettext("Start on %(date)s", date=show_date(later)),
        "area": gettext("From anywhere"),
    }  # fmt: skip
    return [RelaxView(names.get(r.kind) or _named(circle.index, r), url, r.gain, r.gain / most) for r in best]


def _named(the_index: Index, relaxed: Relaxed) -> str:
    if relaxed.kind == "language":
        return gettext("Without %(language)s", language=language_name(relaxed.name))
    label = the_index.taxonomy.label(the_index.taxonomy.number[relaxed.name], current_locale())
    return gettext("%(skill)s becomes nice-to-have", skill=label)


@pages.get("/me/matches", FREELANCER)
def mine() -> BaseResponse:
    """The missions that fit the freelancer, each with score and reasons."""
    session, me = reading(), the_viewer()
    found, problem = None, ""
    try:
        found = missions_for_freelancer(house(), session, me, current_locale(), _show())
    except GateBroken as error:
        problem = translate(say(error.template, **error.params))
    people = index().people
    row = people.side.number.get(me.account)
    context = MyMatchesPage(found, _my_talks(), problem, row is not None and bool(people.shown[row]),
                             save_view("my_matches", "", gettext("My matches"), url_for("matching.mine")))  # fmt: skip
    keep(found.kept if found else None)
    return render("matching/mine.html", context, status=503 if problem else 200)


def _my_talks() -> dict[str, tuple[str, str]]:
    rows = (
        reading().query(Thread.mission_id, Thread.id, Thread.kind).filter(Thread.freelancer_id == the_viewer().account)
    )
    return {mission: (url_for("messaging.thread", thread=id_), kind) for mission, id_, kind in rows}


@pages.form("/missions/<mission>/matches/place", PLACE)
def place(mission: str) -> BaseResponse:
    """Staff put a person on the list, with a reason that both sides read."""
    row, head = own_mission(mission)
    form = Form(PlaceSchema(), {"person": request.args.get("person", "")})
    if request.method == "POST" and form.accept(request.form):
        try:
            _place(mission, form)
        except InvalidInput as error:
            form.refuse(error)
        except (NotFound, Conflict) as error:  # since the page was drawn
            form.refuse(InvalidInput({"person": [say(error.template, **error.params)]}))
        else:
            tell(gettext("They are on the list now; both sides read your reason."))
            return redirect(url_for("matching.matches", mission=mission), 303)
    context = PlacePage(head, form, _sees(row), _picked(mission))
    return render("matching/place.html", context, status=422 if form.errors else 200)


def _place(mission: str, form: Form) -> None:
    who = find_person(index(), form.value["person"])
    engine, days = engine_beside(house(), reading(), mission, who), house().marketplace.ranking.keep_days
    with unit() as uow:
        service.place_by_hand(uow, mission=mission, freelancer=who, reason=form.value["reason"])
        if engine is not None:
            service.keep_ranking(uow, kept=engine, days=days, picked=who)
        uow.commit()


def _picked(mission: str) -> list[tuple[str, str, queries.HandPickRow]]:
    """(name, address, pick) of whoever was put on this list by hand."""
    people = index().people
    picks = queries.hand_picks(reading(), mission=mission)
    names = queries.names(reading(), [one for one in picks if one in people.side.number])
    return [(names[one], f"/freelancers/{one}", pick) for one, pick in picks.items() if one in names]


def find_person(the_index: Index, typed: str) -> str:
    """The freelancer meant by the address of a profile, an id or a name; ``InvalidInput`` says what to type."""
    people = the_index.people
    word = typed.strip().rstrip("/")
    last = urlsplit(word).path.rsplit("/", 1)[-1]
    row = people.side.number.get(last)
    if row is not None and people.shown[row]:
        return last
    found = people.words.find(word)
    likely = np.argsort(-found, kind="stable")[: np.count_nonzero(found)][:LIKELY] if found is not None else ()
    ids = [one for row in likely if people.side.number.get(one := people.side.ids[int(row)]) == row]
    named = [one for one, name in queries.names(reading(), ids).items() if fold(name) == fold(word)]
    if len(named) == 1:
        return named[0]
    if named:
        several = say("There are several people of that name; give the address of the {profile}.")
        raise InvalidInput({"person": [several]})
    raise InvalidInput({"person": [say("Nobody of that name is in the lists; give the address of the {profile}.")]})


@pages.post("/missions/<mission>/matches/take-off", PLACE)
def take_off(mission: str) -> BaseResponse:
    """Staff take somebody off the list whom staff put there."""
    own_mission(mission)
    with unit() as uow:
        service.take_off(uow, mission=mission, freelancer=request.form.get("freelancer", ""))
        uow.commit()
    tell(gettext("They are off the list."))
    return redirect(url_for("matching.place", mission=mission), 303)
