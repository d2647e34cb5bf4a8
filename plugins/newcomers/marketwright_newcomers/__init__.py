"""A first chance: a few people without a review yet, drawn by lot, stand beside each ranking."""

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


manifest = Manifest(
    name="newcomers",
    summary="A few people without a review yet stand beside each ranking, drawn by lot.",
    settings=NewcomersSettings,
)


class Newcomers(Placement):
    """Whoever has no review yet."""

    name = "newcomers"
    label = N_("New here")
    about = N_("People who fit and have no review yet: everybody begins once.")

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        self.most = settings["positions"]

    def eligible(self, c: Candidates) -> Any:
        """No review."""
        return c.p["reviews"] == 0


@hookimpl
def register_placements(settings: Mapping[str, Any]) -> list[type[Placement]]:
    """Newcomers."""
    return [Newcomers]
