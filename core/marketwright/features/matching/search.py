"""Search over the index: each filter is a mask, so that every facet can count what it would leave. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from datetime import date

import numpy as np

from marketwright.features.matching.asking import Ask
from marketwright.features.matching.columns import day_number
from marketwright.features.matching.ids import Ids
from marketwright.features.matching.index import REMOTE, Index, Listing, Missions, People
from marketwright.features.matching.loading import SECTOR
from marketwright.features.matching.pairs import great_circle
from marketwright.features.matching.parts import SEEN
from marketwright.features.matching.places import country, place_key, town
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.words import stems
from marketwright.strategies.matching import Array

PER_PAGE = 20
PEOPLE_SORTS = ("best", "new", "rate_up", "rate_down", "free", "rating")
MISSION_SORTS = ("best", "new", "rate_down", "start")
LENGTHS: tuple[tuple[str, int, int], ...] = (("short", 1, 10), ("medium", 11, 40), ("long", 41, 100_000))
PRIOR, PRIOR_REVIEWS = 4.0, 3.0
SortKey = Callable[[Array], Array]  # of some rows the values that order them


@dataclass(frozen=True, slots=True)
class Found:
    """What fits: ``masks`` by filter, ``base`` what the reader may see at all, ``keys`` that order it."""

    listing: Listing
    masks: Mapping[str, Array]
    base: Array
    keys: Sequence[SortKey]
    _left: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)

    @property
    def total(self) -> int:
        """How many fit."""
        return int(np.count_nonzero(self.left()))

    @property
    def everything(self) -> int:
        """Out of how many."""
        return int(self.base.sum())

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PER_PAGE))

    def page(self, number: int) -> list[str]:
        """The ids of one page."""
        start = (min(number, self.last) - 1) * PER_PAGE
        return self.top(start + PER_PAGE)[start:]

    def top(self, most: int) -> list[str]:
        """The ids of the first ``most``."""
        return self.listing.side.ids.texts(self.first(most))

    def first(self, most: int) -> Array:
        """The rows of the first ``most``."""
        return first(np.flatnonzero(self.left()), self.keys, self.listing.side.ids, most)

    def left(self, without: str = "") -> Array:
        """The rows that every filter but ``without`` leaves, as a mask."""
        without = without if without in self.masks else ""
        if without not in self._left:
            kept = self.base.copy()
            for name, mask in self.masks.items():
                if name != without:
                    kept &= mask
            self._left[without] = kept
        return self._left[without]

    def count(self, group: str, mask: Array) -> int:
        """How many would be there if ``mask`` were the filter ``group``."""
        return int(np.count_nonzero(self.left(group) & mask))


def search_people(index: Index, ask: Ask, today: date, checked: Mapping[str, Array] | None = None) -> Found:
    """Freelancers in the lists that fit."""
    people = index.people
    relevance = people.words.find(ask.q)
    masks = _shared(index, people, ask, relevance, "day_rate")
    if ask.free:
        masks["free"] = free_by(people, ask.free, today)
    if ask.checks:
        masks["checks"] = np.logical_and.reduce([check_mask(people, checked or {}, name) for name in ask.checks])
    if ask.proof:
        masks["proof"] = np.logical_and.reduce([proof_mask(people, name) for name in ask.proof])
    return Found(people, masks, people.shown, _people_keys(people, ask.sort or "best", relevance))


def search_missions(index: Index, ask: Ask, visible: Array) -> Found:
    """Published missions that fit, among the ``visible`` ones."""
    missions = index.missions
    relevance = missions.words.find(ask.q)
    masks = _shared(index, missions, ask, relevance, "day_budget")
    if ask.free:
        starts, known = missions.side.values["starts"], missions.side.known["starts"]
        masks["free"] = ~known | (starts >= day_number(ask.free))
    if ask.length:
        masks["length"] = np.logical_or.reduce([length_mask(missions, name) for name in ask.length])
    base = missions.shown & visible
    return Found(missions, masks, base, _mission_keys(missions, ask.sort or "best", relevance))


def visible_missions(missions: Missions, *, account: str, organisations: Sequence[str], staff: bool) -> Array:
    """What a reader may see: for everybody, for members, for the invited, and for those who own it."""
    if staff:
        return np.ones(missions.size, dtype=bool)
    visible: Array = missions.seen == SEEN.index("public")
    if organisations:
        visible |= np.isin(missions.organisations, [o.encode() for o in organisations])
    if account:
        visible |= missions.seen == SEEN.index("members")
        visible[missions.invited.get(account, np.empty(0, dtype=np.uint32))] = True
    return visible


def _shared(index: Index, listing: Listing, ask: Ask, relevance: Array | None, rate: str) -> dict[str, Array]:
    masks: dict[str, Array] = {}
    if relevance is not None:
        masks["q"] = relevance > 0
    for skill in ask.skills:
        number = index.taxonomy.number.get(skill, -1)
        masks[f"skill:{skill}"] = skill_mask(listing, number)
    if ask.rate_from is not None or ask.rate_to is not None:
        masks["rate"] = _between(listing, rate, ask.rate_from, ask.rate_to)
    if ask.place:
        masks["place"] = place_mask(listing, ask.place, ask.km)
        if ask.or_remote:
            masks["place"] |= remote_mask(listing, index.union)
    if ask.remote:
        masks["remote"] = np.isin(listing.side.values["remote"], [REMOTE.get(r, 9) for r in ask.remote])
    if ask.languages:
        masks["lang"] = np.logical_or.reduce([language_mask(index, listing, code) for code in ask.languages])
    if ask.sectors:
        masks["sector"] = np.logical_or.reduce([field_mask(listing, SECTOR, key) for key in ask.sectors])
    for name, values in ask.fields.items():
        masks[f"field:{name}"] = np.logical_or.reduce([field_mask(listing, name, value) for value in values])
    for name, (low, high) in ask.ranges.items():
        masks[f"field:{name}"] = range_mask(listing, name, low, high)
    return masks


def _between(listing: Listing, name: str, low: int | None, high: int | None) -> Array:
    values, known = listing.side.values[name], listing.side.known[name]
    kept = known.copy()
    if low is not None:
        kept &= values >= low
    if high is not None:
        kept &= values <= high
    return kept


def skill_mask(listing: Listing, number: int) -> Array:
    """Who has (or asks for) a skill, or one narrower."""
    mask = np.zeros(listing.size, dtype=bool)
    if number >= 0:
        mask[listing.side.lists.members(number)] = True
    return mask


def skill_counts(listing: Listing, rows: Array) -> Array:
    """For every skill how many of ``rows`` (a mask) have it or one narrower."""
    return listing.side.lists.counts(rows)


def place_mask(listing: Listing, place: str, km: float) -> Array:
    """Who is in that country, or within ``km`` of that town.

    By the name of their town, in whole words, where nobody knows where one of the two is: never in another country than
    that of a town that is known.
    """
    code, towns = country(place), listing.side.store.towns
    if code:
        fits = np.array([c == code for _, c in towns.named], dtype=bool)
        found: Array = fits[listing.stored("place")]
        return found
    wanted, there = place_key(place), town(place)
    within = ("", there.country) if there is not None else None
    fits = np.array([bool(wanted) and f"{key} ".startswith(f"{wanted} ") and (within is None or c in within)
                     for key, c in towns.named], dtype=bool)  # fmt: skip
    if there is not None:
        here = np.array([there.latitude]), np.array([there.longitude])
        far = great_circle(*here, towns.table("latitude"), towns.table("longitude"))
        fits = np.where(towns.table("placed"), far <= km, fits)
    return fits[listing.stored("place")]


def remote_mask(listing: Listing, union: Collection[int]) -> Array:
    """People of the union who work remotely; missions that are remote, wherever their client is."""
    remote = listing.side.values["remote"]
    if isinstance(listing, People):
        there = listing.side.known["country"] & np.isin(listing.side.values["country"], sorted(union))
        found: Array = (remote == REMOTE["remote"]) & there
        return found
    return remote == REMOTE["remote"]  # type: ignore[no-any-return]


def language_mask(index: Index, listing: Listing, code: str) -> Array:
    """Who speaks (or asks for) a language."""
    bit = index.languages.get(code)
    if bit is None:
        return np.zeros(listing.size, dtype=bool)
    mask: Array = (listing.side.languages & (1 << bit)) > 0
    return mask


def free_by(people: People, day: date, today: date) -> Array:
    """Who is free on ``day``; a date that has passed counts as today."""
    wanted = day_number(max(day, today))
    mask: Array = people.side.known["available_from"] & (people.side.values["available_from"] <= wanted)
    return mask


def proof_mask(people: People, name: str) -> Array:
    """``checked``: a claim was compared with its source; ``half``: half of them were; ``document``: one was seen."""
    proved, known = people.side.values["proved"], people.side.known["proved"]
    checked: Array = known & (proved > 0)
    if name == "checked":
        return checked
    if name == "half":
        return checked & (proved >= 0.5)
    if name == "document":
        return checked | (people.documents > 0)
    return np.ones(len(proved), dtype=bool)


def check_mask(people: People, checked: Mapping[str, Array], name: str) -> Array:
    """Of whom the verdict of that check holds; nobody for a check that is not there."""
    return checked.get(name, np.zeros(len(people.shown), dtype=bool))


def length_mask(missions: Missions, name: str) -> Array:
    """Missions of about that length, in days of work."""
    low, high = next(((a, b) for n, a, b in LENGTHS if n == name), (0, 10**9))
    mask: Array = (missions.days >= low) & (missions.days <= high)
    return mask


def field_mask(listing: Listing, name: str, value: str) -> Array:
    """Where a field of the niche's own has ``value``."""
    return listing.facets.holds(name, value)


