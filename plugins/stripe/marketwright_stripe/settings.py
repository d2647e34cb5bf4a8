"""The settings of Stripe, ``[plugin.stripe]``. Keys are no settings: they live in the environment."""

from collections.abc import Iterable

from marshmallow import Schema, fields, validate

from marketwright.plugin import N_

STRIPE = "https://api.stripe.com"
METHODS = ("card", "sepa_debit", "bank_transfer")
COUNTRIES = ("BE", "DE", "ES", "FR", "IE", "NL")  # where Stripe gives customers an IBAN of their own


# ISK in hundredths; three digits in tens; HUF leaves for banks in whole units alone (docs.stripe.com/currencies).
OTHERWISE = ("ISK", "KWD", "BHD", "JOD", "OMR", "TND", "HUF")
_OTHERWISE = "Stripe does not move %s to the unit that ISO 4217 counts it in. Take another currency."


REFUSED = {currency: _OTHERWISE % currency for currency in OTHERWISE}


def counted_otherwise(currencies: Iterable[str]) -> str:
    """What is wrong with the first of ``currencies`` that Stripe counts in another unit than ISO 4217; '' of none."""
    return next((REFUSED[found] for found in currencies if found in REFUSED), "")


class StripeSettings(Schema):
    """All have a default."""

    api_base = fields.Str(
        load_default=STRIPE,
        validate=validate.Regexp(r"^https?://[^/]+$", error="An origin, such as http://127.0.0.1:12111."),
        metadata={
            "label": "Address of Stripe",
            "description": "Where Stripe answers; another address, such as the double’s, only below live.",
        },
    )
    country = fields.Str(
        load_default="FR",
        validate=validate.Regexp(r"^[A-Z]{2}$", error="Two capital letters, such as FR."),
        metadata={
            "label": "Country",
            "description": "Country of the platform’s account, and of the accounts made through it.",
        },
    )
    currencies = fields.List(
        fields.Str(
            validate=[
                validate.Regexp(r"^[A-Z]{3}$", error="Three capital letters, such as EUR."),
                validate.NoneOf(OTHERWISE, error=_OTHERWISE.replace("%s", "{input}")),
            ]
        ),
        load_default=[],
        metadata={
            "label": "Currencies",
            "description": "Currencies in which the platform’s account keeps a balance; empty: the marketplace’s.",
        },
    )
    methods = fields.List(
        fields.Str(validate=validate.OneOf(METHODS, (N_("Card"), N_("SEPA direct debit"), N_("Bank transfer")))),
        load_default=["card"],
        validate=validate.Length(min=1),
        metadata={
            "label": "Ways to pay",
            "description": "How payments may be made; each must be switched on in Stripe’s dashboard too.",
        },
    )
    iban_country = fields.Str(
        load_default="FR",
        validate=validate.OneOf(COUNTRIES),
        metadata={
            "label": "Country of the IBAN",
            "description": "Country of the IBAN for bank transfers.",
        },
    )
    three_d_secure = fields.Str(
        load_default="automatic",
        validate=validate.OneOf(
            ("automatic", "any"), (N_("Where law or the bank asks for it"), N_("Whenever a card can"))
        ),
        metadata={
            "label": "3-D Secure",
            "description": "`automatic`: where law or the bank asks for it; `any`: whenever a card can.",
        },
    )
    max_hold_days = fields.Int(
        load_default=90,
        validate=validate.Range(1, 730),
        metadata={
            "label": "Longest hold, in days",
            "description": "How long Stripe lets a platform of your country hold money: 90 days in most.",
        },
    )
    holder = fields.Str(
        load_default="Stripe Technology Europe, Limited",
        validate=validate.Length(3, 120),
        metadata={
            "label": "Who holds the money",
            "description": "The company that holds the money, as pages and documents name it.",
        },
    )
