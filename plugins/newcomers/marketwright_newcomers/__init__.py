"""A first chance: a few people who came of late and have no review yet, drawn by lot, stand beside each ranking."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from marketwright.plugin import N_, Candidates, Desk, Manifest, Placement, hookimpl


class NewcomersSettings(Schema):
    """``[plugin.newcomers]``."""

    positions = fields.Int(
        load_default=2,
        strict=True,
        validate=validate.Range(1, 5),
        metadata={"label": "Positions", "description": "How many newcomers stand beside a list of matches, at most."},
    )
    days = fields.Int(
        load_default=180,
        strict=True,
        validate=validate.Range(1, 1000),
        metadata={"label": "Days", "description": "Who came longer ago is no newcomer."},
    )
    proved = fields.Bool(
        load_default=True,
        metadata={"label": "Proved", "description": "Only who has a claim that was compared with its source."},
    )


manifest = Manifest(
    name="newcomers",
    summary="A few people without a review yet stand beside each ranking, drawn by lot.",
    settings=NewcomersSettings,
)


PROVED = N_("People who fit, came of late, had a claim compared with its source and have no review yet: everybody "
            "begins once.")


class Newcomers(Placement):
    """Whoever came of late, has proof and no review yet."""

    name = "newcomers"
    label = N_("New here")
    about = N_("People who fit, came of late and have no review yet: everybody begins once.")

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        self.most = settings["positions"]
        if settings["proved"]:
            self.about = PROVED  # type: ignore[misc]

    def eligible(self, c: Candidates) -> Any:
        """No review, a profile of late, and proof where it is asked for."""
        recent = c.m["today"] - c.p["joined"] <= self.settings["days"]
        proved = (c.p["proved"] > 0) if self.settings["proved"] else True
        return (c.p["reviews"] == 0) & recent & proved


@hookimpl
def register_placements(settings: Mapping[str, Any]) -> list[type[Placement]]:
    """Newcomers."""
    return [Newcomers]
