"""What full-text search reads of each person and mission: its words and their weights."""

from collections.abc import Sequence

from marketwright.features.accounts.sectors import sector_names
from marketwright.features.matching.columns import Taxonomy
from marketwright.features.matching.loading import SECTOR, MissionData, PersonData
from marketwright.features.matching.postings import weigh

Words = dict[str, float]
HEADLINE, BIO = 4.0, 1.0  # weights that stand for these fields alone


def people_words(taxonomy: Taxonomy, data: Sequence[PersonData]) -> list[Words]:
    """The words of each person."""
    return [_person(taxonomy, p) for p in data]


def missions_words(taxonomy: Taxonomy, data: Sequence[MissionData]) -> list[Words]:
    """The words of each mission."""
    return [_mission(taxonomy, m) for m in data]


def _person(taxonomy: Taxonomy, p: PersonData) -> Words:
    said = weigh(
        [(p.name, 5.0), (p.headline, HEADLINE), (p.bio, BIO), (p.city, 2.0)]
        + [(f"{label} {organisation}", 3.0 if kind == "certificate" else BIO)
           for kind, _, _, _, label, organisation in p.claims if kind in ("certificate", "experience")]
    )  # fmt: skip
    held = [s for kind, s, *_ in p.claims if kind == "skill" and s]
    return _merged(said, _skills(taxonomy, held, 3.0))


def _mission(taxonomy: Taxonomy, m: MissionData) -> Words:
    said = weigh([(m.title, 4.0), (m.description, 1.0), (m.client, 2.0), (m.city, 2.0)]
                 + [(name, 2.0) for field, key, _ in m.facets if field == SECTOR and key for name in sector_names(key)])
    return _merged(said, _skills(taxonomy, [s for s, _, _ in m.skills], 3.0))


def _skills(taxonomy: Taxonomy, ids: Sequence[str], weight: float) -> Words:
    """The words of skills under all their names; those of broader ones count less."""
    numbers = [taxonomy.number[s] for s in ids if s in taxonomy.number]
    found = {word: weight for n in numbers for word in taxonomy.words[n]}
    for n in numbers:
        for broader in taxonomy.above[n]:
            for word in taxonomy.words[broader]:
                found.setdefault(word, weight / 2)
    return found


def _merged(one: Words, other: Words) -> Words:
    return {word: max(one.get(word, 0.0), other.get(word, 0.0)) for word in one.keys() | other.keys()}
