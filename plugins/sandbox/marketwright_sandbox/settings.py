"""The settings of the sandbox, ``[plugin.sandbox]``."""

from marshmallow import Schema, fields, validate


class SandboxSettings(Schema):
    """All have a default."""

    origin = fields.Str(
        load_default="",
        validate=validate.Regexp(r"^$|^https?://[^/]+$", error="An origin, like http://127.0.0.1:8010, or nothing."),
        metadata={"description": "Where `python -m marketwright_sandbox` serves the payment page; empty: /x/sandbox."},
    )
    late_seconds = fields.Int(
        load_default=20, validate=validate.Range(0, 3600),
        metadata={"description": "How long a payment takes that answers late."},
    )  # fmt: skip
    page_minutes = fields.Int(
        load_default=60, validate=validate.Range(1, 1440),
        metadata={"description": "After how many minutes an abandoned payment page expires."},
    )  # fmt: skip
    fee_bps = fields.Int(
        load_default=0, validate=validate.Range(0, 500),
        metadata={"description": "What the provider itself charges for money coming in, in basis points."},
    )  # fmt: skip
