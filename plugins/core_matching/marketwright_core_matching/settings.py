"""The plugin's settings: the points where a score begins and ends. Weights are the marketplace's: ``[ranking]``."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema


def _share() -> validate.Range:
    return validate.Range(min=0.0, max=1.0)


class MatchingSettings(Schema):
    """``[plugin.core_matching]``."""

    class Meta:
        """Unknown keys are refused."""

        unknown = RAISE

    must_coverage = fields.Float(
        load_default=1.0,
        validate=_share(),
        metadata={"label": "Must-have skills met", "description": "share of the must-have skills that a match needs"},
    )
    rate_ends = fields.Float(
        load_default=1.3,
        validate=validate.Range(min=1.0, min_inclusive=False, max=5.0),
        metadata={"label": "Day rate, upper end", "description": "no points from this many times the budget on"},
    )
    late_ends = fields.Integer(
        load_default=45,
        validate=validate.Range(min=1, max=365),
        metadata={
            "label": "Days late without points",
            "description": "no points when free this many days after the start",
        },
    )
    late_gate = fields.Integer(
        load_default=120,
        validate=validate.Range(min=0, max=1000),
        metadata={
            "label": "Days late without a match",
            "description": "no match when free more than this many days after the start; 0 for no gate",
        },
    )
    near_km = fields.Float(
        load_default=50.0,
        validate=validate.Range(min=0.0),
        metadata={"label": "Near, in km", "description": "full points up to this distance"},
    )
    far_km = fields.Float(
        load_default=600.0,
        validate=validate.Range(min=1.0),
        metadata={"label": "Far, in km", "description": "no points from this distance on"},
    )
    full_years = fields.Float(
        load_default=10.0,
        validate=validate.Range(min=1.0, max=50.0),
        metadata={"label": "Years for full points", "description": "full points from this many years on"},
    )

    @validates_schema
    def _near_before_far(self, data: Mapping[str, Any], **_kw: Any) -> None:
        if data["near_km"] >= data["far_km"]:
            raise ValidationError("near_km must be smaller than far_km.", "near_km")
