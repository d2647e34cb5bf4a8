"""Letters of alerts: what a saved search found, or who and what matches now. Read anew at the moment of telling."""

from collections.abc import Sequence

from marketwright.features.alerts import events
from marketwright.features.alerts.finding import seen_now
from marketwright.features.alerts.queries import AlertRow, alert
from marketwright.features.alerts.service import take_back
from marketwright.features.alerts.tokens import stop_token
from marketwright.features.missions import cards as mission_cards
from marketwright.features.missions.queries import MissionCard
from marketwright.features.missions.queries import mission_cards as read_missions
from marketwright.features.notifications.letters.kit import Item, Letter, Reader, Told, person
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.queries import ProfileCard
from marketwright.features.profiles.queries import profile_cards as read_people
from marketwright.kernel.text import Text, say
from marketwright.store.tables import EventRow
from marketwright.store.unit import UnitOfWork
from marketwright.web.formats import set_zone, show_date, show_round_money
from marketwright.web.i18n import gettext, speaking


def _found(told: Told) -> list[Letter]:
    found = alert(told.session, told.event.subject)
    if found is None or found.paused:
        return []
    reader = person(told.session, found.account_id)
    named = [str(one) for one in told.event.payload.get("first", [])]
    seen = seen_now(told.house, told.session, found, named)
    if reader is None or not seen:
        return []
    items = _items(told, found, reader, seen)
    if not items:
        return []
    count = int(told.event.payload.get("count", 0)) - (len(named) - len(items))
    subject = (
        Text("%(name)s: %(title)s", {"name": found.name, "title": items[0].title}) if count == 1
        else say("%(name)s: %(n)s new", name=found.name, n=count)
    )  # fmt: skip
    paragraphs = [say("New, and it fits “%(name)s”:", name=found.name)]
    if count > len(items):
        paragraphs.append(say("Here are the first %(n)s of %(all)s.", n=len(items), all=count))
    path = items[0].path if count == 1 else path_of(found)
    action = say("Open it") if count == 1 else say("See all of them")
    leave = f"/alerts/stop/{stop_token(found.id, told.marketplace.secret_key)}"
    return [Letter(reader, subject, tuple(paragraphs), action, path, items=items, leave=leave)]


def path_of(found: AlertRow) -> str:
    """Where everything stands that an alert finds."""
    if found.kind in ("people", "missions"):
        path = "/freelancers" if found.kind == "people" else "/missions"
        return f"{path}?{found.target}" if found.target else path
    return f"/missions/{found.target}/matches" if found.kind == "mission_matches" else "/me/matches"


def _items(told: Told, found: AlertRow, reader: Reader, ids: Sequence[str]) -> tuple[Item, ...]:
    """Each in the reader's language: a person with what they do, a mission with whose it is."""
    set_zone(reader.time_zone)
    with speaking(reader.locale, told.house.catalogues):
        if found.kind in ("people", "mission_matches"):
            return tuple(_person(told, one) for one in read_people(told.session, ids, reader.locale))
        return tuple(_mission(one) for one in read_missions(told.session, ids, reader.locale))


def _person(told: Told, card: ProfileCard) -> Item:
    today = told.house.clock.business().date()
    rate = gettext("%(amount)s a day", amount=show_round_money(card.rate)) if card.rate else ""
    parts = (card.headline, people_cards.place(card.city, card.country, card.remote), rate,
             people_cards.free(card.available_from, today))  # fmt: skip
    return Item(card.name, " · ".join(p for p in parts if p), f"/freelancers/{card.id}")


def _mission(card: MissionCard) -> Item:
    budget = f"{show_round_money(card.budget)} {mission_cards.unit_of(card.budget_kind)}" if card.budget else ""
    start = gettext("from %(date)s", date=show_date(card.start_on)) if card.start_on else ""
    where = mission_cards.place(card.city, card.country, card.remote)
    parts = (card.client, where, start, mission_cards.length(card.duration_days, card.days_a_week), budget)
    return Item(card.title or gettext("Without a title yet"), " · ".join(p for p in parts if p), f"/missions/{card.id}")


def _take_back(uow: UnitOfWork, row: EventRow, letters: Sequence[Letter]) -> None:
    """Whoever the letter names no more is told later, once they may be seen again."""
    there = {item.path.rpartition("/")[2] for letter in letters for item in letter.items}
    left_out = [str(one) for one in row.payload.get("first", []) if one not in there]
    take_back(uow, alert=row.subject, subjects=left_out, told_at=row.at)


WRITERS = {events.FOUND: _found}
AFTER = {events.FOUND: _take_back}
