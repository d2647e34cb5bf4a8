"""Where the work is done, and in which languages."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, Columns, Reason
from marketwright_core_matching.base import KEPT, Criterion, falling, filled, number, whole

ON_SITE, HYBRID, REMOTE = 0, 1, 2
REMOTE_ALONE = np.array(REMOTE, dtype=np.int8)  # to compare a column with
PARTLY = 0.3  # remote only, while part of the work is on site
SAME_COUNTRY, ELSEWHERE = 0.6, 0.2  # where one of the two towns is not known

WITHIN, ABOUT, BETTER_REMOTE = N_("Within %(near)s km"), N_("About %(km)s km away"), N_("Remote work would fit.")
ALL_REMOTE = Reason(N_("The {mission} is remote"))
NEVER_THERE = Reason(N_("Works remotely only; the work is on site"), tone="miss", advice=BETTER_REMOTE)
SOMETIMES_THERE = Reason(N_("Works remotely; part of the work is on site"), tone="near", advice=BETTER_REMOTE)
SOMEWHERE_IN_COUNTRY = Reason(N_("Same country; how far is not known"), tone="near")
SOMEWHERE = Reason(N_("How far is not known"), tone="near")

EVERY_LANGUAGE = N_("Every language asked for, at working level or better.")
ANY_LANGUAGE, ALL_LANGUAGES = Reason(N_("No particular language is asked for")), Reason(N_("Speaks what is asked for"))
SOME_LANGUAGES = Reason(N_("Speaks some of the languages asked for"), tone="miss", advice=EVERY_LANGUAGE)
NO_LANGUAGE = Reason(N_("Does not speak the language asked for"), tone="miss", advice=EVERY_LANGUAGE)


class Place(Criterion):
    """Great circle distance, unless the mission is remote; a gate for work on site and people who are never there."""

    name = "place"
    label = N_("Place")
    about = N_("The distance between the two towns. It counts for nothing where the {mission} is remote.")
    weight = 0.1
    bounded = True
    says = (("m", "remote"), ("p", "remote"), ("pair", "distance"), ("m", "country"), ("p", "country"))

    def gate(self, c: Candidates) -> Any:
        """Keep apart work on site and who works remotely only."""
        return ~((c.m["remote"] == ON_SITE) & (c.p["remote"] == REMOTE))

    def bounds(self, m: Columns | None) -> Any:
        """For work on site, nobody who works remotely only."""
        return {"remote": (None, HYBRID)} if m is not None and m.at("remote", 0) == ON_SITE else {}

    def score(self, c: Candidates) -> Any:
        """By distance; by country where the distance is unknown."""
        wanted = c.m.same("remote")
        if wanted == REMOTE:
            return np.ones(c.p["remote"].shape, dtype=np.float32)
        found = falling(c.pair["distance"], self.settings["near_km"], self.settings["far_km"])
        unknown = c.pair.missing("distance")
        if unknown is not None:
            same = (c.m["country"] == c.p["country"]) & c.m.known("country") & c.p.known("country")
            found = np.where(unknown, np.where(same, SAME_COUNTRY, ELSEWHERE), found)
        partly = c.p["remote"] == REMOTE_ALONE
        if np.count_nonzero(partly):
            found = filled(found, partly, np.minimum(found, number(PARTLY)))
        return found if wanted is not None else np.where(c.m["remote"] == REMOTE, 1.0, found)

    def asks(self, c: Candidates) -> tuple[tuple[str, str], ...]:
        """The countries only where a distance is not known."""
        return self.says[:3] if c.pair.missing("distance") is None else self.says

    def reasons(self, c: Candidates, scores: Sequence[float]) -> list[Reason]:
        """One for all where the work is remote."""
        return [ALL_REMOTE] * len(scores) if c.m.same("remote") == REMOTE else super().reasons(c, scores)

    def say(self, tone: str, wanted: float | None, works: float | None, km: float | None, there: float | None = None,
            here: float | None = None) -> Reason:  # fmt: skip
        """How far, or why it does not matter."""
        if wanted == REMOTE:
            return ALL_REMOTE
        if works == REMOTE:
            return NEVER_THERE if wanted == ON_SITE else SOMETIMES_THERE
        if km is None:
            return SOMEWHERE_IN_COUNTRY if there is not None and there == here else SOMEWHERE
        if km <= self.settings["near_km"]:
            return _within(self.settings["near_km"])
        return _about(round(km / 10) * 10, tone)


@lru_cache(KEPT)
def _within(near: float) -> Reason:
    return Reason(WITHIN, {"near": whole(near)})


@lru_cache(KEPT)
def _about(km: int, tone: str) -> Reason:
    return Reason(ABOUT, {"km": km}, tone, BETTER_REMOTE)


class Language(Criterion):
    """The share of the languages asked for that are spoken; a gate on all of them."""

    name = "language"
    label = N_("Languages")
    about = N_("The languages in which the work is done against those spoken at work.")
    weight = 0.05
    unknown = 1.0
    reads = ("language_met",)
    says = (("pair", "language_met"),)
    bounded = True

    def gate(self, c: Candidates) -> Any:
        """Let through who speaks all of them."""
        return c.pair["language_met"] >= 1.0 - 1e-6

    def bounds(self, m: Columns | None) -> Any:
        """All of them."""
        return {"language_met": (1.0 - 1e-6, None)}

    def score(self, c: Candidates) -> Any:
        """The share."""
        return c.pair["language_met"]

    @staticmethod
    @lru_cache(KEPT)
    def say(_tone: str, met: float | None) -> Reason:
        """All, some or none."""
        if met is None:
            return ANY_LANGUAGE
        if met >= 1.0 - 1e-6:
            return ALL_LANGUAGES
        return SOME_LANGUAGES if met > 0 else NO_LANGUAGE
