"""What ranking and search work on: people, missions and skills, each side a segment and the rows added since. Pure.

An index is one moment: a change makes a new one that shares all arrays, and writes only beyond the old one's rows.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import field, replace

import numpy as np

from marketwright.features.matching.columns import AskedRows, Side, SkillRows, Taxonomy
from marketwright.features.matching.filtering import word_of
from marketwright.features.matching.ids import Ids, Numbers, packed
from marketwright.features.matching.lists import lists_of
from marketwright.features.matching.loading import MissionData, PersonData, SkillData
from marketwright.features.matching.merging import entries_of, is_column, languages_of, merge, translated
from marketwright.features.matching.own import OwnValues
from marketwright.features.matching.parts import LANGUAGES_MOST, REMOTE, Part, missions_part, people_part, values_of
from marketwright.features.matching.postings import Layers, Postings, Vocabulary
from marketwright.features.matching.said import Said, said_of
from marketwright.features.matching.stored import Store
from marketwright.features.matching.texts import missions_words, people_words
from marketwright.features.matching.towns import Towns
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.words import stems
from marketwright.strategies.fields import Field
from marketwright.strategies.matching import Array

__all__ = ["REMOTE", "Full", "Index", "Listing", "Missions", "People", "make_index", "taxonomy_of"]


class Full(Exception):
    """A segment has no room for more: it is made anew."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One side at one moment. ``shown`` are the rows in the lists; ``base`` is the segment without what came since."""

    base: Part
    side: Side
    words: Layers
    facets: OwnValues
    languages: tuple[str, ...]
    all_shown: Array
    pending: int = 0

    @property
    def size(self) -> int:
        """How many rows, those that do not count any more included."""
        return self.side.store.size

    @property
    def shown(self) -> Array:
        """A mask of the rows in the lists."""
        return self.all_shown[: self.size]

    def stored(self, name: str) -> Array:
        """A column as it is stored."""
        return self.base.arrays[name][: self.size]

    @property
    def newest(self) -> Array:
        """When each row was changed or published, seconds."""
        return self.stored("newest").astype(np.float64)


@dataclass(frozen=True, slots=True)
class People(Listing):
    """Freelancers."""

    @property
    def documents(self) -> Array:
        """How many documents of each were seen."""
        return self.stored("documents")


@dataclass(frozen=True, slots=True)
class Missions(Listing):
    """Missions that have not ended; ``invited`` are rows by account, ``filed`` those added since by must-have."""

    invited: Mapping[str, Array] = None  # type: ignore[assignment]
    filed: Mapping[int, Array] = None  # type: ignore[assignment]
    said: Said = None  # type: ignore[assignment]

    @property
    def organisations(self) -> Array:
        """Whose each is, as bytes."""
        return self.stored("organisation")

    @property
    def days(self) -> Array:
        """Days of work."""
        return self.stored("days")

    @property
    def seen(self) -> Array:
        """Who may see each, as a place in ``parts.SEEN``."""
        return self.stored("seen")

    def filed_under(self, skill: int) -> list[Array]:
        """Rows whose rarest must-have is ``skill``; the number of skills stands for none."""
        a, b = self.base.arrays["filed.starts"][skill : skill + 2]
        more = self.filed.get(skill)
        first = self.base.arrays["filed.rows"][a:b]
        return [first] if more is None else [first, more]


