"""Whom a demo visitor may act as: everybody in one deal, and no kind of deal left out that could have been shown."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.demo.personas import each_in_one

PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), max_size=4)


def disjoint(pairs):
    people = [one for pair in pairs for one in pair]
    return len(people) == len(set(people))


def most(pairs):
    """How many kinds of deal can be shown at once, found by trying everything."""
    options = [[None, *some] for some in pairs.values()]
    return max(len(some) for one in product(*options) if disjoint(some := [p for p in one if p]))


@given(st.dictionaries(st.sampled_from("1234"), PAIRS, max_size=4))
def test_nobody_is_in_two_deals(pairs):
    found = each_in_one(pairs)
    assert disjoint(found.values())
    assert all(found[target] in pairs[target] for target in found)


@given(st.dictionaries(st.sampled_from("1234"), st.lists(st.sampled_from("abcd"), max_size=3), max_size=4))
def test_as_many_kinds_as_possible_are_shown_where_only_clients_are_scarce(clients):
    pairs = {t: [(c, f"{t}{c}") for c in some] for t, some in clients.items()}
    assert len(each_in_one(pairs)) == most(pairs)


def test_one_gives_way_to_another_where_it_has_a_pair_to_spare():
    assert each_in_one({"1": [("a", "w"), ("b", "x")], "2": [("a", "y")]}) == {"1": ("b", "x"), "2": ("a", "y")}
