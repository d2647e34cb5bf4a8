"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from marshmallow import Schema, fields, validate

from marketwright.plugin import N_, Candidates, Desk, Manifest, MatchingCriterion, Reason, hookimpl


class {{ cookiecutter.__class }}Settings(Schema):
    """``[plugin.{{ cookiecutter.plugin_name }}]``."""

    weight = fields.Float(
        load_default=0.1, validate=validate.Range(0, 10),
        metadata={"description": "The criterion's weight; core divides it by what all criteria weigh."},
    )


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings={{ cookiecutter.__class }}Settings,
    core=">=0.1,<0.2",
)


class {{ cookiecutter.__class }}(MatchingCriterion):
    """Full score from the days a week asked for on, less in proportion."""

    name = "{{ cookiecutter.plugin_name }}"
    label = N_("Days a week")
    about = N_("The days a week somebody is free against those asked for.")
    reads = ("days_a_week",)  # where one of them was not given, core puts `unknown` instead of the score

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        self.weight = settings["weight"]

    def score(self, c: Candidates) -> Any:
        """Whole columns at once: the same line ranks people for a mission and missions for a person."""
        return np.minimum(c.p["days_a_week"] / np.maximum(c.m["days_a_week"], 1.0), 1.0).astype(np.float32)

    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """Both numbers of days, for one candidate."""
        free, asked = c.p.at("days_a_week", i), c.m.at("days_a_week", i)
        if free is None or asked is None:
            return Reason(N_("Days a week not given"), tone="near")
        params = {"free": round(free, 1), "asked": round(asked, 1)}
        if free >= asked:
            return Reason(N_("Free %(free)s days a week"), params)
        text = N_("Free %(free)s of %(asked)s days a week")
        return Reason(text, params, "miss", N_("Full points for %(asked)s days a week."))


@hookimpl
def register_matching_criteria(settings: Mapping[str, Any]) -> list[type[MatchingCriterion]]:
    """The criterion."""
    return [{{ cookiecutter.__class }}]
