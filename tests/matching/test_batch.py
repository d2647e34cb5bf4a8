"""Many freelancers against many missions at once: the same as each of them alone."""

from dataclasses import replace

import numpy as np
import pytest

from marketwright.cli.bench_base import TODAY, make_base
from marketwright.cli.bench_matching import _criteria
from marketwright.features.matching import batch
from marketwright.features.matching.batch import best_missions
from marketwright.features.matching.columns import Person, SkillRows
from marketwright.features.matching.index import index_of
from marketwright.features.matching.lists import DIRECT, LEVEL, YEARS
from marketwright.features.matching.pairs import missions_for
from marketwright.features.matching.parts import entries
from marketwright.features.matching.ranking import rank

MOST = 7
ABOVE = {3: {0: 1}, 4: {1: 1, 5: 2}}  # what is broader than a skill, with the steps up


@pytest.fixture(scope="module")
def index():
    base = make_base(150, 400, 5)
    above = tuple(ABOVE.get(k, {}) for k in range(len(base.taxonomy.ids)))
    taxonomy, a = replace(base.taxonomy, above=above), base.people.arrays
    held = [{} for _ in range(base.people.size)]
    for row, skill, code in zip(*(a[f"entry.{n}"].tolist() for n in ("row", "skill", "payload")), strict=True):
        held[row][skill] = ((code & LEVEL) - 1, (code >> YEARS) - 1)
    a.update(entries(taxonomy, held))
    return index_of(taxonomy, *base.merged())


@pytest.fixture(scope="module")
def people(index):
    return np.arange(index.people.size, dtype=np.uint32)


def alone(index, row, among):
    lists, side = index.people.side.lists, index.people.side
    codes = [int(lists.at(k, np.array([row], dtype=np.uint32))[0]) for k in range(len(index.taxonomy.ids))]
    held = [(k, (c & LEVEL) - 1, (c >> YEARS) - 1, False) for k, c in enumerate(codes) if c & DIRECT]
    person = Person(side.ids[row], side.columns(TODAY, np.array([row])), SkillRows.made(held),
                    int(side.languages[row]))  # fmt: skip
    rows = np.flatnonzero(among).astype(np.uint32)
    candidates = missions_for(index.missions.side, person, index.taxonomy, rows, TODAY)
    ranking = rank(_criteria(), candidates, index.missions.side.ids.of(rows), person.id, rows=rows)
    best = ranking.best(MOST)
    return rows[best].tolist(), ranking.scores[best].tolist()


@pytest.mark.parametrize("pieces", [{}, {"MISSIONS": 24, "WAITING": 0.1}], ids=["at once", "in pieces"])
def test_everybody_gets_the_missions_that_they_get_alone(index, people, monkeypatch, pieces):
    for name, value in pieces.items():
        monkeypatch.setattr(batch, name, value)
    among = np.arange(index.missions.size) % 3 > 0
    found = best_missions(index, people, _criteria(), among, TODAY, MOST)
    assert len(found.row) > 300
    for row in range(0, index.people.size, 3):
        rows, scores = alone(index, row, among)
        assert found.of(row) == rows
        assert np.abs(found.scores[found.person == row] - scores).max(initial=0) <= 1


def test_nobody_and_no_mission_find_nothing(index, people):
    none = np.zeros(index.missions.size, dtype=bool)
    assert len(best_missions(index, people[:0], _criteria(), ~none, TODAY, MOST).row) == 0
    assert len(best_missions(index, people, _criteria(), none, TODAY, MOST).row) == 0


def test_a_gate_that_lets_part_of_the_must_haves_through_is_asked_of_everybody(index, people):
    criteria = _criteria()
    criteria[0].it.settings = {**criteria[0].it.settings, "must_coverage": 0.5}
    among = np.arange(index.missions.size) < 40
    found = best_missions(index, people[:20], criteria, among, TODAY, MOST)
    whole = best_missions(index, people[:20], _criteria(), among, TODAY, MOST)
    assert len(found.row) > len(whole.row)
