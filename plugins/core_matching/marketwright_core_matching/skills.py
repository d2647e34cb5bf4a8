"""Skills: how much of what is asked for somebody has, and how well."""

from functools import lru_cache
from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, Columns, Reason
from marketwright_core_matching.base import KEPT, Criterion, number

NICE, LEVEL = 0.2, 0.1

BOTH = N_("%(must)s of %(must_asked)s must-haves, %(nice)s of %(nice_asked)s nice-to-haves")
MUSTS, NICES = N_("%(must)s of %(must_asked)s must-haves"), N_("%(nice)s of %(nice_asked)s nice-to-haves")
MORE_MUSTS = N_("Every must-have skill, held itself and not only in a broader form.")
MORE_LEVEL = N_("The level asked for, in each must-have skill.")
MORE_NICES = N_("Each nice-to-have skill adds points.")
ANY_SKILL = Reason(N_("No particular skill is asked for"))


class Skills(Criterion):
    """70 % for must-have skills, 20 % for nice-to-have ones, 10 % for the levels; a gate on the must-haves."""

    name = "skills"
    label = N_("Skills")
    about = N_("The skills asked for against the skills held: must-haves first, then nice-to-haves, then levels.")
    weight = 0.35
    reads = ("must_met",)
    says = tuple(("pair", name) for name in ("must_held", "must_asked", "nice_held", "nice_asked", "level_gap"))
    bounded = True

    def gate(self, c: Candidates) -> Any:
        """Let through who covers enough of the must-have skills."""
        return c.pair["must_met"] >= self.settings["must_coverage"] - 1e-6

    def bounds(self, m: Columns | None) -> Any:
        """The same share."""
        return {"must_met": (self.settings["must_coverage"] - 1e-6, None)}

    def score(self, c: Candidates) -> Any:
        """The weighted mean of what was asked for; what was not asked for takes no share."""
        same = c.pair.same
        asked, nices, held = same("must_asked"), same("nice_asked"), same("must_held")
        if asked and asked == held and nices is not None:  # who is ranked holds all must-haves
            nice = NICE if nices else 0.0
            found = c.pair["level_gap"] * number(-LEVEL / 3.0 / (1.0 - NICE + nice))
            found += number((1.0 - NICE) / (1.0 - NICE + nice))
            if nice:
                found += c.pair["nice_met"] * number(nice / (1.0 - NICE + nice))
            return found
        must, nice, level = self._shares(c)
        met = must * c.pair["must_met"] + nice * c.pair["nice_met"] + level * (1.0 - c.pair["level_gap"] / 3.0)
        total = must + nice + level
        if not total.all():  # nothing was asked for
            met, total = np.where(total > 0, met, 1.0), np.where(total > 0, total, 1.0)
        return (met / total).astype(np.float32)

    def _shares(self, c: Candidates) -> tuple[Any, Any, Any]:
        must = (c.pair["must_asked"] > 0) * (1.0 - NICE - LEVEL)
        nice = (c.pair["nice_asked"] > 0) * NICE
        return must, nice, (c.pair["must_held"] > 0) * LEVEL

    @staticmethod
    @lru_cache(KEPT)
    def say(tone: str, *counts: float | None) -> Reason:
        """How many of how many, and what would bring the rest."""
        must, must_asked, nice, nice_asked = [int(number or 0) for number in counts[:4]]
        params = {"must": must, "must_asked": must_asked, "nice": nice, "nice_asked": nice_asked}
        if not must_asked and not nice_asked:
            return ANY_SKILL
        if must < must_asked:
            advice = MORE_MUSTS
        elif counts[4]:
            advice = MORE_LEVEL
        else:
            advice = MORE_NICES if nice < nice_asked else ""
        text = BOTH if must_asked and nice_asked else MUSTS if must_asked else NICES
        return Reason(text, params, tone, advice)
