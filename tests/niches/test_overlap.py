"""Niches that differ to the bone: what two golden deals share, kind by kind, is at most a third of the smaller.

``pytest tests/niches -s`` prints the table.
"""

from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import pytest

from marketwright.testing.used import SHARED_AT_MOST, Used

ROOT = Path(__file__).parents[2]
GOLDEN = {path.parents[1].name: Used.read(path) for path in sorted(ROOT.glob("plugins/*/tests/golden.json"))}


def line(one, other):
    """The overlap of two niches as a line to be read: how many of each kind they share, and how much that is."""
    shared = GOLDEN[one].shared_with(GOLDEN[other])
    cells = [f"{kind} {len(both)} ({share:.0%})" for kind, (both, share) in shared.items()]
    return f"{one} / {other}: {', '.join(cells)}"


@pytest.mark.parametrize(("one", "other"), list(combinations(GOLDEN, 2)))
def test_two_golden_deals_share_at_most_a_third_of_each_kind(one, other):
    print(f"\n{line(one, other)}")  # noqa: T201  the table is what people come for
    shared = GOLDEN[one].shared_with(GOLDEN[other])
    assert {kind: both for kind, (both, share) in shared.items() if share > SHARED_AT_MOST} == {}


@pytest.mark.parametrize("niche", GOLDEN)
def test_a_golden_deal_uses_something_of_each_kind(niche):
    assert all(asdict(GOLDEN[niche]).values())
