"""Criteria that behave, and criteria that do not."""

from collections.abc import Callable
from typing import Any

import numpy as np

from marketwright.hooks.manager import Entry
from marketwright.strategies.matching import Candidates, Columns, MatchingCriterion, Reason


def criterion(score: Callable[[Candidates], Any], name: str = "plain", *, weight: float = 1.0,
              gate: Callable[[Candidates], Any] | None = None, reads: tuple[str, ...] = (), unknown: float = 0.5
              ) -> Entry[MatchingCriterion]:  # fmt: skip
    """A criterion of the plugin ``strange``."""

    class Made(MatchingCriterion):
        label = name.title()

        def gate(self, c: Candidates) -> Any:
            return gate(c) if gate else None

        def score(self, c: Candidates) -> Any:
            return score(c)

        def reason(self, c: Candidates, i: int, score: float) -> Reason:
            return Reason("Because of %(n)s", {"n": i}, advice="More of it.")

    Made.name, Made.weight, Made.reads, Made.unknown = name, weight, reads, unknown
    return Entry("strange", Made({}, None))


def candidates(n: int, known: dict[str, Any] | None = None, **columns: Any) -> Candidates:
    """``n`` people with the given columns, for one mission."""
    values = {k: np.asarray(v, dtype=np.float32) for k, v in columns.items()}
    values.setdefault("x", np.linspace(0, 1, n, dtype=np.float32) if n else np.zeros(0, dtype=np.float32))
    masks = {k: np.asarray(v, dtype=bool) for k, v in (known or {}).items()}
    pair = Columns({"must_met": np.ones(n, dtype=np.float32)})
    return Candidates(Columns({"today": np.array([0])}), Columns(values, masks), pair)


def ids(n: int) -> list[str]:
    """Ids of ``n`` people."""
    return [f"person-{i:03d}" for i in range(n)]
