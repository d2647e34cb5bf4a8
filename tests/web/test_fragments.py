"""The store of kept cards: every part of the key tells two cards apart, and it stays within its bound."""

from datetime import date

import pytest

from marketwright.web.fragments import Fragments, Key

KEY = Key("freelancer", "a", (1, "Ada"), "en", "core 1", ("one",), "anonymous", date(2026, 5, 4))
OTHERS = {
    "kind": "mission", "id": "b", "version": (2, "Ada"), "locale": "fr", "dress": "core 2", "plugins": ("one", "two"),
    "audience": "member", "day": date(2026, 5, 5), "marked": frozenset({"web"}), "place": "front",
}  # fmt: skip


@pytest.fixture
def kept():
    store = Fragments(lambda: "core 1", most=3)
    store.keep(KEY, "Ada")
    return store


def test_what_was_kept_is_found_under_an_equal_key(kept):
    assert kept.get(Key(*KEY)) == "Ada"


@pytest.mark.parametrize("part", Key._fields)
def test_another_part_of_the_key_is_another_card(kept, part):
    assert kept.get(KEY._replace(**{part: OTHERS[part]})) is None


def test_what_was_not_asked_for_longest_goes_first(kept):
    others = [KEY._replace(id=name) for name in "bcd"]
    for key in others[:2]:
        kept.keep(key, key.id)
    kept.get(KEY)
    kept.keep(others[2], "d")
    assert len(kept) == 3
    assert kept.get(others[0]) is None
    assert kept.get(KEY) == "Ada"
