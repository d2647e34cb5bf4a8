"""What every niche pack holds: skills in two languages with other names, a demo of its own that repeats nobody."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from marketwright.features.demo.seeding.source import Json, Source, read_source
from marketwright.features.skills.taxonomy import check, read_taxonomy
from marketwright.kernel.rows import Row
from marketwright.strategies.fields import Field
from marketwright.testing.kits.frame import package_of

LANGUAGES = ("en", "fr")
A_THIRD = 1 / 3
FIVE = 5
ASSESSORS = 3  # two, and one more where these disagree


class NichePackConformance:
    """For any niche pack: ``plugin = marketwright_mine``.

    ``skills``, ``people`` and ``missions`` are how many there are at least.
    """

    plugin: ClassVar[ModuleType]
    skills: ClassVar[int] = 200
    people: ClassVar[int] = 300
    missions: ClassVar[int] = 60

    @pytest.fixture
    def folder(self) -> Path:
        """The package's own."""
        return package_of(self.plugin)

    @pytest.fixture
    def rows(self) -> list[Row]:
        """Every skill of its taxonomies, as the files say."""
        return [row for t in self._brought("taxonomies") for row in _rows(t.path)]

    @pytest.fixture
    def demo(self, folder: Path) -> Source:
        """Its demo data."""
        return _demo(folder / "demo")

    def _brought(self, what: str) -> Sequence[Any]:
        hook = getattr(self.plugin, f"register_{what}", None)
        return list(hook(settings={})) if hook else []

    def _fields(self, owner: str) -> dict[str, Field]:
        return {f.name: f for f in self._brought("fields") if f.owner == owner}

    def test_it_says_that_it_is_a_niche(self) -> None:
        """``niche = True`` in its manifest: a marketplace is baked with it by name."""
        assert self.plugin.manifest.niche, "say niche=True in the manifest"

    def test_its_taxonomy_is_large_and_reads_in_both_languages(self, rows: list[Row]) -> None:
        """Each skill has a label in each language."""
        assert len(rows) >= self.skills, f"{len(rows)} skills, and {self.skills} are asked for"
        bare = [r.text("key") for r in rows for language in LANGUAGES if not r.text(f"label_{language}")]
        assert not bare, f"no label in one of the languages: {bare[:5]}"

    def test_its_taxonomy_comes_in_without_a_fault(self, rows: list[Row]) -> None:
        """Keys are keys and stand once; what is broader is there, and never comes round to itself."""
        faults = check(rows, {}, "mine")[1]
        assert not faults, f"{faults[0]}"

    def test_its_skills_are_found_by_other_names_and_stand_below_broader_ones(self, rows: list[Row]) -> None:
        """Half of them at least have another name, in each language; half stand below a broader skill."""
        for column in ("alt_en", "alt_fr", "broader"):
            share = sum(bool(r.text(column)) for r in rows) / (len(rows) or 1)
            assert share >= 1 / 2, f"{column} is filled for {share:.0%} of the skills"

    def test_it_says_in_each_language_what_a_freelancer_is_called(self, folder: Path) -> None:
        """``vocabulary/en.toml`` and ``fr.toml``: the words of the trade."""
        for language in LANGUAGES:
            file = folder / "vocabulary" / f"{language}.toml"
            words = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
            assert words.get("freelancer", {}).get("one"), f"vocabulary/{language}.toml names no freelancer"

    def test_its_demo_has_people_and_missions_in_both_languages(self, demo: Source) -> None:
        """A marketplace that looks alive to whoever reads either."""
        for what, found, least in (("people", demo.people, self.people), ("missions", demo.missions, self.missions)):
            assert len(found) >= least, f"{len(found)} {what}, and {least} are asked for"
            french = sum(one["language"] == "fr" for one in found) / len(found)
            assert A_THIRD < french < 1 - A_THIRD, f"{french:.0%} of the {what} are in French"

    def test_its_demo_uses_skills_of_its_own_taxonomy(self, demo: Source, rows: list[Row]) -> None:
        """Another's skills may not be there where only this pack is enabled."""
        used = {s["skill"] for p in demo.people for s in p["skills"]}
        used |= {s for m in demo.missions for s in (*m["must"], *m["nice"])}
        lost = sorted(used - {r.text("key") for r in rows})
        assert not lost, f"no skill of the taxonomy: {lost[:5]}"

    def test_its_demo_answers_what_its_fields_ask_and_nothing_else(self, demo: Source) -> None:
        """Required fields of a brief are filled; what is filled is a field of the pack."""
        fields = {"mission": self._fields("mission"), "profile": self._fields("profile")}
        required = {n for n, f in fields["mission"].items() if f.required}
        for owner, found in (("mission", demo.missions), ("profile", demo.people)):
            for one in found:
                given = set(one.get("fields", {}))
                strange = given - fields[owner].keys()
                assert not strange, f"{one['key']}: {sorted(strange)[0]} is no field of the pack"
                bare = required - given if owner == "mission" else set()
                assert not bare, f"{one['key']}: {sorted(bare)[0]} is required and empty"

    def test_no_two_texts_of_its_demo_say_the_same(self, demo: Source) -> None:
        """Of two bios, or two briefs, at most a third of the sequences of five words is shared."""
        for what, key, found in (("bios", "bio", demo.people), ("briefs", "description", demo.missions)):
            worst, pair = _worst({one["key"]: one[key] for one in found})
            assert worst <= A_THIRD, f"the {what} of {' and '.join(pair)} share {worst:.0%}"

    def test_its_deals_are_told_on_its_own_course(self, demo: Source) -> None:
        """Each on a published mission of the demo, by ways that its process has."""
        ways = {p.name: {t.name for t in p.transitions} for p in self._brought("processes")}
        known = {m["key"] for m in demo.missions if m["state"] != "draft"}
        for deal in demo.deals:
            assert deal["mission"] in known, f"no published mission: {deal['mission']}"
            assert deal["process"] in ways, f"{deal['mission']}: {deal['process']} is no process of the pack"
            lost = {s["way"] for s in deal["steps"]} - ways[deal["process"]]
            assert not lost, f"{deal['mission']}: {sorted(lost)[0]} is no way of {deal['process']}"

    def test_works_to_be_assessed_stand_in_its_demo(self, demo: Source) -> None:
        """For a check with assessors: three of them, and something that was handed in, in each language."""
        if not any(c.assessment for c in self._brought("vetting_checks")):
            return
        told: Json = demo.texts.get("assessments") or {}
        assert len(told.get("assessors", ())) >= ASSESSORS, "texts.json names no three assessors"
        languages = {text["language"] for text in told.get("handed", ())}
        assert languages >= set(LANGUAGES), "texts.json hands nothing in in one of the languages"


@cache
def _rows(path: Path) -> Sequence[Row]:
    """A taxonomy, read once a process."""
    return tuple(read_taxonomy(path).rows)


@cache
def _demo(folder: Path) -> Source:
    """Demo data, read once a process."""
    return read_source(folder)


def _worst(texts: Mapping[str, str]) -> tuple[float, tuple[str, ...]]:
    """The largest share of sequences of five words that two of ``texts`` have in common, and which two."""
    sequences = {key: _fives(text) for key, text in texts.items()}
    where: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, found in sequences.items():
        for one in found:
            where[one].append(key)
    shared = Counter(pair for keys in where.values() for pair in combinations(keys, 2))
    least = ((n / min(len(sequences[a]), len(sequences[b])), (a, b)) for (a, b), n in shared.items())
    return max(least, default=(0.0, ()))


def _fives(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[i : i + FIVE]) for i in range(len(words) - FIVE + 1)}
