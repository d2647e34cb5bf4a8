"""The settings of ``[plugin.commission]``: every mistake is named with what would be right."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from marketwright.plugin import N_, BadAmount, exponent
from marketwright_commission.bounds import out_of_bounds
from marketwright_commission.rules import SIDES, from_settings

_RATE = validate.Range(0, 10_000, error="A rate is from 0 to 10000 basis points (0 to 100 %), not {input}.")
_AMOUNT = validate.Range(0, 10_000_000, error="An amount is from 0 to 10000000 units of the currency, not {input}.")
DEFAULT_RULES: tuple[dict[str, Any], ...] = (
    {"name": "client", "side": "client", "bps": 300},
    {"name": "freelancer", "side": "freelancer", "bps": 700},
)


class _Strict(Schema):
    class Meta:
        unknown = RAISE


def _currency(code: str) -> None:
    try:
        exponent(code)
    except BadAmount as error:
        raise ValidationError(str(error)) from None


def _by_currency(label: str, description: str) -> fields.Dict:
    return fields.Dict(
        keys=fields.Str(validate=_currency), values=fields.Int(strict=True, validate=_AMOUNT), load_default=dict,
        metadata={"label": label, "description": description},
    )  # fmt: skip


class _Day(fields.Date):
    """A day, as TOML's own or as text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if type(value) is date:
            return value
        found: date = super()._deserialize(value, attr, data, **more)
        return found


class BandSettings(_Strict):
    """One band of a rule: ``bps`` of what lies below ``up_to`` and above the band before."""

    bps = fields.Int(required=True, strict=True, validate=_RATE, metadata={"label": "Rate in basis points"})
    below = fields.Int(data_key="up_to", load_default=None, strict=True, validate=_AMOUNT, metadata={
        "label": "Up to this amount", "description": "Empty in the last band."})


class RuleSettings(_Strict):
    """One ``[[plugin.commission.rules]]``."""

    name = fields.Str(required=True, validate=validate.Regexp(
        r"^[a-z][a-z0-9_-]{0,39}$", error="A name is small letters, digits, - and _, beginning with a letter."),
        metadata={"label": "Name of the rule"})
    side = fields.Str(required=True, validate=validate.OneOf(SIDES, error="A side is 'client' or 'freelancer'."),
        metadata={"label": "Who pays it"})
    bps = fields.Int(load_default=0, strict=True, validate=_RATE, metadata={
        "label": "Rate in basis points", "description": "300 is 3 % of the work."})
    bands = fields.List(fields.Nested(BandSettings), load_default=list, metadata={
        "label": "Bands", "description": "Instead of one rate: each slice of the work at its own."})
    flat = _by_currency("Fixed part", "On top of the rate, a {contract}; whole units by currency, as EUR: 25.")
    floor = _by_currency("At least", "Whole units by currency, a {contract}.")
    cap = _by_currency("At most", "Whole units by currency, a {contract}.")
    least = fields.Int(data_key="from", load_default=0, strict=True, validate=_AMOUNT, metadata={
        "label": "From this amount", "description": "In units of the currency."})
    below = fields.Int(data_key="up_to", load_default=None, strict=True, validate=_AMOUNT, metadata={
        "label": "Up to this amount", "description": "Empty: no end."})
    measure = fields.Str(load_default="deal", validate=validate.OneOf(
        ("deal", "relation"), (N_("This deal"), N_("All deals of the two")),
        error="What is measured is 'deal' or 'relation'."),
        metadata={"label": "What is measured", "description": "This deal, or all deals of the two together."})
    known_days = fields.Int(load_default=None, strict=True, validate=validate.Range(
        0, 3650, error="Days since the first contract are from 0 to 3650, not {input}."),
        metadata={"label": "Days they know each other", "description": "Since their first {contract}; empty: always."})
    category = fields.Str(load_default="", validate=validate.Length(max=80), metadata={
        "label": "Category", "description": "The id of a skill: for work that asks for it, or for a narrower one."})
    entitlement = fields.Str(load_default="", validate=validate.Regexp(
        r"^([a-z][a-z0-9_]{0,39})?$", error="An entitlement is small letters, digits and _."),
        metadata={"label": "Entitlement", "description": "For who has it by their plan, as lower_commission."})
    signed_by = fields.Str(load_default="", validate=validate.Length(max=120), metadata={
        "label": "Signed by", "description": "Who allows this rule to leave 5 to 15 %."})
    signed_on = _Day(load_default=None, allow_none=True, metadata={
        "label": "Signed on", "description": "The day, as 2026-05-04."})
    signed_why = fields.Str(load_default="", validate=validate.Length(max=300), metadata={
        "label": "Why", "description": "Shown with the fee on every quote that the rule makes.", "long": True})

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data.get("below") is not None and data["below"] <= data.get("least", 0):
            raise ValidationError("'up_to' must be more than 'from'.", "up_to")

    @validates_schema
    def _priced(self, data: Mapping[str, Any], **_more: Any) -> None:
        bands = data.get("bands", ())
        if bands and data.get("bps"):
            raise ValidationError("A rule has a rate ('bps') or 'bands', not both.", "bands")
        bounds = [band.get("below") for band in bands]
        if bands and (bounds[-1] is not None or None in bounds[:-1]):
            raise ValidationError("Every band but the last has an 'up_to'.", "bands")
        if any(one >= other for one, other in pairwise([0, *bounds[:-1]])):
            raise ValidationError("Bands rise: each 'up_to' is more than the one before.", "bands")
        for currency in data.get("floor", {}).keys() & data.get("cap", {}).keys():
            if data["floor"][currency] > data["cap"][currency]:
                raise ValidationError(f"'floor' is more than 'cap' in {currency}.", "floor")

    @validates_schema
    def _wholly_signed(self, data: Mapping[str, Any], **_more: Any) -> None:
        lacking = [name for name in ("signed_by", "signed_on", "signed_why") if not data.get(name)]
        if 0 < len(lacking) < 3:
            says = "A signature says who (signed_by), when (signed_on) and why (signed_why)."
            raise ValidationError(says, lacking[0])


class VatSettings(_Strict):
    """``[plugin.commission.vat]``: rates in basis points by country, where the bundled ones are not right."""

    rates = fields.Dict(
        keys=fields.Str(validate=validate.Regexp(r"^[A-Z]{2}$", error="A country is two capital letters, as FR.")),
        values=fields.Int(strict=True, validate=validate.Range(
            0, 5000, error="A VAT rate is from 0 to 5000 basis points (0 to 50 %), not {input}.")),
        load_default=dict,
        metadata={"label": "VAT rates", "description": "In basis points by country, as FR: 2000. "
                  "They go before a country pack's, for plans and services of the marketplace too."},
    )  # fmt: skip
    operator_regime = fields.Str(load_default="", validate=validate.OneOf(
        ("", "standard", "franchise"), (N_("As [legal] says"), N_("With VAT"), N_("Franchise, without VAT")),
        error="The operator's regime is 'standard', 'franchise' or empty."),
        metadata={"label": "The operator's regime", "description": "Empty: as the legal identity of the company."})


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
