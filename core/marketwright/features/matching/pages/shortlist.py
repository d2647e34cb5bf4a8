"""The shortlist of a mission, shared in the organisation: who, thumbs and notes."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.matching import queries, service
from marketwright.features.matching.circle import circle_of
from marketwright.features.matching.index import Index
from marketwright.features.matching.pages.base import MEMBERS, MissionHead, Tab, index, own_mission, pages, tabs
from marketwright.features.matching.ranking import GateBroken
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.cards import PersonView
from marketwright.features.profiles.queries import profile_cards
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.render import render, tell

THUMBS = {"up": 1, "down": -1, "none": 0}


@dataclass(frozen=True, slots=True)
class Kept:
    """One person on the shortlist; ``mine`` is the viewer's thumb; ``score`` is ``None`` for who is no match.

    ``member`` is whoever works for the client and is never ranked for it.
    """

    person: PersonView
    row: queries.ShortlistRow
    mine: int
    score: int | None
    member: bool


@dataclass(frozen=True, slots=True)
class ShortlistPage:
    """Everybody on the shortlist; ``gone`` are (id, name) of those who are not in the lists any more.

    ``ranks`` is false where nobody can be ranked now, and ``ended`` where that is as the mission has ended.
    """

    head: MissionHead
    tabs: list[Tab]
    kept: list[Kept]
    gone: list[tuple[str, str]]
    me: str
    ranks: bool
    ended: bool


@pages.get("/missions/<mission>/shortlist", MEMBERS)
def shortlist(mission: str) -> BaseResponse:
    """Who is kept in mind, and what the colleagues say."""
    found, head = own_mission(mission)
    rows, own = queries.shortlist(reading(), mission), queries.members_of(reading(), found.organisation_id)
    today, me = house().clock.business().date(), the_viewer().account
    cards = {c.id: c for c in profile_cards(reading(), [r.freelancer for r in rows], current_locale())}
    the_index = index()
    scores = scores_of(the_index, mission, [r.freelancer for r in rows])
    kept = [
        Kept(people_cards.person(cards[r.freelancer], today), r, r.thumbs.get(me, ("", 0))[1],
             (scores or {}).get(r.freelancer), r.freelancer in own)
        for r in rows
        if r.freelancer in cards
    ]  # fmt: skip
    gone = queries.names(reading(), [r.freelancer for r in rows if r.freelancer not in cards])
    context = ShortlistPage(head, tabs(head, "shortlist"), kept, sorted(gone.items(), key=lambda pair: pair[1]), me,
                            scores is not None, mission not in the_index.missions.side.number)  # fmt: skip
    return render("matching/shortlist.html", context)


def scores_of(the_index: Index, mission: str, people: Sequence[str]) -> dict[str, int] | None:
    """The scores of those of ``people`` who match; ``None`` where nobody can be ranked."""
    circle = circle_of(house(), reading(), the_index, mission, house().clock.business().date())
    if circle is None:
        return None
    side, shown = the_index.people.side, the_index.people.shown
    listed = [one for one in people if (n := side.number.get(one)) is not None and shown[n] and one not in circle.own]
    try:
        ranking = circle.these(listed)
    except GateBroken:
        return None
    return {ranking.ids[i]: ranking.score(i) for i in ranking.order.tolist()} if ranking.ranks else None


def _back(mission: str) -> BaseResponse:
    """To the list where the button stood."""
    who = request.form.get("freelancer", "")
    if request.form.get("back") == "matches":
        return redirect(url_for("matching.matches", mission=mission, _anchor=f"p-{who}"), 303)
    return redirect(url_for("matching.shortlist", mission=mission, _anchor=f"p-{who}"), 303)


@pages.post("/missions/<mission>/shortlist/add", MEMBERS)
def shortlist_add(mission: str) -> BaseResponse:
    """Keep somebody in mind."""
    own_mission(mission)
    with unit() as uow:
        service.shortlist(uow, mission=mission, freelancer=request.form.get("freelancer", ""))
        uow.commit()
    tell(gettext("On the shortlist: your colleagues see it too."))
    return _back(mission)


@pages.post("/missions/<mission>/shortlist/remove", MEMBERS)
def shortlist_remove(mission: str) -> BaseResponse:
    """Take somebody off."""
    own_mission(mission)
    with unit() as uow:
        service.unlist(uow, mission=mission, freelancer=request.form.get("freelancer", ""))
        uow.commit()
    tell(gettext("Off the shortlist."))
    return _back(mission)


@pages.post("/missions/<mission>/shortlist/thumb", MEMBERS)
def shortlist_thumb(mission: str) -> BaseResponse:
    """A thumb up or down, or none."""
    own_mission(mission)
    thumb = THUMBS.get(request.form.get("thumb", ""), 0)
    with unit() as uow:
        service.give_thumb(uow, mission=mission, freelancer=request.form.get("freelancer", ""), thumb=thumb)
        uow.commit()
    return _back(mission)


@pages.post("/missions/<mission>/shortlist/note", MEMBERS)
def shortlist_note(mission: str) -> BaseResponse:
    """A note for the colleagues."""
    own_mission(mission)
    try:
        with unit() as uow:
            service.write_note(
                uow, mission=mission, freelancer=request.form.get("freelancer", ""), text=request.form.get("text", "")
            )
            uow.commit()
    except InvalidInput as error:
        tell(" ".join(translate(m) for ms in error.errors.values() for m in ms), "warning")
    return _back(mission)


@pages.post("/missions/<mission>/shortlist/note/remove", MEMBERS)
def shortlist_note_remove(mission: str) -> BaseResponse:
    """Take back one's own note."""
    own_mission(mission)
    with unit() as uow:
        service.remove_note(uow, note=request.form.get("note", ""))
        uow.commit()
    return _back(mission)
