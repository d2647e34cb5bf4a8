"""The settings of the sandbox, ``[plugin.sandbox]``."""

from marshmallow import Schema, fields, validate


class SandboxSettings(Schema):
    """All have a default."""

    origin = fields.Str(
        load_default="",
        validate=validate.Regexp(r"^$|^https?://[^/]+$", error="An origin, like http://127.0.0.1:8010, or nothing."),
        metadata={
            "label": "Origin of the payment page",
            "description": "Where `python -m marketwright_sandbox` serves the payment page; empty: /x/sandbox.",
        },
    )
    late_seconds = fields.Int(
        load_default=20,
        validate=validate.Range(0, 3600),
        metadata={"label": "Seconds until a late answer", "description": "How long a payment takes that answers late."},
    )
    page_minutes = fields.Int(
        load_default=60,
        validate=validate.Range(1, 1440),
        metadata={
            "label": "Minutes of a payment page",
            "description": "After how many minutes an abandoned payment page expires.",
        },
    )
    onboarding = fields.Bool(
        load_default=False,
        metadata={
            "label": "Ask whom it pays",
            "description": "Whether {freelancers} first tell the provider who they are, as real providers ask.",
        },
    )
    fee_bps = fields.Int(
        load_default=0,
        validate=validate.Range(0, 500),
        metadata={
            "label": "The provider’s own fee",
            "description": "What the provider itself charges for money coming in, in basis points.",
        },
    )
