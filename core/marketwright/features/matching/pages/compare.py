"""Up to five people side by side for one mission."""

import numpy as np
from flask import request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.matching.circle import circle_of
from marketwright.features.matching.comparing import MOST, Compared, Row, rows
from marketwright.features.matching.matches import Levels
from marketwright.features.matching.pages.base import MEMBERS, MissionHead, Tab, index, own_mission, pages, tabs
from marketwright.features.matching.ranking import GateBroken
from marketwright.features.matching.showing import asked_skills
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.cards import PersonView
from marketwright.features.profiles.queries import profile_cards
from marketwright.features.proposals.queries import ProposalRow, proposals_of_mission
from marketwright.kernel.errors import Conflict
from marketwright.kernel.frozen import dataclass
from marketwright.web.formats import show_round_money
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.render import render

STANDING = ("open", "accepted")  # states of a proposal that still holds


@dataclass(frozen=True, slots=True)
class ComparePage:
    """The comparison; ``left_out`` is how many beyond five were asked for."""

    head: MissionHead
    tabs: list[Tab]
    people: list[PersonView]
    rows: list[Row]
    left_out: int
    proposals: list[ProposalRow | None]


@pages.get("/missions/<mission>/compare", MEMBERS)
def compare(mission: str) -> BaseResponse:
    """People side by side: score, terms, each skill asked for, and what they proposed."""
    _, head = own_mission(mission)
    asked_for = list(dict.fromkeys(request.args.getlist("with")))
    found, table = _compared(mission, asked_for[:MOST])
    offers: dict[str, ProposalRow] = {}
    now = house().clock.business()
    for offer in proposals_of_mission(reading(), mission):
        if offer.state in STANDING and not offer.expired_at(now):
            offers.setdefault(offer.freelancer, offer)
    people = [c.person for c in found]
    proposals = [offers.get(p.id) for p in people]
    if any(proposals):
        price = [show_round_money(p.price) if p else "–" for p in proposals]
        table.insert(1, (gettext("{Proposal}"), price, None))
    context = ComparePage(head, tabs(head, ""), people, table, max(0, len(asked_for) - MOST), proposals)
    return render("matching/compare.html", context)


def _compared(mission: str, ids: list[str]) -> tuple[list[Compared], list[Row]]:
    the_index, the_house = index(), house()
    today = the_house.clock.business().date()
    circle = circle_of(the_house, reading(), the_index, mission, today)
    if circle is None:
        raise Conflict("This {mission} has ended, so nobody is compared for it any more.")
    people = the_index.people.side
    cards = profile_cards(reading(), [i for i in ids if i in people.number], current_locale())
    who = [c.id for c in cards]
    try:
        ranking = circle.these(who)
    except GateBroken:
        ranking = circle.unranked(who)
    levels = Levels(the_index, ranking)
    found = [
        Compared(
            i := int(np.searchsorted(levels.rows, people.number[c.id])), people.number[c.id],
            people_cards.person(c, today),
            asked_skills(the_index.taxonomy, circle.wanted.skills, levels.of(i), current_locale()),
        )
        for c in cards
    ]  # fmt: skip
    return found, rows(the_index, ranking, found)
