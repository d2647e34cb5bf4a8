"""What is known of a person's past work: years, reviews, and what was compared with a source."""

from functools import lru_cache
from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, Reason
from marketwright_core_matching.base import KEPT, MORE, Criterion, filled, number, whole

HALF = number(0.5)
PRIOR, PRIOR_REVIEWS = 4.0, 3.0  # a newcomer counts as three reviews of 4

IN_TRADE = N_("Years in the trade: %(years)s")
IN_SKILLS = N_("Years in the trade: %(years)s; in these skills: %(skilled)s")
NO_YEARS = Reason(N_("Years not given"), tone="near", advice=N_("The years of experience on the {profile}."))
REVIEWED = N_("%(rating)s of 5, reviews: %(reviews)s")
NO_REVIEW = Reason(N_("No review yet"), tone="near", advice=N_("A first review, after a first {mission} here."))
COMPARED = N_("Compared with a source: %(share)s%% of the claims")
DECLARED = Reason(N_("Declared; nothing compared with a source yet"), tone="near",
                  advice=N_("A claim compared with its source."))  # fmt: skip


class Experience(Criterion):
    """Years in the trade, and years in the must-have skills where they are given: half each."""

    name = "experience"
    label = N_("Experience")
    about = N_("Years in the trade and years in the skills asked for, up to a limit beyond which more brings nothing.")
    weight = 0.08
    reads = ("years",)
    says = (("p", "years"), ("pair", "must_years"))

    def score(self, c: Candidates) -> Any:
        """Years over the years that bring full points."""
        year = number(0.5 * MORE / self.settings["full_years"])
        trade = np.minimum(c.p["years"] * year, HALF)
        both = trade + np.minimum(c.pair["must_years"] * year, HALF)
        unknown = c.pair.missing("must_years")
        return both if unknown is None else filled(both, unknown, trade + trade)

    @staticmethod
    @lru_cache(KEPT)
    def say(tone: str, years: float | None, skilled: float | None) -> Reason:
        """Both numbers of years."""
        if years is None:
            return NO_YEARS
        params = {"years": whole(years), "skilled": whole(skilled or 0)}
        return Reason(IN_TRADE if skilled is None else IN_SKILLS, params, tone)


class Rating(Criterion):
    """The mean of reviews, drawn towards 4 of 5 while there are few."""

    name = "rating"
    label = N_("Reviews")
    about = N_("The mean of the reviews. A newcomer counts as somebody with three reviews of 4 out of 5.")
    weight = 0.07
    alone = True
    says = (("p", "rating"), ("p", "reviews"))
    grace = 0.1

    def score(self, c: Candidates) -> Any:
        """1 star is 0, 5 stars are 1."""
        number = c.p["reviews"].astype(np.float32)
        mean = (c.p["rating"] * number + PRIOR * PRIOR_REVIEWS) / (number + PRIOR_REVIEWS)
        return np.minimum(np.maximum((mean - 1.0) * 0.25, 0.0), 1.0)

    @staticmethod
    @lru_cache(KEPT)
    def say(tone: str, rating: float | None, reviews: float | None) -> Reason:
        """The mean over how many."""
        number = int(reviews or 0)
        if not number:
            return NO_REVIEW
        return Reason(REVIEWED, {"rating": round(rating or 0.0, 1), "reviews": number}, tone)


class Proof(Criterion):
    """The share of the claims on the profile that somebody compared with a source."""

    name = "proof"
    label = N_("Proof")
    about = N_("The share of what {profile.a} claims that somebody compared with its source.")
    weight = 0.05
    unknown = 0.0
    reads = ("proved",)
    alone = True
    says = (("p", "proved"),)

    def score(self, c: Candidates) -> Any:
        """The share."""
        return c.p["proved"]

    @staticmethod
    @lru_cache(KEPT)
    def say(_tone: str, share: float | None) -> Reason:
        """The share in percent."""
        if not share:
            return DECLARED
        return Reason(COMPARED, {"share": round(share * 100)}, "good" if share >= 0.5 else "near")