def range_mask(listing: Listing, name: str, low: float | None, high: float | None) -> Array:
    """Where a number of the niche's own lies between ``low`` and ``high``."""
    return listing.facets.between(name, low, high)


def first(rows: Array, keys: Sequence[SortKey], ids: Ids, most: int) -> Array:
    """The first ``most`` of ``rows`` by ``keys`` (the first decides, the greatest first), then by id."""
    sure, rest, wanted = [], rows, most
    for key in keys:
        if wanted <= 0 or len(rest) <= 4 * wanted:
            break
        values = key(rest)
        least = np.partition(values, len(values) - wanted)[len(values) - wanted]
        better = rest[values > least]
        sure.append(better)
        wanted -= len(better)
        rest = rest[values == least]
    few = np.concatenate([*sure, rest])
    order = np.lexsort((ids.at(few), *(-key(few).astype(np.float64) for key in reversed(keys))))
    return few[order][:most]


def _people_keys(people: People, sort: str, relevance: Array | None) -> list[SortKey]:
    store = people.side.store

    def stars(rows: Array) -> Array:
        reviews = store.take("reviews", rows).astype(np.float64)
        return (store.take("rating", rows) * reviews + PRIOR * PRIOR_REVIEWS) / (reviews + PRIOR_REVIEWS)

    newest = _stored(people, "newest")
    best: list[SortKey] = [
        lambda rows: np.round(store.take("proved", rows), 1), lambda rows: np.round(stars(rows), 1), newest
    ]  # fmt: skip
    if relevance is not None:
        best.insert(0, relevance.take)
    chosen: dict[str, SortKey] = {
        "new": newest, "rate_up": _given(people, "day_rate", -1), "rate_down": _given(people, "day_rate", 1),
        "free": _given(people, "available_from", -1), "rating": stars,
    }  # fmt: skip
    return [chosen[sort], *best] if sort in chosen else best


