"""Paid visibility: whoever has it may be drawn into a labelled place beside a ranking, never into it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from marshmallow import Schema, fields, validate

from marketwright.plugin import N_, Candidates, Desk, Manifest, Placement, hookimpl


class PromotedSettings(Schema):
    """``[plugin.promoted]``."""

    positions = fields.Int(
        load_default=1,
        strict=True,
        validate=validate.Range(1, 5),
        metadata={"label": "Positions", "description": "How many paid places stand beside a list of matches, at most."},
    )
    entitlement = fields.Str(
        load_default="visibility",
        validate=validate.Length(1, 40),
        metadata={"label": "Entitlement", "description": "What a plan or a service must grant for it, as visibility."},
    )


manifest = Manifest(
    name="promoted",
    summary="People who paid for it may be drawn into a labelled place beside a ranking.",
    settings=PromotedSettings,
)


class Promoted(Placement):
    """Whoever paid for it and fits in everything."""

    name = "promoted"
    label = N_("Sponsored")
    about = N_("People who fit and paid for this place. It changes nobody's score and nobody's rank.")

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        self.most, self.entitlement = settings["positions"], settings["entitlement"]

    def eligible(self, c: Candidates) -> Any:
        """Everybody: core asks who paid."""
        return np.ones(len(c.p["remote"]), dtype=bool)


@hookimpl
def register_placements(settings: Mapping[str, Any]) -> list[type[Placement]]:
    """Promoted."""
    return [Promoted]
