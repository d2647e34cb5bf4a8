"""The settings: what the texts leave to the operator, with what French practice would choose."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load, validate

LAW = {"en": "French law", "fr": "le droit français"}
COURT = {"en": "the courts of Paris", "fr": "les tribunaux de Paris"}
_AT_LEAST_ONE = validate.Range(min=1)
_LANGUAGES = validate.OneOf(tuple(LAW))


class ContractSettings(Schema):
    """``[plugin.standard_contracts]``: law and court by language, and the figures of the clauses."""

    law = fields.Dict(
        keys=fields.String(validate=_LANGUAGES),
        values=fields.String(),
        load_default=dict,
        metadata={"label": "Law", "description": "The law that governs, as it reads in each language."},
    )
    court = fields.Dict(
        keys=fields.String(validate=_LANGUAGES),
        values=fields.String(),
        load_default=dict,
        metadata={
            "label": "Court",
            "description": "Who decides when the parties do not agree, as it reads in each language.",
        },
    )
    confidentiality_years = fields.Integer(
        load_default=3, validate=_AT_LEAST_ONE, metadata={"label": "Years of confidentiality"}
    )
    notice_days = fields.Integer(load_default=15, validate=_AT_LEAST_ONE, metadata={"label": "Days of notice"})
    liability_percent = fields.Integer(
        load_default=100, validate=_AT_LEAST_ONE, metadata={"label": "Limit of liability, in percent"}
    )
    late_interest_points = fields.Integer(
        load_default=10, validate=validate.Range(min=0), metadata={"label": "Interest on late payment, in points"}
    )
    late_flat_sum = fields.String(load_default="40", metadata={"label": "Flat sum for late payment"})

    @post_load
    def _complete(self, data: Mapping[str, Any], **_kw: Any) -> dict[str, Any]:
        """A language that is not given keeps its default."""
        return {**data, "law": {**LAW, **data["law"]}, "court": {**COURT, **data["court"]}}
