"""Rows added to a segment stand in its columns and touch nothing else, whatever is as long as a column."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketwright.features.matching.columns import Taxonomy, day_number, wanted_of
from marketwright.features.matching.index import make_index, renewed, renewed_missions
from marketwright.features.matching.merging import is_column
from marketwright.features.matching.parts import missions_part, people_part
from marketwright.features.matching.texts import missions_words, people_words

from .factories import mission, person

TODAY = day_number(date(2026, 5, 4))
NAMES = ("a", "b", "c", "d")
FLAT = Taxonomy(
    {n: k for k, n in enumerate(NAMES)}, NAMES, {"en": NAMES}, ({},) * 4, tuple(frozenset((n,)) for n in NAMES)
)  # fmt: skip


def as_long(listing):
    """The arrays that are no columns and yet as long as one."""
    arrays, room = listing.base.arrays, len(listing.all_shown)
    return {name for name, array in arrays.items() if len(array) == room and not is_column(name)}


def asked(index):
    side = index.missions.side
    return {one: [(NAMES[s], bool(m)) for s, m in zip(rows.skill.tolist(), rows.must.tolist(), strict=True)]
            for row, one in enumerate(side.ids) for rows in (wanted_of(side, row, TODAY).skills,)}  # fmt: skip


def test_a_new_mission_changes_nothing_of_what_another_asks_for():
    some = [mission(f"m{k:03d}", [("a", True, None), ("b", True, None), ("c", True, None)]) for k in range(256)]
    index = make_index(FLAT, [], some, "EUR")
    assert {"asked.skill", "asked.level", "asked.must"} <= as_long(index.missions)
    before, new = asked(index), [mission("n", [("d", False, None)])]
    part = missions_part(FLAT, new, missions_words(FLAT, new), "EUR")
    after = asked(replace(index, missions=renewed_missions(index.missions, {"n"}, part)))
    assert after.pop("n") == [("d", False)]
    assert after == before


@pytest.mark.parametrize("array", ["text.starts", "text.rows", "text.weights"])
def test_a_changed_profile_leaves_the_full_text_of_the_others_alone(array):
    def market(words):
        who = [person(f"p{k}") for k in range(10)]
        who[0] = person("p0", bio=" ".join(f"w{k}x" for k in range(words)))
        return make_index(FLAT, who, [], "EUR")

    few = market(0).people
    words = len(few.all_shown) - len(few.base.arrays[array])
    index = market(words)
    assert array in as_long(index.people)
    before = {name: kept.copy() for name, kept in index.people.base.arrays.items() if not is_column(name)}
    new = [person("p3", headline="Something new")]
    people = renewed(index.people, {"p3"}, people_part(FLAT, new, people_words(FLAT, new), "EUR"))
    assert all(np.array_equal(kept, people.base.arrays[name]) for name, kept in before.items())
    assert people.words.find("something").nonzero()[0].tolist() == [10]
