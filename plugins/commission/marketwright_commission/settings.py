"""The settings of ``[plugin.commission]``: every mistake is named with what would be right."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from marketwright_commission.rules import SIDES, from_settings, out_of_bounds

_RATE = validate.Range(0, 1500, error="A rate is from 0 to 1500 basis points (0 to 15 %), not {input}.")
_AMOUNT = validate.Range(0, 10_000_000, error="An amount is from 0 to 10000000 units of the currency, not {input}.")
DEFAULT_RULES: tuple[dict[str, Any], ...] = (
    {"name": "client", "side": "client", "bps": 300},
    {"name": "freelancer", "side": "freelancer", "bps": 700},
)


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class RuleSettings(_Strict):
    """One ``[[plugin.commission.rules]]``."""

    name = fields.Str(required=True, validate=validate.Regexp(
        r"^[a-z][a-z0-9_-]{0,39}$", error="A name is small letters, digits, - and _, beginning with a letter."),
        metadata={"label": "Name of the rule"})
    side = fields.Str(required=True, validate=validate.OneOf(SIDES, error="A side is 'client' or 'freelancer'."),
        metadata={"label": "Who pays it"})
    bps = fields.Int(required=True, strict=True, validate=_RATE, metadata={
        "label": "Rate in basis points", "description": "300 is 3 % of the work."})
    least = fields.Int(data_key="from", load_default=0, strict=True, validate=_AMOUNT, metadata={
        "label": "From this amount", "description": "In units of the currency."})
    below = fields.Int(data_key="up_to", load_default=None, strict=True, validate=_AMOUNT, metadata={
        "label": "Up to this amount", "description": "Empty: no end."})
    measure = fields.Str(load_default="deal", validate=validate.OneOf(
        ("deal", "relation"), error="What is measured is 'deal' or 'relation'."),
        metadata={"label": "What is measured", "description": "This deal, or all deals of the two together."})
    known_days = fields.Int(load_default=None, strict=True, validate=validate.Range(
        0, 3650, error="Days since the first contract are from 0 to 3650, not {input}."),
        metadata={"label": "Days they know each other", "description": "Since their first {contract}; empty: always."})

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data.get("below") is not None and data["below"] <= data.get("least", 0):
            raise ValidationError("'up_to' must be more than 'from'.", "up_to")


class VatSettings(_Strict):
    """``[plugin.commission.vat]``: rates in basis points by country, where the bundled ones are not right."""

    rates = fields.Dict(
        keys=fields.Str(validate=validate.Regexp(r"^[A-Z]{2}$", error="A country is two capital letters, as FR.")),
        values=fields.Int(strict=True, validate=validate.Range(
            0, 5000, error="A VAT rate is from 0 to 5000 basis points (0 to 50 %), not {input}.")),
        load_default=dict,
        metadata={"label": "VAT rates", "description": "In basis points by country, as FR: 2000."},
    )  # fmt: skip
    operator_regime = fields.Str(load_default="standard", validate=validate.OneOf(
        ("standard", "franchise"), error="The operator's regime is 'standard' or 'franchise'."),
        metadata={"label": "The operator's regime", "description": "Franchise: no VAT on its own fees."})


class CommissionSettings(_Strict):
    """``[plugin.commission]``."""

    rules = fields.List(fields.Nested(RuleSettings), load_default=lambda: RuleSettings(many=True).load(
        [dict(rule) for rule in DEFAULT_RULES]), metadata={
        "label": "Rules", "description": "The first rule of a side that fits is taken, in this order."})
    vat = fields.Nested(VatSettings, load_default=lambda: VatSettings().load({}), metadata={"label": "VAT"})

    @validates_schema
    def _within_bounds(self, data: Mapping[str, Any], **_more: Any) -> None:
        rules = from_settings(data.get("rules", ()))
        names = [rule.name for rule in rules]
        doubled = next((n for n in names if names.count(n) > 1), None)
        if doubled:
            raise ValidationError(f"Two rules are called {doubled!r}; each needs a name of its own.", "rules")
        wrong = out_of_bounds(rules)
        if wrong:
            raise ValidationError(wrong, "rules")
