"""How people answer clients who write first."""

from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, MatchingCriterion, Reason

NEUTRAL, PRIOR = 0.7, 3.0  # nobody wrote yet: as somebody with three answers that count 0.7 each


class Responsiveness(MatchingCriterion):
    """The share of first messages that had an answer, half of it for how soon; drawn towards 0.7 while there are few.

    Never 0 and never 1: who was asked once and forgot stands at 0.53, not at the end.
    """

    name = "responsiveness"
    label = N_("Answers")
    about = N_("Whether and how soon somebody answers {client.other} who write first, over a year; a no is an answer. "
               "A newcomer stands in the middle.")
    weight = 0.05

    def score(self, c: Candidates) -> Any:
        """The share answered, less for slow answers."""
        asked, answered = c.p["asked"].astype(np.float32), c.p["answered"].astype(np.float32)
        quick, slow = self.settings["quick_hours"], self.settings["slow_hours"]
        pace = 1.0 - 0.5 * np.clip((c.p["answer_hours"] - quick) / (slow - quick), 0.0, 1.0)
        pace = np.where(c.p.known("answer_hours"), pace, 1.0)
        return ((answered * pace + NEUTRAL * PRIOR) / (asked + PRIOR)).astype(np.float32)

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """How many of how many, and how soon."""
        asked, answered = int(c.p.at("asked", i) or 0), int(c.p.at("answered", i) or 0)
        if not asked:
            return Reason(N_("Nobody has written first yet: counts as neutral"), tone="near")
        params = {"asked": asked, "answered": answered, "hours": round(c.p.at("answer_hours", i) or 0)}
        look = "good" if score >= NEUTRAL else "near" if answered else "miss"
        advice = "" if score >= 0.9 else N_("An answer to every first message, within a day: a no counts as one.")
        if not answered:
            return Reason(N_("First messages answered: 0 of %(asked)s"), params, look, advice)
        text = N_("First messages answered: %(answered)s of %(asked)s, half of them within %(hours)s h")
        return Reason(text, params, look, advice)
