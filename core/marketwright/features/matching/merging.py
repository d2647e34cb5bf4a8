"""Several parts of one side as one segment: rows ordered by (remote, region), lists by skill, one numbering. Pure.

A segment is again a part, so that what changed since is merged into it in the same way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from marketwright.features.matching.filtering import word_of
from marketwright.features.matching.ids import packed, unpacked
from marketwright.features.matching.lists import PAYLOAD, make_lists, spans
from marketwright.features.matching.parts import LANGUAGES_MOST, Part
from marketwright.features.matching.postings import Vocabulary, joined
from marketwright.features.matching.said import joined_runs, said_of
from marketwright.features.matching.stored import smallest
from marketwright.features.matching.towns import Towns
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array

SPARE_LEAST, SPARE_SHARE = 512, 32
# What later rows of a column surely need; what needs more makes the segment anew.
LEAST = {
    "available_from": "u2", "starts": "u2", "rating_sum": "u2", "reviews": "u2", "newest": "u4", "days": "u2",
    "within_km": "u2", "place": "u2", "asked": "u2", "answered": "u2", "answer_hours": "u2", "joined": "u2",
}  # fmt: skip
ENTRIES = ("asked.", "invited.", "entry.", "text.", "facet.", "number.", "list.", "filed.", "said.")


def is_column(name: str) -> bool:
    """Whether an array of a part holds a value a row. Its length does not tell: any other may be as long."""
    return not name.startswith(ENTRIES) and name != "by_id"


def misfits(segment: Part) -> str:
    """The first array of a segment that is not as long or wide as the others want it; empty where all fit."""
    a, room = segment.arrays, len(segment.arrays["id"])
    dense, bits = len(a["list.dense_skills"]), len(a["list.bit_skills"])
    entries, words = (int(a[f"{name}.starts"][-1]) for name in ("list", "text"))
    wanted: dict[str, tuple[int, ...]] = {
        "by_id": (segment.size,), "list.starts": (segment.meta["skills"] + 1,), "list.rows": (entries,),
        "list.words": (entries,), "list.dense": (dense, room), "list.bits": (bits, -(-room // 8)),
        "text.rows": (words,), "text.weights": (words,),
    }  # fmt: skip
    wanted |= {name: (room,) for name in a if is_column(name) and name != "id"}
    if segment.size > room:
        return "id"
    return next((name for name, shape in wanted.items() if a[name].shape != shape), "")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One part, and where its rows go: -1 for those left out."""

    part: Part
    into: Array


