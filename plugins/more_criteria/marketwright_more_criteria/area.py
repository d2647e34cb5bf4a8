"""The area from which a mission may be done: a gate, no score."""

from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, MatchingCriterion, Reason


class Area(MatchingCriterion):
    """Lets through who lives near enough, or works remotely from where the mission allows; weighs nothing."""

    name = "area"
    label = N_("Area")
    about = N_("Who lives within so many kilometres of the town, or works remotely from where the {mission} allows: "
               "only where it asks for that, and without points.")
    weight = 0.0
    unknown = 1.0
    reads = ("reach_met",)

    def gate(self, c: Candidates) -> Any:
        """Keep out who is beyond it."""
        return c.pair["reach_met"] > 0.5

    def score(self, c: Candidates) -> Any:
        """As the gate."""
        return np.asarray(c.pair["reach_met"], dtype=np.float32)

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """Within it, or how far beyond."""
        if c.pair.at("reach_met", i) is None:
            return Reason(N_("Open to any place"))
        if score > 0.5:
            return Reason(N_("Within the area that the {mission} allows"))
        km = c.pair.at("distance", i)
        advice = N_("Living nearer, or remote work from where the {mission} allows it.")
        if not km:
            return Reason(N_("Outside the area that the {mission} allows"), {}, "miss", advice)
        text = N_("Outside the area that the {mission} allows, about %(km)s km away")
        return Reason(text, {"km": round(km / 10) * 10}, "miss", advice)
