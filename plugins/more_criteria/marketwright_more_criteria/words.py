"""What the brief says against what headline and bio say: in words, and in meaning where an embedder reads it."""

from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, MatchingCriterion, Reason


class Text(MatchingCriterion):
    """The words of the brief that stand in headline and bio, up to a share from which more brings nothing."""

    name = "text"
    label = N_("Words")
    about = N_("The words of the brief that stand in headline and text of the {profile}, rare ones for more. Accents "
               "and plurals do not matter; names and the skills asked for do not count here.")
    weight = 0.05
    unknown = 0.5
    reads = ("text_met",)

    def score(self, c: Candidates) -> Any:
        """The share met over the share that is enough."""
        return np.minimum(c.pair["text_met"] / self.settings["full_share"], 1.0).astype(np.float32)

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """The share in percent."""
        share = c.pair.at("text_met", i)
        if share is None:
            return Reason(N_("The brief says nothing beyond its skills"))
        advice = N_("What the brief speaks of, in the headline or the text of the {profile}, where it is true.")
        if share < 0.005:
            return Reason(N_("Headline and text say nothing of what the brief speaks of"), tone="near", advice=advice)
        look = "good" if score >= 0.5 else "near"
        text = N_("%(share)s%% of what the brief speaks of stands in headline or text")
        return Reason(text, {"share": round(share * 100)}, look, "" if score >= 1.0 else advice)


class Semantic(MatchingCriterion):
    """How near brief and profile are to each other for the embedder; core leaves it out where there is none."""

    name = "semantic"
    label = N_("Meaning")
    about = N_("How near the text of the brief and that of the {profile} are in meaning, by a model that the "
               "marketplace runs.")
    weight = 0.05
    unknown = 0.5
    reads = ("semantic_met",)

    def score(self, c: Candidates) -> Any:
        """The nearness."""
        return c.pair["semantic_met"]

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """In three steps: a model's number says no more."""
        if c.pair.at("semantic_met", i) is None:
            return Reason(N_("Not compared in meaning yet"), tone="near")
        if score >= 0.75:
            return Reason(N_("Speaks of the same as the brief"))
        if score >= 0.5:
            return Reason(N_("Speaks of something close to the brief"), tone="near")
        return Reason(N_("Speaks of other things than the brief"), tone="near")
