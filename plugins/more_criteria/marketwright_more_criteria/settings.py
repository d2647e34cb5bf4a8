"""The plugin's settings: the points where a score begins and ends. Weights are the marketplace's: ``[ranking]``."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema


class MoreSettings(Schema):
    """``[plugin.more_criteria]``."""

    class Meta:
        """Unknown keys are refused."""

        unknown = RAISE

    quick_hours = fields.Float(
        load_default=24.0,
        validate=validate.Range(min=1.0),
        metadata={"label": "Quick, in hours", "description": "full points for answers within so many hours"},
    )
    slow_hours = fields.Float(
        load_default=168.0,
        validate=validate.Range(min=2.0),
        metadata={"label": "Slow, in hours", "description": "half of the points for answers that take so long"},
    )
    full_share = fields.Float(
        load_default=0.4,
        validate=validate.Range(min=0.0, min_inclusive=False, max=1.0),
        metadata={
            "label": "Words for full points",
            "description": "full points from this share of the words of a brief on, rare words counting for more",
        },
    )

    @validates_schema
    def _quick_before_slow(self, data: Mapping[str, Any], **_kw: Any) -> None:
        if data["quick_hours"] >= data["slow_hours"]:
            raise ValidationError("quick_hours must be smaller than slow_hours.", "quick_hours")
