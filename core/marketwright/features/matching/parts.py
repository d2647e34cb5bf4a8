"""A part of one side, as arrays: made from rows of the database, saved while an index is built, added to one later.

A part numbers its own places and languages; :mod:`merging` makes one numbering of several. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from marketwright.features.matching.columns import SPOKEN, Taxonomy, day_number
from marketwright.features.matching.lists import payload
from marketwright.features.matching.loading import MissionData, PersonData
from marketwright.features.matching.own import OwnValues, own_columns, own_values
from marketwright.features.matching.places import place_key
from marketwright.features.matching.postings import build, joined
from marketwright.features.matching.said import brief_words, said_arrays
from marketwright.features.matching.stored import encode, smallest
from marketwright.features.matching.texts import Words
from marketwright.features.matching.towns import Towns
from marketwright.features.missions.brief import REACHES
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field
from marketwright.strategies.matching import Array

REMOTE = {"onsite": 0, "hybrid": 1, "remote": 2}
SEEN = ("public", "members", "invited")
LANGUAGES_MOST = 63
LAST_DAY = 0xFFFF  # 6 June 2149: lists keep days in 16 bits, and it stands for all that come after


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one side: what is no array in ``meta``, arrays by name."""

    meta: dict[str, Any]
    arrays: dict[str, Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many rows."""
        return int(self.meta["size"])


def people_part(taxonomy: Taxonomy, data: Sequence[PersonData], words: Sequence[Words], currency: str,
                fields: Sequence[Field] = ()) -> Part:  # fmt: skip
    """The part of freelancers; ``words`` are those of each."""
    arrays = {
        "day_rate": encode("day_rate", [p.day_rate if p.currency == currency else None for p in data]),
        "available_from": encode("available_from", [_day(p.available_from) for p in data]),
        "days_a_week": encode("days_a_week", [p.days_a_week for p in data]),
        "years": encode("years", [p.years for p in data]),
        "remote": encode("remote", [REMOTE.get(p.remote, 1) for p in data]),
        "rating_sum": _whole(p.rating_sum for p in data), "reviews": _whole(p.rating_count for p in data),
        "asked": _whole(p.asked for p in data), "answered": _whole(p.answered for p in data),
        "answer_hours": encode("answer_hours", [p.answer_hours for p in data]),
        "joined": _whole(day_number(p.created_at.date()) for p in data),
        "claimed": _whole(p.claimed for p in data), "checked": _whole(p.proved for p in data),
        "documents": _whole(p.documents for p in data), "shown": np.array([p.listed for p in data], dtype=np.uint8),
        "newest": _whole(int(p.updated_at.timestamp()) for p in data),
    }  # fmt: skip
    speaks = [[c[4] for c in p.claims if c[0] == "language" and (c[2] or SPOKEN) >= SPOKEN] for p in data]
    held = [
        {
            taxonomy.number[skill]: (level or 0, -1 if years is None else years)
            for kind, skill, level, years, _, _ in p.claims if skill and kind == "skill" and skill in taxonomy.number
        }
        for p in data
    ]  # fmt: skip
    arrays |= entries(taxonomy, held)
    return _part("people", taxonomy, data, arrays, speaks, words, own_of(fields, "profile", data))


def missions_part(taxonomy: Taxonomy, data: Sequence[MissionData], words: Sequence[Words], currency: str,
                  fields: Sequence[Field] = ()) -> Part:  # fmt: skip
    """The part of missions."""
    arrays: dict[str, Array] = {
        "day_budget": encode("day_budget", [_day_budget(m, currency) for m in data]),
        "starts": encode("starts", [_day(m.start_on) for m in data]),
        "days_a_week": encode("days_a_week", [m.days_a_week for m in data]),
        "remote": encode("remote", [REMOTE.get(m.remote, 1) for m in data]),
        "days": _whole(m.duration_days or 0 for m in data),
        "reach": _whole(REACHES.index(m.reach) for m in data), "within_km": _whole(m.within_km or 0 for m in data),
        "shown": np.array([m.state == "published" for m in data], dtype=np.uint8),
        "newest": _whole(int(m.published_at.timestamp()) if m.published_at else 0 for m in data),
        "seen": np.array([SEEN.index(m.visibility) for m in data], dtype=np.uint8),
        "organisation": text_array([m.organisation for m in data]),
    }  # fmt: skip
    asked = [
        [(taxonomy.number[s], level or 0, must) for s, must, level in m.skills if s in taxonomy.number] for m in data
    ]
    table = np.array([(r, *row) for r, rows in enumerate(asked) for row in rows], dtype=np.int32).reshape(-1, 4)
    names = ("asked.owner", "asked.skill", "asked.level", "asked.must")
    arrays |= {name: smallest(table[:, k]) for k, name in enumerate(names)}
    invited = sorted((r, one) for r, m in enumerate(data) for one in m.invited)
    arrays["invited.row"] = np.array([r for r, _ in invited], dtype=np.uint32)
    arrays["invited.id"] = text_array([one for _, one in invited])
    arrays |= entries(taxonomy, [{s: (level, -1) for s, level, _ in rows} for rows in asked])
    arrays |= said_arrays([brief_words(taxonomy, m) for m in data])
    return _part("missions", taxonomy, data, arrays, [m.languages for m in data], words,
                 own_of(fields, "mission", data))  # fmt: skip


def _part(side: str, taxonomy: Taxonomy, data: Sequence[Any], arrays: dict[str, Array],
          languages: Sequence[Sequence[str]], words: Sequence[Words],
          own: tuple[dict[str, Any], dict[str, Array]]) -> Part:  # fmt: skip
    towns = Towns()
    arrays["id"] = text_array([row.id for row in data])
    arrays["place"] = _whole(towns.number(place_key(row.city), row.country) for row in data)
    named = Counter(code for some in languages for code in set(some))
    codes = sorted(sorted(named, key=lambda code: (-named[code], code))[:LANGUAGES_MOST])
    bits = {code: 1 << bit for bit, code in enumerate(codes)}
    masks = [sum(bits.get(code, 0) for code in set(some)) for some in languages]
    arrays["languages"] = np.array(masks, dtype=np.uint64)
    postings = build(words)
    arrays |= {
        "text.words": joined(postings.words), "text.starts": postings.starts, "text.rows": postings.rows,
        "text.weights": postings.weights,
    }  # fmt: skip
    meta = {"side": side, "size": len(data), "skills": len(taxonomy.ids), "towns": towns.named, "languages": codes}
    return Part({**meta, **own[0]}, {**arrays, **own[1]})


def own_of(fields: Sequence[Field], owner: str, data: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Array]]:
    """The niche's own fields: values to filter by, and the columns that criteria read (NaN where not given)."""
    values = own_values([row.facets for row in data])
    columns, known = own_columns(fields, owner, values)
    arrays: dict[str, Array] = {}
    for name, column in columns.items():
        mask = known.get(name)
        arrays[name] = (column if mask is None else np.where(mask, column, np.nan)).astype(np.float32)
    named = [(f, v) for f, rows in values.rows.items() for v in rows]
    rows = [values.rows[f][v] for f, v in named]
    arrays["facet.starts"] = np.cumsum([0, *map(len, rows)]).astype(np.uint64)
    arrays["facet.rows"] = np.concatenate([np.empty(0, dtype=np.uint32), *rows]).astype(np.uint32)
    for field_name, (some, numbers) in values.numbers.items():
        arrays[f"number.rows.{field_name}"] = some.astype(np.uint32)
        arrays[f"number.values.{field_name}"] = numbers
    kinds = {name: column.dtype.str for name, column in columns.items()}
    return {"facets": named, "numbers": list(values.numbers), "own": kinds}, arrays


def entries(taxonomy: Taxonomy, held: Sequence[Mapping[int, tuple[int, int]]]) -> dict[str, Array]:
    """Entries of the lists from {skill: (level, years)} of each row: each skill held, and every broader one."""
    skills: list[int] = []
    rows: list[int] = []
    payloads: list[int] = []
    for row, own in enumerate(held):
        found = dict(own)
        for skill, (level, years) in own.items():
            for broader in taxonomy.above[skill]:
                before = found.get(broader)
                found[broader] = (level, years) if before is None else (max(level, before[0]), max(years, before[1]))
        for skill, (level, years) in found.items():
            skills.append(skill)
            rows.append(row)
            payloads.append(payload(level, direct=skill in own, years=years))
    return {
        "entry.skill": np.array(skills, dtype=np.uint32), "entry.row": np.array(rows, dtype=np.uint32),
        "entry.payload": np.array(payloads, dtype=np.uint16),
    }  # fmt: skip


def text_array(texts: Sequence[str]) -> Array:
    """Short texts (ids) as bytes of one width."""
    return np.array([t.encode() for t in texts] or [b""], dtype=bytes)[: len(texts)]


def _whole(values: Iterable[int]) -> Array:
    return smallest(np.array(list(values), dtype=np.int64))


def _day(day: Any) -> int | None:
    return None if day is None else min(max(day_number(day), 1), LAST_DAY)


def _day_budget(m: MissionData, currency: str) -> float | None:
    """What a day may cost, minor units; a fixed price is spread over its days."""
    if not m.budget or m.currency != currency:
        return None
    if m.budget_kind == "day_rate":
        return float(m.budget)
    return m.budget / m.duration_days if m.duration_days else None


def values_of(part: Part) -> OwnValues:
    """The niche's own values of a part, to filter by."""
    a, starts = part.arrays, part.arrays["facet.starts"].tolist()
    rows: dict[str, dict[str, Array]] = {}
    for k, (name, value) in enumerate(part.meta["facets"]):
        rows.setdefault(name, {})[value] = a["facet.rows"][starts[k] : starts[k + 1]]
    numbers = {n: (a[f"number.rows.{n}"], a[f"number.values.{n}"]) for n in part.meta["numbers"]}
    return OwnValues(rows, numbers, part.size)