def _mission_keys(missions: Missions, sort: str, relevance: Array | None) -> list[SortKey]:
    newest = _stored(missions, "newest")
    best: list[SortKey] = [newest] if relevance is None else [relevance.take, newest]
    chosen: dict[str, SortKey] = {
        "new": newest, "rate_down": _given(missions, "day_budget", 1), "start": _given(missions, "starts", -1)
    }  # fmt: skip
    return [chosen[sort], *best] if sort in chosen else best


def _stored(listing: Listing, name: str) -> SortKey:
    return lambda rows: listing.stored(name).take(rows)


def _given(listing: Listing, name: str, sign: int) -> SortKey:
    """A column, times ``sign``; what was not given comes last."""
    store = listing.side.store

    def at(rows: Array) -> Array:
        known, values = store.known(name, rows), sign * store.take(name, rows).astype(np.float64)
        return values if known is None else np.where(known, values, -np.inf)

    return at


def hits(index: Index, ask: Ask) -> frozenset[str]:
    """The skills that the question means: those picked, and those with a name that has its words."""
    wanted = stems(ask.q)
    if not wanted:
        return frozenset(ask.skills)
    found = {
        skill
        for skill, words in zip(index.taxonomy.ids, index.taxonomy.words, strict=True)
        if any(w in words or (len(w) > 3 and any(x.startswith(w) for x in words)) for w in wanted)
    }
    return frozenset(found.union(ask.skills))