@dataclass(frozen=True, slots=True)
class Index:
    """One moment of the marketplace."""

    taxonomy: Taxonomy
    people: People
    missions: Missions
    union: frozenset[int] = frozenset()  # the countries of the union of the marketplace's country
    answers: dict[Hashable, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def languages(self) -> Mapping[str, int]:
        """The bit of each language."""
        return {code: bit for bit, code in enumerate(self.people.languages)}


def taxonomy_of(data: SkillData) -> Taxonomy:
    """Skills numbered, with everything broader than each and the words of all their names."""
    ids = tuple(i for i, _, _ in data.skills)
    number = {skill: n for n, skill in enumerate(ids)}
    labels = {"en": tuple(en for _, en, _ in data.skills), "fr": tuple(fr for _, _, fr in data.skills)}
    words = tuple(frozenset(w for name in data.names.get(i, ()) for w in stems(name)) for i in ids)
    above = tuple(_above(i, data, number) for i in ids)
    merged = {old: number[new] for old, new in data.merged.items() if new in number}
    return Taxonomy(merged | number, ids, labels, above, words)


def _above(skill: str, data: SkillData, number: Mapping[str, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    here, steps = [skill], 0
    while here:
        steps += 1
        here = [p for s in here for p in data.parents.get(s, ()) if number[p] not in found and p != skill]
        found.update({number[p]: steps for p in here})
    return found


def make_index(taxonomy: Taxonomy, people: Sequence[PersonData], missions: Sequence[MissionData], currency: str,
               fields: Sequence[Field] = ()) -> Index:  # fmt: skip
    """Everybody and everything, made from nothing."""
    one = people_part(taxonomy, people, people_words(taxonomy, people), currency, fields)
    other = missions_part(taxonomy, missions, missions_words(taxonomy, missions), currency, fields)
    codes = languages_of([one], [other])
    return index_of(taxonomy, merge([(one, None)], codes), merge([(other, None)], codes))


def index_of(taxonomy: Taxonomy, people: Part, missions: Part) -> Index:
    """The index of two segments that number languages as one."""
    return Index(taxonomy, People(*_listing(people)), _missions(missions))


def _missions(base: Part) -> Missions:
    a = base.arrays
    accounts, rows = np.unique(a["invited.id"], return_inverse=True)
    invited = {one.decode(): a["invited.row"][rows == k] for k, one in enumerate(accounts.tolist())}
    return Missions(*_listing(base), invited=invited, filed={}, said=Said(a, base.size))


def _listing(base: Part) -> tuple[Part, Side, Layers, OwnValues, tuple[str, ...], Array]:
    a = base.arrays
    room = len(a["id"])
    store = Store(a, Towns(tuple(t) for t in base.meta["towns"]), base.meta["own"])
    store.size = base.size
    none = np.zeros(0, dtype=np.int32)
    asked = AskedRows(a.get("asked.starts", np.zeros(1, dtype=np.int64)), a.get("asked.skill", none),
                      a.get("asked.level", none), a.get("asked.must", none))  # fmt: skip
    ids, spoken = Ids(a["id"][: base.size]), a["languages"][: base.size]
    side = Side(ids, Numbers(a["id"], a["by_id"], {}), store, lists_of(a), spoken, asked)
    text = Postings(base.size, Vocabulary(a["text.words"]), a["text.starts"], a["text.rows"], a["text.weights"], 0.5)
    shown = np.zeros(room, dtype=bool)
    shown[: base.size] = a["shown"][: base.size]
    return base, side, Layers(base.size, text, shown), values_of(base), tuple(base.meta["languages"]), shown


def renewed(listing: Listing, gone: Collection[str], part: Part) -> Listing:
    """``listing`` with all of ``gone`` taken out, and the rows of ``part`` (who of them is there now) at its end."""
    side, store, first = listing.side, listing.side.store, listing.size
    size = first + part.size
    if size > len(listing.all_shown):
        raise Full
    moved = dict(side.number.moved)
    _add_columns(listing, part, first, size)
    shown = listing.all_shown.copy()  # whoever ranks by the old index meanwhile finds everybody at their old place
    for one in gone:
        row = moved.get(one, side.number.before(one) if one not in moved else -1)
        if row >= 0:
            shown[row] = False
        moved[one] = -1
    new_rows = np.arange(first, size, dtype=np.uint32)
    moved |= {one.decode(): row for row, one in zip(new_rows.tolist(), part.arrays["id"].tolist(), strict=True)}
    shown[first:size] = part.arrays["shown"]
    a = listing.base.arrays
    new_store = Store(a, store.towns, store.own)
    new_store.size, new_store.alone = size, store.alone
    skill, owner, payload = entries_of(part)
    free = a["available_from"] if "available_from" in a else np.zeros(size, dtype=np.uint8)
    words = word_of(a["remote"][first:size], a["languages"][first:size], free[first:size])
    side.lists.clear(first, size)
    lists = side.lists.with_entries(skill, new_rows[owner], payload, words[owner]) if len(owner) else side.lists
    new_side = replace(side, ids=Ids(a["id"][:size]), number=Numbers(a["id"], a["by_id"], moved), store=new_store,
                       lists=lists, languages=a["languages"][:size], kept=dict(side.kept))  # fmt: skip
    return replace(
        listing, side=new_side, words=_more_words(listing.words, part, new_rows, size, shown), all_shown=shown,
        facets=listing.facets.with_rows(values_of(part), first), pending=listing.pending + len(gone),
    )  # fmt: skip


def renewed_missions(missions: Missions, gone: Collection[str], part: Part) -> Missions:
    """As :func:`renewed`, with what missions ask for."""
    first = missions.size
    found = renewed(missions, gone, part)
    assert isinstance(found, Missions)
    p = part.arrays
    added, filed, invited = dict(missions.side.skills.added), dict(missions.filed), dict(missions.invited)
    runs = {first + k: run for k, run in enumerate(said_of(p, part.size))}
    said = replace(missions.said, added={**missions.said.added, **runs})
    for row in range(part.size):
        mine = p["asked.owner"] == row
        skill, must = p["asked.skill"][mine].astype(np.int32), p["asked.must"][mine].astype(bool)
        added[first + row] = SkillRows(skill, p["asked.level"][mine].astype(np.int32), np.full(len(skill), -1), must)
        under = min(skill[must].tolist(), key=lambda s: (found.side.lists.count(s), s), default=-1)
        under = len(missions.side.lists.starts) - 1 if under < 0 else under
        filed[under] = np.append(filed.get(under, np.empty(0, dtype=np.uint32)), np.uint32(first + row))
    for row, one in zip(p["invited.row"].tolist(), p["invited.id"].tolist(), strict=True):
        before = invited.get(one.decode(), np.empty(0, dtype=np.uint32))
        invited[one.decode()] = np.append(before, np.uint32(first + row))
    side = replace(found.side, skills=replace(found.side.skills, added=added))
    return replace(found, side=side, filed=filed, invited=invited, said=said)


def _add_columns(listing: Listing, part: Part, first: int, size: int) -> None:
    """Write the rows of ``part`` behind the last; what is further on in the file nobody looks at."""
    a, towns = listing.base.arrays, listing.side.store.towns
    if len(listing.languages) < LANGUAGES_MOST and not set(part.meta["languages"]).issubset(listing.languages):
        raise Full
    numbers = np.array([towns.number(key, country) for key, country in part.meta["towns"]], dtype=np.int64)
    if numbers.max(initial=0) > np.iinfo(a["place"].dtype).max:
        raise Full
    for name, column in part.arrays.items():
        if name in a and is_column(name) and name not in ("place", "languages", "id"):
            if a[name].dtype.kind == "u" and column.max(initial=0) > np.iinfo(a[name].dtype).max:
                raise Full
            a[name][first:size] = column
    a["place"][first:size] = numbers[part.arrays["place"]]
    spoken = translated(part.arrays["languages"], part.meta["languages"], listing.languages)
    a["languages"][first:size] = spoken
    names = part.arrays["id"] if a["id"].ndim == 1 else packed(part.arrays["id"])
    if names is None or (a["id"].ndim == 1 and names.dtype.itemsize > a["id"].dtype.itemsize):
        raise Full
    if "organisation" in a and part.arrays["organisation"].dtype.itemsize > a["organisation"].dtype.itemsize:
        raise Full
    a["id"][first:size] = names


def _more_words(words: Layers, part: Part, rows: Array, size: int, shown: Array) -> Layers:
    """The full text with that of new rows; small additions are put together so that there are never many."""
    a = part.arrays
    if not part.size:
        return replace(words, size=size, shown=shown)
    new = Postings(part.size, Vocabulary(a["text.words"]), a["text.starts"], a["text.rows"], a["text.weights"])
    return replace(words, size=size, shown=shown, added=(*words.added, (rows, new)))
