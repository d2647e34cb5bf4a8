"""What full-text search reads of each person and mission: its words and their weights, kept until the row changes."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from marketwright.features.matching.columns import Taxonomy
from marketwright.features.matching.loading import MissionData, PersonData
from marketwright.features.matching.postings import weigh

Words = dict[str, float]
Row = TypeVar("Row", PersonData, MissionData)


class Texts:
    """Remembers the words of every row of one taxonomy; not for two threads at once."""

    def __init__(self) -> None:
        self._taxonomy: Taxonomy | None = None
        self._people: dict[str, tuple[PersonData, Words]] = {}
        self._missions: dict[str, tuple[MissionData, Words]] = {}

    def of_people(self, taxonomy: Taxonomy, data: Sequence[PersonData]) -> list[Words]:
        """The words of each of ``data``."""
        self._learn(taxonomy)
        self._people = _kept(self._people, data, lambda p: _person(taxonomy, p))
        return [words for _, words in self._people.values()]

    def of_missions(self, taxonomy: Taxonomy, data: Sequence[MissionData]) -> list[Words]:
        """The words of each of ``data``."""
        self._learn(taxonomy)
        self._missions = _kept(self._missions, data, lambda m: _mission(taxonomy, m))
        return [words for _, words in self._missions.values()]

    def _learn(self, taxonomy: Taxonomy) -> None:
        if taxonomy is not self._taxonomy:
            self._taxonomy, self._people, self._missions = taxonomy, {}, {}


def _kept(before: dict[str, tuple[Row, Words]], data: Sequence[Row], make: Callable[[Row], Words]
          ) -> dict[str, tuple[Row, Words]]:  # fmt: skip
    found = {}
    for row in data:
        known = before.get(row.id)
        found[row.id] = known if known is not None and known[0] == row else (row, make(row))
    return found


def _person(taxonomy: Taxonomy, p: PersonData) -> Words:
    said = weigh(
        [(p.name, 5.0), (p.headline, 4.0), (p.bio, 1.0), (p.city, 2.0)]
        + [(f"{label} {organisation}", 3.0 if kind == "certificate" else 1.0)
           for kind, _, _, _, label, organisation in p.claims if kind in ("certificate", "experience")]
    )  # fmt: skip
    held = [s for kind, s, *_ in p.claims if kind == "skill" and s]
    return _merged(said, _skills(taxonomy, held, 3.0))


def _mission(taxonomy: Taxonomy, m: MissionData) -> Words:
    said = weigh([(m.title, 4.0), (m.description, 1.0), (m.client, 2.0), (m.city, 2.0)])
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
