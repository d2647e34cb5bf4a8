"""Skills: how much of what is asked for somebody has, and how well."""

from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, Columns, Reason
from marketwright_core_matching.base import Criterion, tone

NICE, LEVEL = 0.2, 0.1


class Skills(Criterion):
    """70 % for must-have skills, 20 % for nice-to-have ones, 10 % for the levels; a gate on the must-haves."""

    name = "skills"
    label = N_("Skills")
    about = N_("The skills asked for against the skills held: must-haves first, then nice-to-haves, then levels.")
    weight = 0.35
    reads = ("must_met",)

    def gate(self, c: Candidates) -> Any:
        """Let through who covers enough of the must-have skills."""
        return c.pair["must_met"] >= self.settings["must_coverage"] - 1e-6

    def bounds(self, m: Columns | None) -> Any:
        """The same share."""
        return {"must_met": (self.settings["must_coverage"] - 1e-6, None)}

    def score(self, c: Candidates) -> Any:
        """The weighted mean of what was asked for; what was not asked for takes no share."""
        must, nice, level = self._shares(c)
        met = must * c.pair["must_met"] + nice * c.pair["nice_met"] + level * (1.0 - c.pair["level_gap"] / 3.0)
        total = must + nice + level
        return np.where(total > 0, met / np.where(total > 0, total, 1.0), 1.0).astype(np.float32)

    def _shares(self, c: Candidates) -> tuple[Any, Any, Any]:
        asked, held = c.pair["must_asked"] > 0, c.pair["must_held"] > 0
        must = np.where(asked, 1.0 - NICE - LEVEL, 0.0)
        nice = np.where(c.pair["nice_asked"] > 0, NICE, 0.0)
        return must, nice, np.where(held, LEVEL, 0.0)

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """How many of how many, and what would bring the rest."""
        must, must_asked = int(c.pair["must_held"][i]), int(c.pair["must_asked"][i])
        nice, nice_asked = int(c.pair["nice_held"][i]), int(c.pair["nice_asked"][i])
        params = {"must": must, "must_asked": must_asked, "nice": nice, "nice_asked": nice_asked}
        if must_asked and nice_asked:
            text = N_("%(must)s of %(must_asked)s must-haves, %(nice)s of %(nice_asked)s nice-to-haves")
        elif must_asked:
            text = N_("%(must)s of %(must_asked)s must-haves")
        elif nice_asked:
            text = N_("%(nice)s of %(nice_asked)s nice-to-haves")
        else:
            return Reason(N_("No particular skill is asked for"))
        return Reason(text, params, tone(score), self._advice(c, i))

    def _advice(self, c: Candidates, i: int) -> str:
        if c.pair["must_held"][i] < c.pair["must_asked"][i]:
            return N_("Every must-have skill, held itself and not only in a broader form.")
        if c.pair["level_gap"][i] > 0:
            return N_("The level asked for, in each must-have skill.")
        if c.pair["nice_held"][i] < c.pair["nice_asked"][i]:
            return N_("Each nice-to-have skill adds points.")
        return ""
