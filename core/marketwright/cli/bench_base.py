"""The synthetic marketplace of ``bench matching``: skills by Zipf's law, people and missions, as parts of an index."""

from datetime import date

import numpy as np

from marketwright.features.matching.columns import Taxonomy, day_number
from marketwright.features.matching.index import Index
from marketwright.features.matching.lists import DIRECT, YEARS
from marketwright.features.matching.merging import merge
from marketwright.features.matching.parts import Part
from marketwright.features.matching.places import names
from marketwright.features.matching.postings import joined
from marketwright.features.matching.ranking import Criterion
from marketwright.features.matching.stored import smallest
from marketwright.features.matching.towns import Towns
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array

SKILLS, EACH = 2000, 10
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
SPOKEN = (0.2, 0.9, 0.15, 0.7, 0.1, 0.1, 0.05, 0.05)
TODAY = day_number(date(2026, 5, 4))
TOWNS = 200
TOP = 20  # how many of each answer are compared


@dataclass(frozen=True, slots=True)
class Base:
    """Both sides before they are merged, and the skills."""

    taxonomy: Taxonomy
    people: Part
    missions: Part

    def merged(self) -> tuple[Part, Part]:
        """Both sides as segments."""
        return merge([(self.people, None)], LANGUAGES), merge([(self.missions, None)], LANGUAGES)


@dataclass(frozen=True, slots=True)
class Bench:
    """What every engine is measured with: a base, its index, the criteria, and the rows of the missions ranked for."""

    base: Base
    index: Index
    criteria: tuple[Criterion, ...]
    rows: list[int]


def make_base(profiles: int, missions: int, seed: int) -> Base:
    """A base that is the same for the same numbers."""
    named = tuple(f"skill-{k:04d}" for k in range(SKILLS))
    taxonomy = Taxonomy(
        {n: k for k, n in enumerate(named)}, named, {"en": named}, ({},) * SKILLS, (frozenset[str](),) * SKILLS
    )
    return Base(taxonomy, _people(profiles, np.random.default_rng(seed)),
                _missions(missions, np.random.default_rng(seed + 1)))  # fmt: skip


def _zipf(rng: np.random.Generator, size: tuple[int, ...]) -> Array:
    weights = 1.0 / np.arange(1, SKILLS + 1)
    drawn: Array = np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(size)).clip(0, SKILLS - 1)
    return drawn


def _held(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """(row, skill) of everybody: about ten each, none twice."""
    drawn = _zipf(rng, (n, EACH * 2))
    wanted = rng.random((n, EACH * 2)) < EACH / (EACH * 2) * 1.28
    keys = np.unique((np.arange(n)[:, None] * SKILLS + drawn)[wanted])
    return keys // SKILLS, keys % SKILLS


def _ids(rng: np.random.Generator, n: int) -> Array:
    letters = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
    return letters[rng.integers(0, 32, (n, 16))].reshape(-1).view("S16")


def _places(rng: np.random.Generator, n: int) -> tuple[list[tuple[str, str]], Array]:
    towns = Towns()
    numbers = np.array([towns.number(key, country) for key, country in names()[:TOWNS]])
    weights = 1.0 / np.arange(1, len(numbers) + 1)
    return towns.named, smallest(rng.choice(numbers, n, p=weights / weights.sum()))


def _common(rng: np.random.Generator, n: int, side: str) -> tuple[dict[str, object], dict[str, Array]]:
    towns, place = _places(rng, n)
    empty = np.zeros(0, dtype=np.uint32)
    arrays = {
        "id": _ids(rng, n), "place": place, "remote": rng.choice(3, n, p=(0.2, 0.5, 0.3)).astype(np.uint8),
        "days_a_week": rng.integers(1, 6, n).astype(np.uint8), "shown": np.ones(n, dtype=np.uint8),
        "newest": rng.integers(1_700_000_000, 1_780_000_000, n).astype(np.uint32),
        "text.words": joined([]), "text.starts": np.zeros(1, dtype=np.uint64), "text.rows": empty,
        "text.weights": np.zeros(0, dtype=np.float32), "facet.starts": np.zeros(1, dtype=np.uint64),
        "facet.rows": empty,
    }  # fmt: skip
    meta = {"side": side, "size": n, "skills": SKILLS, "towns": towns, "languages": list(LANGUAGES), "facets": [],
            "numbers": [], "own": {}}  # fmt: skip
    return meta, arrays


def _people(n: int, rng: np.random.Generator) -> Part:
    meta, arrays = _common(rng, n, "people")
    row, skill = _held(rng, n)
    level, years = rng.integers(0, 5, len(row)), rng.integers(-1, 16, len(row))
    reviews = rng.poisson(2, n)
    claimed = rng.integers(0, 13, n)
    speaks = (rng.random((n, len(LANGUAGES))) < SPOKEN) @ (1 << np.arange(len(LANGUAGES)))
    arrays |= {
        "day_rate": (rng.integers(25, 130, n) * 1000 * (rng.random(n) > 0.05)).astype(np.float32),
        "available_from": (rng.integers(TODAY - 60, TODAY + 200, n) * (rng.random(n) > 0.1)).astype(np.uint16),
        "years": rng.integers(0, 26, n).astype(np.uint8), "reviews": reviews.astype(np.uint16),
        "rating_sum": (reviews * rng.integers(2, 6, n)).astype(np.uint16), "claimed": claimed.astype(np.uint8),
        "checked": (claimed * rng.random(n)).astype(np.uint8), "documents": rng.integers(0, 3, n).astype(np.uint8),
        "languages": speaks.astype(np.uint64), "entry.row": row.astype(np.uint32),
        "entry.skill": skill.astype(np.uint32),
        "entry.payload": ((level + 1) | DIRECT | ((years + 1) << YEARS)).astype(np.uint16),
    }  # fmt: skip
    return Part(meta, arrays)


def _missions(n: int, rng: np.random.Generator) -> Part:
    meta, arrays = _common(rng, n, "missions")
    most = 9
    drawn = _zipf(rng, (n, most))
    musts, nices = rng.integers(2, 4, n), rng.integers(2, 7, n)
    place = np.arange(most)[None, :]
    kept = place < (musts + nices)[:, None]
    for k in range(1, most):
        kept[:, k] &= ~(drawn[:, :k] == drawn[:, k : k + 1]).any(axis=1)
    owner, at = np.nonzero(kept)
    level = rng.integers(0, 5, len(owner))
    skill = drawn[kept]
    asks = (1 << rng.choice(len(LANGUAGES), n, p=np.array(SPOKEN) / sum(SPOKEN))) * (rng.random(n) > 0.2)
    arrays |= {
        "day_budget": (rng.integers(40, 110, n) * 1000).astype(np.float32),
        "starts": rng.integers(TODAY, TODAY + 90, n).astype(np.uint16),
        "days": rng.integers(5, 100, n).astype(np.uint16),
        "seen": np.zeros(n, dtype=np.uint8), "organisation": _ids(rng, n), "languages": asks.astype(np.uint64),
        "asked.owner": owner.astype(np.uint32), "asked.skill": skill.astype(np.uint16),
        "asked.level": level.astype(np.uint8),
        "asked.must": (at < musts[owner]).astype(np.uint8), "invited.row": np.zeros(0, dtype=np.uint32),
        "invited.id": np.zeros(0, dtype="S16"), "entry.row": owner.astype(np.uint32),
        "entry.skill": skill.astype(np.uint32),
        "entry.payload": ((level + 1) | DIRECT).astype(np.uint16),
    }  # fmt: skip
    return Part(meta, arrays)
