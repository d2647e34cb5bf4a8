"""What ranking and search work on: people, missions and skills in memory, rebuilt when the database's stamp changes.

Each process holds its own. What a list shows is checked once more by the query that loads the cards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from sqlalchemy.orm import Session

from marketwright.features.matching.columns import SPOKEN, Side, SkillRows, Taxonomy, day_number, skill_rows
from marketwright.features.matching.loading import (
    MissionData,
    PersonData,
    SkillData,
    Stamp,
    load_missions,
    load_people,
    load_skills,
    stamp,
)
from marketwright.features.matching.own import OwnValues, own_columns, own_values
from marketwright.features.matching.places import place_key, town
from marketwright.features.matching.postings import Postings, build
from marketwright.features.matching.texts import Texts
from marketwright.kernel.words import stems
from marketwright.strategies.fields import Field
from marketwright.strategies.matching import Array

REMOTE = {"onsite": 0, "hybrid": 1, "remote": 2}
LANGUAGES_MOST = 63


@dataclass(frozen=True, slots=True)
class Listing:
    """What search knows of one side besides the columns: words, places, facets and what lists are sorted by."""

    side: Side
    words: Postings
    places: tuple[str, ...]
    countries: tuple[str, ...]
    facets: OwnValues
    covered: tuple[Array, Array]  # (owner, skill) of every skill held or asked for, and of every broader one
    shown: Array
    newest: Array


@dataclass(frozen=True, slots=True)
class People(Listing):
    """Freelancers; ``shown`` are those in the lists."""

    names: tuple[str, ...]
    documents: Array


@dataclass(frozen=True, slots=True)
class Missions(Listing):
    """Missions that have not ended; ``shown`` are those published."""

    visibility: tuple[str, ...]
    organisations: tuple[str, ...]
    invited: tuple[frozenset[str], ...]
    days: Array


@dataclass(frozen=True, slots=True)
class Index:
    """One moment of the marketplace."""

    taxonomy: Taxonomy
    people: People
    missions: Missions
    languages: Mapping[str, int]


class Indexes:
    """Holds the newest index of this process and makes a new one when the stamp has changed.

    What costs most, the claims and the words of each row, is kept and read again only where the row has changed.
    """

    def __init__(self, currency: str, fields: Sequence[Field] = ()) -> None:
        self.currency, self.fields = currency, tuple(fields)
        self._lock = Lock()
        self._stamps: tuple[Stamp, Stamp] | None = None
        self._index: Index | None = None
        self._people: list[PersonData] = []
        self._texts = Texts()

    def current(self, session: Session) -> Index:
        """The index of now: one statement when nothing changed."""
        now = stamp(session)
        with self._lock:
            if self._index is None or now != self._stamps:
                keep = self._index.taxonomy if self._index and self._stamps and self._stamps[1] == now[1] else None
                taxonomy = keep or taxonomy_of(load_skills(session))
                self._people = load_people(session, self._people)
                self._index = make_index(taxonomy, self._people, load_missions(session), self.currency, self.fields,
                                         self._texts)  # fmt: skip
                self._stamps = now
            return self._index


def taxonomy_of(data: SkillData) -> Taxonomy:
    """Skills numbered, with everything broader than each and the words of all their names."""
    ids = tuple(i for i, _, _ in data.skills)
    number = {skill: n for n, skill in enumerate(ids)}
    labels = {"en": tuple(en for _, en, _ in data.skills), "fr": tuple(fr for _, _, fr in data.skills)}
    words = tuple(frozenset(w for name in data.names.get(i, ()) for w in stems(name)) for i in ids)
    return Taxonomy(number, ids, labels, tuple(_above(i, data, number) for i in ids), words)


def _above(skill: str, data: SkillData, number: Mapping[str, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    here, steps = [skill], 0
    while here:
        steps += 1
        here = [p for s in here for p in data.parents.get(s, ()) if number[p] not in found and p != skill]
        found.update({number[p]: steps for p in here})
    return found


def make_index(
    taxonomy: Taxonomy, people: Sequence[PersonData], missions: Sequence[MissionData], currency: str,
    fields: Sequence[Field] = (), texts: Texts | None = None,
) -> Index:  # fmt: skip
    """Columns and words of everybody and everything; ``texts`` remembers the words of rows that stay as they are."""
    texts = texts or Texts()
    spoken = {c[4] for p in people for c in p.claims if c[0] == "language"}
    asked = {code for m in missions for code in m.languages}
    languages = {code: bit for bit, code in enumerate(sorted(spoken | asked)[:LANGUAGES_MOST])}
    return Index(
        taxonomy, _people(taxonomy, people, languages, currency, fields, texts),
        _missions(taxonomy, missions, languages, currency, fields, texts),
        languages,
    )  # fmt: skip


def _people(
    taxonomy: Taxonomy, data: Sequence[PersonData], languages: Mapping[str, int], currency: str,
    fields: Sequence[Field], texts: Texts,
) -> People:  # fmt: skip
    own = own_values([p.facets for p in data])
    rates = [p.day_rate if p.currency == currency else None for p in data]
    free = [day_number(p.available_from) if p.available_from else None for p in data]
    values, known = _places([(p.city, p.country) for p in data])
    _column(values, known, "day_rate", rates, np.float32)
    _column(values, known, "available_from", free, np.int32)
    _column(values, known, "days_a_week", [p.days_a_week for p in data], np.float32)
    _column(values, known, "years", [p.years for p in data], np.float32)
    _column(values, known, "proved", [p.proved / p.claimed if p.claimed else None for p in data], np.float32)
    values["remote"] = np.array([REMOTE.get(p.remote, 1) for p in data], dtype=np.int8)
    mean = [p.rating_sum / p.rating_count if p.rating_count else 0.0 for p in data]
    values["rating"] = np.array(mean, dtype=np.float32)
    values["reviews"] = np.array([p.rating_count for p in data], dtype=np.int32)
    held = skill_rows(
        (row, taxonomy.number[skill], level or 0, -1 if years is None else years, False)
        for row, p in enumerate(data)
        for kind, skill, level, years, _, _ in p.claims
        if skill and kind == "skill" and skill in taxonomy.number
    )
    speaks = [_mask(languages, (c[4] for c in p.claims if c[0] == "language" and (c[2] or SPOKEN) >= SPOKEN))
              for p in data]  # fmt: skip
    _add_own(values, known, own_columns(fields, "profile", own))
    side = _side([p.id for p in data], values, known, held, speaks)
    return People(
        side, build(texts.of_people(taxonomy, data)),
        tuple(place_key(p.city) for p in data), tuple(p.country for p in data), own,
        _covered(taxonomy, held), np.array([p.listed for p in data], dtype=bool),
        _instants([p.updated_at for p in data]), tuple(p.name for p in data),
        np.array([p.documents for p in data], dtype=np.int32),
    )  # fmt: skip


def _missions(
    taxonomy: Taxonomy, data: Sequence[MissionData], languages: Mapping[str, int], currency: str,
    fields: Sequence[Field], texts: Texts,
) -> Missions:  # fmt: skip
    own = own_values([m.facets for m in data])
    starts = [day_number(m.start_on) if m.start_on else None for m in data]
    values, known = _places([(m.city, m.country) for m in data])
    _column(values, known, "day_budget", [_day_budget(m, currency) for m in data], np.float32)
    _column(values, known, "starts", starts, np.int32)
    _column(values, known, "days_a_week", [m.days_a_week for m in data], np.float32)
    values["remote"] = np.array([REMOTE.get(m.remote, 1) for m in data], dtype=np.int8)
    asked = skill_rows(
        (row, taxonomy.number[skill], level or 0, -1, must)
        for row, m in enumerate(data)
        for skill, must, level in m.skills
        if skill in taxonomy.number
    )
    _add_own(values, known, own_columns(fields, "mission", own))
    side = _side([m.id for m in data], values, known, asked, [_mask(languages, m.languages) for m in data])
    return Missions(
        side, build(texts.of_missions(taxonomy, data)), tuple(place_key(m.city) for m in data),
        tuple(m.country for m in data), own, _covered(taxonomy, asked),
        np.array([m.state == "published" for m in data], dtype=bool), _instants([m.published_at for m in data]),
        tuple(m.visibility for m in data), tuple(m.organisation for m in data), tuple(m.invited for m in data),
        np.array([m.duration_days or 0 for m in data], dtype=np.int32),
    )  # fmt: skip


def _add_own(values: dict[str, Array], known: dict[str, Array], own: tuple[dict[str, Array], dict[str, Array]]) -> None:
    values.update(own[0])
    known.update(own[1])


def _covered(taxonomy: Taxonomy, rows: SkillRows) -> tuple[Array, Array]:
    pairs = {
        (owner, skill)
        for owner, narrow in zip(rows.owner.tolist(), rows.skill.tolist(), strict=True)
        for skill in (narrow, *taxonomy.above[narrow])
    }
    table = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _side(ids: Sequence[str], values: dict[str, Array], known: dict[str, Array], skills: SkillRows,
          languages: Sequence[int]) -> Side:  # fmt: skip
    numbers = {one: row for row, one in enumerate(ids)}
    return Side(tuple(ids), numbers, values, known, skills, np.array(languages, dtype=np.uint64))


def _day_budget(m: MissionData, currency: str) -> float | None:
    """What a day may cost, minor units; a fixed price is spread over its days."""
    if not m.budget or m.currency != currency:
        return None
    if m.budget_kind == "day_rate":
        return float(m.budget)
    return m.budget / m.duration_days if m.duration_days else None


def _places(towns: Sequence[tuple[str, str]]) -> tuple[dict[str, Array], dict[str, Array]]:
    found = [town(city, country) if city else None for city, country in towns]
    values: dict[str, Array] = {}
    known: dict[str, Array] = {}
    _column(values, known, "latitude", [t.latitude if t else None for t in found], np.float32)
    _column(values, known, "longitude", [t.longitude if t else None for t in found], np.float32)
    codes = [(ord(c[0]) - 64) * 27 + ord(c[1]) - 64 if len(c) == 2 else None for _, c in towns]
    _column(values, known, "country", codes, np.int16)
    return values, known


def _column(values: dict[str, Array], known: dict[str, Array], name: str, given: Sequence[float | None],
            kind: type[np.generic]) -> None:  # fmt: skip
    values[name] = np.array([0 if v is None else v for v in given], dtype=kind)
    known[name] = np.array([v is not None for v in given], dtype=bool)


def _mask(languages: Mapping[str, int], codes: object) -> int:
    mask = 0
    for code in codes:  # type: ignore[attr-defined]
        if code in languages:
            mask |= 1 << languages[code]
    return mask


def _instants(at: Sequence[datetime | None]) -> Array:
    return np.array([t.timestamp() if t else 0.0 for t in at], dtype=np.float64)
