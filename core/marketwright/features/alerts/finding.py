"""What an alert finds: now, from the index; and of that, at the moment of telling, what its owner may see."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qsl

import numpy as np
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from marketwright.features.accounts.signed_in import reader_of
from marketwright.features.alerts.queries import AlertRow
from marketwright.features.facets import forms as own_fields
from marketwright.features.matching.asking import Ask, Reader
from marketwright.features.matching.batch import TEXTS, best_missions
from marketwright.features.matching.checked import Checks
from marketwright.features.matching.circle import rank_people
from marketwright.features.matching.columns import day_number
from marketwright.features.matching.facets import in_use
from marketwright.features.matching.index import Index
from marketwright.features.matching.matches import missions_open_to, person_of, rank_missions
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.search import (
    MISSION_SORTS,
    PEOPLE_SORTS,
    Found,
    first,
    search_missions,
    search_people,
    visible_missions,
)
from marketwright.features.missions import sight
from marketwright.features.missions.queries import missions_by_id
from marketwright.features.profiles.queries import card_versions as people_there
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field
from marketwright.strategies.matching import Array
from marketwright.web.house import House
from marketwright.web.viewer import Viewer

MOST = 3000  # what may fit already when an alert is made
TOGETHER = 4  # freelancers from whom on it is quicker to rank for all at once
BEST = 200  # of a ranking: who comes after these is no news


class Outdated(Exception):
    """The search asks for something that is not there any more, so that it would find what nobody asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, for whom: ``kind`` and ``target`` as an alert's."""

    account: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Question:
    """A saved search, read; ``fields`` are the niche's own that it may filter by."""

    kind: str
    ask: Ask
    fields: tuple[Field, ...]

    @property
    def path(self) -> str:
        """Of the list."""
        return "/freelancers" if self.kind == "people" else "/missions"


def question(house: House, index: Index, kind: str, target: str) -> Question:
    """The search ``target``, as its address says it; ``Outdated`` where a filter of it is gone."""
    currency = house.marketplace.currency
    owner, sorts = ("profile", PEOPLE_SORTS) if kind == "people" else ("mission", MISSION_SORTS)
    fields = tuple(f for f in own_fields.of(house.plugins, owner) if f.facet and not f.private)
    pairs = parse_qsl(target)
    ask = Reader(MultiDict(pairs), currency).ask(fields, sorts)
    gone = {name for name, _ in pairs} - {name for name, _ in ask.pairs(currency)}
    gone |= set(ask.checks) - set(house.ports.get(Checks).labels) | set(ask.skills) - set(index.taxonomy.number)
    if gone:
        raise Outdated
    return Question(kind, ask.but(sort="", skills=index.taxonomy.now(ask.skills)), fields)


def chips(house: House, index: Index, asked: Question, locale: str) -> list[str]:
    """The filters of a search in words."""
    labels = house.ports.get(Checks).labels
    return [label for label, _ in in_use(index, asked.ask, asked.fields, locale, house.marketplace.currency, labels)]


def fitting(house: House, session: Session, alert: Asked, most: int = MOST) -> list[str]:
    """Who or what fits now, best first; ``most`` and one more at most. ``Outdated`` as :func:`question`."""
    who = reader_of(session, alert.account)
    if who is None:
        return []
    index, today = house.ports.get(Indexes).current(session), house.clock.business().date()
    if alert.kind in ("people", "missions"):
        asked = question(house, index, alert.kind, alert.target)
        return _searched(house, session, index, asked, who, today, most)
    return _ranked(house, session, index, alert, who, today, min(most, BEST))


def _searched(house: House, session: Session, index: Index, asked: Question, who: Viewer, today: date, most: int
              ) -> list[str]:  # fmt: skip
    if asked.kind == "people":
        checked = house.ports.get(Checks).held(session, index, house.clock.business())
        found: Found = search_people(index, asked.ask, today, checked)
    else:
        mine = [o.id for o in who.organisations]
        seen = visible_missions(index.missions, account=who.account, organisations=mine, staff=False)
        found = search_missions(index, asked.ask, seen)
    rows = first(np.flatnonzero(found.left()), found.keys, found.listing.side.ids, most + 1)
    return [found.listing.side.ids[row] for row in rows.tolist()]


def _ranked(house: House, session: Session, index: Index, alert: Asked, who: Viewer, today: date, most: int
            ) -> list[str]:  # fmt: skip
    """Those that pass every gate; nobody where nothing ranks."""
    if not house.plugins.matching_criteria:
        return []
    if alert.kind == "mission_matches":
        if not _runs(session, alert.target, who):
            return []
        ranking = rank_people(house, session, index, alert.target, today, most=most)
    else:
        person = person_of(session, index, who.account, day_number(today))
        among = missions_open_to(index, who)
        ranking = rank_missions(house, index, person, among, day_number(today)) if person is not None else None
    return [ranking.ids[i] for i in ranking.best(most).tolist()] if ranking is not None and ranking.ranks else []


def fitting_together(house: House, session: Session, accounts: Sequence[str]) -> dict[str, list[str]]:
    """What :func:`fitting` finds of ``my_matches`` for each of ``accounts``: those who may see the same at once.

    One by one where a criterion reads texts, which are not compared for many.
    """
    index, today = house.ports.get(Indexes).current(session), day_number(house.clock.business().date())
    criteria, number = house.plugins.matching_criteria, index.people.side.number
    found: dict[str, list[str]] = {one: [] for one in accounts}
    seeing: dict[bytes, list[str]] = {}
    among: dict[bytes, Array] = {}
    for one in found if criteria else ():
        who = reader_of(session, one)
        if who is not None and one in number:
            mask = missions_open_to(index, who)
            key = np.packbits(mask).tobytes()
            among[key] = mask
            seeing.setdefault(key, []).append(one)
    texts = any(TEXTS.intersection(c.it.reads) for c in criteria)
    for key, some in seeing.items():
        if texts or len(some) < TOGETHER:
            found |= {one: fitting(house, session, Asked(one, "my_matches", "")) for one in some}
            continue
        rows = np.array([number[one] for one in some], dtype=np.uint32)
        best = best_missions(index, rows, criteria, among[key], today, BEST)
        ids = index.missions.side.ids
        found |= {one: ids.texts(np.array(best.of(k), dtype=np.intp)) for k, one in enumerate(some)}
    return found


def _runs(session: Session, mission: str, who: Viewer) -> bool:
    """Whether the mission is open and the reader is a member of its client."""
    found = missions_by_id(session, [mission]).get(mission)
    return found is not None and found.state == "published" and sight.belongs(found, who)


def seen_now(house: House, session: Session, alert: AlertRow, ids: Sequence[str]) -> list[str]:
    """Those of ``ids`` that the owner of ``alert`` may see at this moment, by the database and not the index."""
    who = reader_of(session, alert.account_id)
    if who is None or alert.paused:
        return []
    if alert.kind in ("people", "mission_matches"):
        if alert.kind == "mission_matches" and not _runs(session, alert.target, who):
            return []
        return [one for one, _ in people_there(session, ids)]
    found = missions_by_id(session, ids)
    return [
        one for one in ids
        if one in found and found[one].state == "published" and sight.may_see(session, house.ports, found[one], who)
    ]  # fmt: skip
