"""What every table of marketplace.toml is made with."""

from typing import Any

from marshmallow import RAISE, Schema


def says(label: str, description: str = "", **more: Any) -> dict[str, Any]:
    """The metadata of a key: its label and help, in English, translated by the page."""
    return {"label": label, "description": description, **more}


class Strict(Schema):
    """A table that refuses keys it does not know."""

    class Meta:
        """Unknown keys stop the start."""

        unknown = RAISE
