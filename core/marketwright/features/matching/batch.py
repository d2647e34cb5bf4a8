"""Many freelancers against many missions at once: for each the best missions, exactly as one by one. Pure.

Who holds a skill is one bit a person: a few words of 64 bits a mission say who has all of its must-haves and languages.
Only those pairs are scored, by the same criteria, thousands in one call of each.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from marketwright.features.matching.columns import BROADER, SkillRows
from marketwright.features.matching.given import Given
from marketwright.features.matching.hopeful import Hope
from marketwright.features.matching.index import Index
from marketwright.features.matching.lists import DIRECT, PAYLOAD, measures, summed
from marketwright.features.matching.pairs import REMOTE, Made, Met, Pairs
from marketwright.features.matching.ranking import FINE, Criterion, GateBroken, shutting
from marketwright.features.matching.selecting import ALL, bounds_of
from marketwright.features.matching.ties import seeds, tie_mixed
from marketwright.features.matching.towns import EARTH_KM
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Candidates

PEOPLE, MISSIONS, LEVELS = 8192, 2048, 8
WAITING = 0.5  # of the best that are kept: so many new ones, and the worse of all are let go
TEXTS = frozenset({"text_met", "semantic_met", "reach_met"})  # pair columns that are not known here
MOST_TOWNS = 4_000_000  # pairs of towns whose distances are one table


@dataclass(frozen=True, slots=True)
class Best:
    """The best missions of several freelancers: ``person`` is a place among them, ``row`` a mission's, ascending by
    person and then best first; ``scores`` in millionths."""

    person: Array
    row: Array
    scores: Array

    def of(self, person: int) -> list[int]:
        """The missions of one, best first."""
        a, b = np.searchsorted(self.person, (person, person + 1))
        found: list[int] = self.row[a:b].tolist()
        return found


def best_missions(index: Index, people: Array, criteria: Sequence[Criterion], among: Array, today: int, most: int
                  ) -> Best:  # fmt: skip
    """For each of ``people`` (rows) the best ``most`` missions of ``among`` (a mask) that pass every gate.

    As :func:`ranking.rank` with the pair columns of skills, languages and distance; those of texts are not known here.
    Raises ``GateBroken``; a criterion that fails counts for nothing, as there. Where nothing ranks nothing is best.
    """
    found = []
    asked = Asked(index, np.flatnonzero(among).astype(np.uint32))
    for first in range(0, len(people), PEOPLE):
        some = Crowd(index, people[first : first + PEOPLE])
        person, row, scores = _of_crowd(index, some, asked, criteria, today, most)
        found.append((person + first, row, scores))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return Best(none, none, none)
    person, row, scores = (np.concatenate([f[k] for f in found]) for k in range(3))
    return Best(person, row, scores)


class Asked:
    """Missions by place: their must-haves and nice-to-haves as tables with a row a mission, padded with no skill."""

    def __init__(self, index: Index, rows: Array) -> None:
        self.rows = rows
        owner, asked = index.missions.side.skills.many(rows)
        self.none = len(index.taxonomy.ids)  # stands for no skill
        self.must, self.level = self._table(owner, asked, asked.must)
        self.nice, _ = self._table(owner, asked, ~asked.must)
        self.musts, self.nices = ((t != self.none).sum(axis=1) for t in (self.must, self.nice))
        self.languages = index.missions.side.languages[rows]
        self._towns = index.missions.side.store.towns, index.people.side.store.towns

    def kilometres(self, here: Array, there: Array) -> Array:
        """Between towns of missions and of people, by number; float32."""
        own, other = self._towns
        if len(own.named) * len(other.named) <= MOST_TOWNS:
            return self._far.take(here.astype(np.int64) * len(other.named) + there)
        apart = own.table("points").take(here, axis=0) - other.table("points").take(there, axis=0)
        half = np.sqrt(np.einsum("ij,ij->i", apart, apart)) * 0.5
        found: Array = (np.arcsin(np.minimum(half, 1.0)) * (2 * EARTH_KM)).astype(np.float32)
        return found

    @cached_property
    def _far(self) -> Array:
        """From every town of missions to every one of people, one after the other."""
        own, other = self._towns
        at = zip(own.table("latitude").tolist(), own.table("longitude").tolist(), strict=True)
        return np.concatenate([other.kilometres(*one) for one in at])

    def _table(self, owner: Array, asked: SkillRows, which: Array) -> tuple[Array, Array]:
        its, skill, level = owner[which], asked.skill[which], asked.level[which]
        counts = np.bincount(its, minlength=len(self.rows))
        wide = int(counts.max(initial=0))
        place = np.arange(len(its)) - np.repeat(np.cumsum(counts) - counts, counts)
        skills = np.full((len(self.rows), wide), self.none, dtype=np.int64)
        levels = np.zeros((len(self.rows), wide), dtype=np.int64)
        skills[its, place], levels[its, place] = skill, level
        return skills, levels


class Crowd:
    """Some freelancers: what each holds in every skill as payloads, a row a skill, and as bits."""

    def __init__(self, index: Index, rows: Array) -> None:
        self.rows, self.index = rows, index
        self.wide = max(1 << (len(rows) - 1).bit_length(), 64) if len(rows) else 64  # a power of two: places by shifts
        skills = len(index.taxonomy.ids)
        self.codes = np.zeros((skills + 1, self.wide), dtype=np.uint16)
        place = np.full(index.people.size, -1, dtype=np.int32)
        place[rows] = np.arange(len(rows))
        lists = index.people.side.lists
        at = place.take(lists.rows)
        here = np.flatnonzero(at >= 0)
        skill = np.searchsorted(lists.starts[1:].astype(np.int64), here, side="right")
        self.codes[skill, at[here]] = (lists.words[here] & np.uint64(PAYLOAD)).astype(np.uint16)
        for one, (its_rows, words) in lists.added.items():
            its = place[its_rows]
            self.codes[one, its[its >= 0]] = (words[its >= 0] & np.uint64(PAYLOAD)).astype(np.uint16)
        self.speaks = index.people.side.languages[rows]

    @cached_property
    def bits(self) -> Array:
        """Who holds each skill; everybody holds the last one, which stands for none."""
        found = _bits(self.codes > 0)
        found[-1] = _bits(self.everybody)
        return found

    @property
    def everybody(self) -> Array:
        """A mask of those that there are."""
        return np.arange(self.wide) < len(self.rows)

    def speaking(self, masks: Array) -> Array:
        """Who speaks all languages of each of ``masks``, as bits."""
        unique, which = np.unique(masks, return_inverse=True)
        speaks = np.zeros(self.wide, dtype=np.uint64)
        speaks[: len(self.rows)] = self.speaks
        all_of = (speaks[None, :] & unique.astype(np.uint64)[:, None]) == unique.astype(np.uint64)[:, None]
        return _bits(all_of).take(which, axis=0)

    @cached_property
    def credit(self) -> dict[int, Array]:
        """What a broader skill alone is worth to each, by skill that has one."""
        found = {}
        for skill, above in enumerate(self.index.taxonomy.above):
            if above:
                best = np.zeros(self.wide, dtype=np.float32)
                for broader, steps in above.items():
                    np.maximum(best, ((self.codes[broader] & DIRECT) > 0) * np.float32(BROADER**steps), out=best)
                found[skill] = np.where(self.codes[skill] > 0, np.float32(0.0), best)
        return found


def _bits(mask: Array) -> Array:
    return np.packbits(mask, axis=-1, bitorder="little").view(np.uint64)


def pairs_of(crowd: Crowd, asked: Asked, some: slice, *, speak: bool) -> tuple[Array, Array]:
    """(place of the mission, place of the person) of those who hold every must-have; ``speak``: and every language."""
    must = asked.must[some]
    held = crowd.bits[-1][None, :].repeat(len(must), axis=0) if not must.shape[1] else crowd.bits.take(must[:, 0], 0)
    for k in range(1, must.shape[1]):
        held &= crowd.bits.take(must[:, k], 0)
    if speak:
        held &= crowd.speaking(asked.languages[some])
    flat = held.view(np.uint8).reshape(-1)
    filled = np.flatnonzero(flat)
    bit = np.flatnonzero(np.unpackbits(flat[filled], bitorder="little"))
    at = filled.take(bit >> 3) * 8 + (bit & 7)
    mission = at >> (crowd.wide.bit_length() - 1)
    mission *= some.step or 1
    mission += some.start or 0
    return mission, at & (crowd.wide - 1)


def _every_pair(crowd: Crowd, some: slice) -> tuple[Array, Array]:
    n = len(crowd.rows)
    place = np.arange(some.start, some.stop, some.step)
    return np.repeat(place, n), np.tile(np.arange(n), len(place))


def candidates_of(crowd: Crowd, asked: Asked, mission: Array, person: Array, today: int) -> Candidates:
    """Pairs as criteria read them, both sides of one length."""
    index = crowd.index
    rows, its = asked.rows.take(mission), crowd.rows.take(person)
    m, p = index.missions.side.columns(today, rows), index.people.side.columns(today, its)

    def far() -> Made:
        km = asked.kilometres(index.missions.stored("place").take(rows), index.people.stored("place").take(its))
        remote, unknown = m["remote"] == REMOTE, None
        for side in (m, p):
            missing = side.missing("latitude")
            if missing is not None:
                unknown = missing if unknown is None else unknown | missing
        km[remote if unknown is None else remote | unknown] = 0.0
        return km, None if unknown is None else unknown & ~remote

    speaks = crowd.speaks.take(person)
    return Candidates(m, p, Pairs(
        len(rows), asked.languages.take(mission).astype(speaks.dtype), speaks,
        lambda met: _fill(met, crowd, asked, mission, person), far, {},
    ))  # fmt: skip


def _fill(met: Met, crowd: Crowd, asked: Asked, mission: Array, person: Array) -> None:
    """The sums over the skills of each pair."""
    codes, wide = crowd.codes.reshape(-1), crowd.wide
    tables = np.concatenate([measures(level)[2] for level in range(LEVELS)])
    size = len(tables) // LEVELS
    sums = np.zeros(len(mission), dtype=np.int64)
    more = {must: np.zeros(len(mission), dtype=np.float32) for must in (True, False)} if crowd.credit else {}
    for k in range(asked.must.shape[1]):
        skill = asked.must[:, k].take(mission)
        sums += tables.take(asked.level[:, k].take(mission) * size + codes.take(skill * wide + person))
        _add_credit(more, crowd, skill, person, must=True)
    nice = np.zeros(len(mission), dtype=np.int16)
    for k in range(asked.nice.shape[1]):
        skill = asked.nice[:, k].take(mission)
        nice += codes.take(skill * wide + person) > 0
        _add_credit(more, crowd, skill, person, must=False)
    met.must_asked, met.nice_asked = asked.musts.take(mission), asked.nices.take(mission)
    met.must_held, met.gap, met.with_years, met.years = summed(sums)
    met.nice_held = nice
    met.must = met.must_held + more[True] if more else met.must_held
    met.nice = met.nice_held + more[False] if more else met.nice_held


def _add_credit(more: dict[bool, Array], crowd: Crowd, skill: Array, person: Array, *, must: bool) -> None:
    if not more:
        return
    for one, worth in crowd.credit.items():
        here = np.flatnonzero(skill == one)
        if len(here):
            more[must][here] += worth.take(person[here])


def _of_crowd(index: Index, crowd: Crowd, asked: Asked, criteria: Sequence[Criterion], today: int, most: int
              ) -> tuple[Array, Array, Array]:  # fmt: skip
    keeper = _Keeper(index, crowd, asked, most)
    hope: Hope | None = None

    def make(mission: Array, person: Array) -> Candidates:
        return candidates_of(crowd, asked, mission, person, today)

    for mission, person in _chunks(crowd, asked, criteria):
        if not len(mission):
            continue
        some = mission, person
        if keeper.sifted:
            hope = hope or Hope(criteria, make, len(crowd.rows))
            some = hope.left(mission, person, keeper.least)
        keeper.add(*some, *scored(criteria, make(*some)))
    return keeper.best()


def _chunks(crowd: Crowd, asked: Asked, criteria: Sequence[Criterion]) -> Iterator[tuple[Array, Array]]:
    bounds = bounds_of(criteria, None)
    all_musts, speak = bounds.low("must_met") >= ALL, bounds.low("language_met") >= ALL
    many = MISSIONS if all_musts else max(MISSIONS * 64 // max(len(crowd.rows), 1), 1)
    step = -(-len(asked.rows) // many)
    for first in range(step):  # each a sample of all, so that the first give everybody good ones
        some = slice(first, len(asked.rows), step)
        yield pairs_of(crowd, asked, some, speak=speak) if all_musts else _every_pair(crowd, some)


def scored(criteria: Sequence[Criterion], c: Candidates) -> tuple[Array, Array]:
    """(millionths, who passes every gate) of pairs, nobody where nothing ranks; raises ``GateBroken``."""
    n = len(c.p["remote"])
    given = Given(c, n)
    shut = shutting(criteria)
    answers = given.answers(shut, criteria) if criteria else []
    passes = given.all
    for one, answer in zip(shut, answers, strict=False):
        if isinstance(answer, MarketwrightError):
            raise GateBroken(one.it.name, one.plugin, str(answer)) from answer
        passes = passes & answer
    sound = [(max(float(o.it.weight), 0.0), a) for o, a in zip(criteria, answers[len(shut):], strict=False)
             if not isinstance(a, MarketwrightError)]  # fmt: skip
    whole = sum(weight for weight, _ in sound)
    if not whole:
        return np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    total = np.zeros(n)
    for weight, scores in sound:
        total += scores.astype(np.float64) * (weight / whole)
    return np.rint(total * FINE).astype(np.int64), passes


class _Keeper:
    """Keeps of pairs that come in pieces the best ``most`` of each person; ties as everywhere."""

    def __init__(self, index: Index, crowd: Crowd, asked: Asked, most: int) -> None:
        self._index, self._crowd, self._asked, self._most = index, crowd, asked, most
        self.least = np.full(crowd.wide, -1, dtype=np.int64)
        self._kept: list[tuple[Array, Array, Array]] = []
        self._waiting = 0
        self.sifted = False

    def add(self, mission: Array, person: Array, scores: Array, passes: Array) -> None:
        """More pairs."""
        here = np.flatnonzero(passes & (scores >= self.least.take(person)))
        self._kept.append((person.take(here), mission.take(here), scores.take(here)))
        self._waiting += len(here)
        if self._waiting > WAITING * self._most * len(self._crowd.rows):
            self._sift()

    def _sift(self) -> None:
        person, mission, scores = (np.concatenate([k[i] for k in self._kept]) for i in range(3))
        order = np.argsort((person << 20) + (FINE - scores))
        person, mission, scores = person[order], mission[order], scores[order]
        begins = np.searchsorted(person, np.arange(self._crowd.wide))
        place = np.arange(len(person)) - begins[person]
        last = np.flatnonzero(place == self._most - 1)
        self.least[person[last]] = scores[last]
        here = np.flatnonzero(scores >= self.least.take(person))
        self._kept = [(person[here], mission[here], scores[here])]
        self._waiting, self.sifted = 0, True

    def best(self) -> tuple[Array, Array, Array]:
        """(person, row, score) of all that are left, in order."""
        if not self._kept:
            none = np.zeros(0, dtype=np.int64)
            return none, none, none
        self._sift()
        person, mission, scores = self._kept[0]
        starts = seeds(self._index.people.side.ids.texts(self._crowd.rows))
        rows = self._asked.rows[mission]
        ties = tie_mixed(starts[person], self._index.missions.side.ids.at(rows))
        order = np.lexsort((ties, -scores, person))
        person, rows, scores = person[order], rows[order], scores[order]
        place = np.arange(len(person)) - np.searchsorted(person, person)
        here = place < self._most
        return person[here], rows[here].astype(np.int64), scores[here]


__all__ = ["Best", "best_missions"]