def merge(parts: Sequence[tuple[Part, Array | None]], languages: Sequence[str]) -> Part:
    """One segment of ``parts``, each with a mask of the rows to keep (``None`` for all); ``languages`` by bit."""
    masks = [np.ones(p.size, dtype=bool) if m is None else m for p, m in parts]
    size = int(sum(m.sum() for m in masks))
    towns = Towns()
    columns = _columns([p for p, _ in parts], masks, towns, languages)
    order = np.lexsort((columns["id"], columns["place"], _countries(towns)[columns["place"]], columns["remote"]))
    place_of = np.empty(size, dtype=np.int64)
    place_of[order] = np.arange(size)
    pieces, start = [], 0
    for (part, _), mask in zip(parts, masks, strict=True):
        into = np.full(part.size, -1, dtype=np.int64)
        kept = int(mask.sum())
        into[mask] = place_of[start : start + kept]
        pieces.append(_Piece(part, into))
        start += kept
    room = size + max(SPARE_LEAST, size // SPARE_SHARE)
    arrays = {name: _padded(column[order], room) for name, column in columns.items()}
    arrays["by_id"] = np.argsort(arrays["id"][:size], kind="stable").astype(np.uint32)
    ours = packed(arrays["id"][:size]) if size else None
    if ours is not None:
        arrays["id"] = np.concatenate([ours, np.zeros((room - size, ours.shape[1]), dtype=np.uint8)])
    first = parts[0][0].meta
    arrays |= _lists(pieces, arrays, size, room, first["skills"])
    arrays |= _texts(pieces)
    facets, facet_arrays = _facets(pieces)
    arrays |= facet_arrays
    if first["side"] == "missions":
        arrays |= _asked(pieces, size) | _invited(pieces) | _said(pieces, size)
        arrays |= _filed(arrays, size)
    meta = {"side": first["side"], "size": size, "skills": first["skills"], "towns": towns.named,
            "languages": list(languages), "own": first["own"], **facets}  # fmt: skip
    return Part(meta, arrays)


def _padded(column: Array, room: int) -> Array:
    whole = np.zeros(room, dtype=column.dtype)
    whole[: len(column)] = column
    return whole


def _countries(towns: Towns) -> Array:
    return towns.table("country")


def _columns(parts: Sequence[Part], masks: Sequence[Array], towns: Towns, languages: Sequence[str]
             ) -> dict[str, Array]:  # fmt: skip
    """The columns of every row kept, with one numbering of places and languages."""
    found: dict[str, Array] = {}
    names = [n for n in parts[0].arrays if is_column(n) and n not in ("place", "languages")]
    for name in names:
        columns = [p.arrays[name][: p.size] for p in parts]
        if name == "id":
            columns = [unpacked(column) for column in columns]
        found[name] = np.concatenate([column[m] for column, m in zip(columns, masks, strict=True)])
        if found[name].dtype.kind == "u":
            found[name] = _roomy(name, found[name])
    places, spoken = [], []
    for part, mask in zip(parts, masks, strict=True):
        table = np.array([towns.number(key, country) for key, country in part.meta["towns"]], dtype=np.int64)
        places.append(table[part.arrays["place"][: part.size][mask]])
        given = part.arrays["languages"][: part.size][mask].astype(np.uint64)
        spoken.append(translated(given, part.meta["languages"], languages))
    found["place"] = _roomy("place", np.concatenate(places))
    wide = next(bits for bits in (8, 16, 32, 64) if len(languages) <= bits)
    found["languages"] = np.concatenate(spoken).astype(f"u{wide // 8}")
    return found


def _roomy(name: str, whole: Array) -> Array:
    small = smallest(whole)
    return small.astype(np.promote_types(small.dtype, LEAST.get(name, "u1")))


def languages_of(people: Sequence[Part], missions: Sequence[Part], known: Sequence[str] = ()) -> list[str]:
    """The languages of all parts by bit. Of more than there are bits first those ``known`` of the older parts, then
    those that missions ask for, then those that most people speak: nobody is asked for any other."""
    codes = sorted({code for part in (*people, *missions) for code in part.meta["languages"]})
    if len(codes) <= LANGUAGES_MOST:
        return codes
    asked, spoken = _named(missions), _named(people)
    codes.sort(key=lambda code: (code not in known, not asked[code], -spoken[code]))
    return sorted(codes[:LANGUAGES_MOST])


def _named(parts: Sequence[Part]) -> Counter[str]:
    """In how many rows each language is."""
    found: Counter[str] = Counter()
    for part in parts:
        masks = part.arrays["languages"][: part.size].astype(np.uint64)
        for bit, code in enumerate(part.meta["languages"]):
            found[code] += int(np.count_nonzero(masks >> np.uint64(bit) & np.uint64(1)))
    return found


def translated(masks: Array, before: Sequence[str], after: Sequence[str]) -> Array:
    """Masks of languages numbered as ``before`` in the numbering ``after``."""
    if list(before) == list(after[: len(before)]):
        return masks
    found = np.zeros(len(masks), dtype=np.uint64)
    for bit, code in enumerate(before):
        if code in after:
            found |= ((masks >> np.uint64(bit)) & np.uint64(1)) << np.uint64(after.index(code))
    return found


def entries_of(part: Part) -> tuple[Array, Array, Array]:
    """(skill, row, payload) of a part's lists."""
    a = part.arrays
    if "list.starts" not in a:
        return a["entry.skill"], a["entry.row"], a["entry.payload"]
    lengths = spans(a["list.starts"])
    skills = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    return skills, a["list.rows"], (a["list.words"] & np.uint64(PAYLOAD)).astype(np.uint16)


def _lists(pieces: Sequence[_Piece], arrays: Mapping[str, Array], size: int, room: int, skills: int
           ) -> dict[str, Array]:  # fmt: skip
    given = [_kept(piece, *entries_of(piece.part)) for piece in pieces]
    skill, row, payload = (np.concatenate([g[k] for g in given]) for k in range(3))
    free = arrays["available_from"] if "available_from" in arrays else np.zeros(room, dtype=np.uint8)
    words = word_of(arrays["remote"], arrays["languages"], free)
    return make_lists(skill, row, payload, words, skill_count=skills, size=size, room=room)


def _kept(piece: _Piece, skill: Array, row: Array, payload: Array) -> tuple[Array, Array, Array]:
    into = piece.into[row]
    kept = into >= 0
    return skill[kept], into[kept].astype(np.uint32), payload[kept]


def _texts(pieces: Sequence[_Piece]) -> dict[str, Array]:
    """The full text of all, its words sorted; weights as whole halves."""
    own = [list(Vocabulary(p.part.arrays["text.words"])) for p in pieces]
    words = sorted(set().union(*own))
    number = {word: n for n, word in enumerate(words)}
    which, rows, weights = [], [], []
    for piece, its_words in zip(pieces, own, strict=True):
        a = piece.part.arrays
        lengths = spans(a["text.starts"])
        table = np.array([number[w] for w in its_words], dtype=np.uint32)
        into = piece.into[a["text.rows"]]
        kept = into >= 0
        which.append(np.repeat(table, lengths)[kept])
        rows.append(into[kept].astype(np.uint32))
        halves = a["text.weights"] if a["text.weights"].dtype == np.uint8 else np.rint(a["text.weights"] * 2)
        weights.append(halves[kept].astype(np.uint8))
    every = np.concatenate(which)
    order = np.argsort(every, kind="stable")
    starts = np.searchsorted(every[order], np.arange(len(words) + 1)).astype(np.uint64)
    return {
        "text.words": joined(words), "text.starts": starts, "text.rows": np.concatenate(rows)[order],
        "text.weights": np.concatenate(weights)[order],
    }  # fmt: skip


def _facets(pieces: Sequence[_Piece]) -> tuple[dict[str, Any], dict[str, Array]]:
    texts: dict[tuple[str, str], list[Array]] = {}
    numbers: dict[str, list[tuple[Array, Array]]] = {}
    for piece in pieces:
        a = piece.part.arrays
        starts = a["facet.starts"].astype(np.int64)
        for k, (name, value) in enumerate(piece.part.meta["facets"]):
            into = piece.into[a["facet.rows"][starts[k] : starts[k + 1]]]
            texts.setdefault((name, value), []).append(into[into >= 0])
        for name in piece.part.meta["numbers"]:
            into = piece.into[a[f"number.rows.{name}"]]
            numbers.setdefault(name, []).append((into[into >= 0], a[f"number.values.{name}"][into >= 0]))
    rows = [np.concatenate(some).astype(np.uint32) for some in texts.values()]
    arrays = {
        "facet.starts": np.cumsum([0, *map(len, rows)]).astype(np.uint64),
        "facet.rows": np.concatenate([np.empty(0, dtype=np.uint32), *rows]),
    }  # fmt: skip
    for name, some in numbers.items():
        arrays[f"number.rows.{name}"] = np.concatenate([r for r, _ in some]).astype(np.uint32)
        arrays[f"number.values.{name}"] = np.concatenate([v for _, v in some])
    return {"facets": list(texts), "numbers": list(numbers)}, arrays


def _asked(pieces: Sequence[_Piece], size: int) -> dict[str, Array]:
    """What each mission asks for, by row; the order of a mission's own stays."""
    owners, columns = [], []
    for piece in pieces:
        a = piece.part.arrays
        owner = _owners(a)
        into = piece.into[owner]
        kept = into >= 0
        owners.append(into[kept])
        columns.append([a[f"asked.{n}"][kept] for n in ("skill", "level", "must")])
    every = np.concatenate(owners)
    order = np.argsort(every, kind="stable")
    starts = np.searchsorted(every[order], np.arange(size + 1)).astype(np.uint32)
    skill, level, must = (np.concatenate([c[k] for c in columns])[order] for k in range(3))
    return {"asked.starts": starts, "asked.skill": skill, "asked.level": level, "asked.must": must}


def _said(pieces: Sequence[_Piece], size: int) -> dict[str, Array]:
    runs = [b""] * size
    for piece in pieces:
        for run, into in zip(said_of(piece.part.arrays, piece.part.size), piece.into.tolist(), strict=True):
            if into >= 0:
                runs[into] = run
    return joined_runs(runs)


def _owners(arrays: Mapping[str, Array]) -> Array:
    if "asked.owner" in arrays:
        return arrays["asked.owner"]
    lengths = spans(arrays["asked.starts"])
    return np.repeat(np.arange(len(lengths)), lengths)


def _invited(pieces: Sequence[_Piece]) -> dict[str, Array]:
    rows, ids = [], []
    for piece in pieces:
        into = piece.into[piece.part.arrays["invited.row"]]
        rows.append(into[into >= 0].astype(np.uint32))
        ids.append(piece.part.arrays["invited.id"][into >= 0])
    return {"invited.row": np.concatenate(rows), "invited.id": np.concatenate(ids)}


def _filed(arrays: Mapping[str, Array], size: int) -> dict[str, Array]:
    """Each mission under the must-have that the fewest missions ask for; those without one at the end."""
    lengths = spans(arrays["list.starts"])
    under = file_under(arrays["asked.starts"], arrays["asked.skill"], arrays["asked.must"], lengths, size)
    return filed_arrays(under, len(lengths))


def filed_arrays(under: Array, skills: int) -> dict[str, Array]:
    """Rows by what they are filed under."""
    order = np.argsort(under, kind="stable")
    starts = np.searchsorted(under[order], np.arange(skills + 2)).astype(np.uint32)
    return {"filed.starts": starts, "filed.rows": order.astype(np.uint32)}


def file_under(starts: Array, skill: Array, must: Array, lengths: Array, size: int) -> Array:
    """For each row its rarest must-have by ``lengths``; the number of skills where it has none."""
    under = np.full(size, len(lengths), dtype=np.int64)
    rows = np.repeat(np.arange(size), spans(starts))
    musts = np.flatnonzero(must)
    common = lengths[skill[musts]]
    order = np.lexsort((skill[musts], -common, rows[musts]))  # of one row the rarest comes last and is kept
    under[rows[musts][order]] = skill[musts][order]
    return under
