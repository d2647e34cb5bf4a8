"""What the forms of a profile take."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from marketwright.kernel.money import exponent
from marketwright.kernel.text import say
from marketwright.web.fields import DateField, IntField, MoneyField, TextField
from marketwright.web.names import COUNTRIES, LANGUAGES

_MONTH = re.compile(r"^(?:(?P<y>[12][0-9]{3})[-/.](?P<m>[0-9]{1,2})|(?P<m2>[0-9]{1,2})[-/. ](?P<y2>[12][0-9]{3}))$")


class MonthField(TextField):
    """A month as ``YYYY-MM``; ``05/2023``, ``2023-5`` and a bare year are read too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> str:
        text = super()._deserialize(value, attr, data, **kw)
        if re.fullmatch(r"[12][0-9]{3}", text):
            return f"{text}-01"
        match = _MONTH.match(text)
        year, month = (match["y"] or match["y2"], int(match["m"] or match["m2"])) if match else ("", 0)
        if not 1 <= month <= 12:
            raise ValidationError(say("This is not a month. Type it like 05/2023."))
        return f"{year}-{month:02}"


def one_of(allowed: tuple[str, ...] | frozenset[str]) -> Any:
    """A validator that lets an empty box and the values of ``allowed`` through."""

    def validate(value: str) -> None:
        if value and value not in allowed:
            raise ValidationError(say("Please choose one of the list."))

    return validate


class AboutSchema(Schema):
    """Who they are."""

    headline = TextField(longest=160, required=True)
    bio = TextField(longest=6000, lines=True)
    language = TextField(longest=5, required=True, validate=one_of(("en", "fr")))
    city = TextField(longest=100)
    country = TextField(longest=2, validate=one_of(COUNTRIES))
    years = IntField(least=0, most=70)


class SkillRow(Schema):
    """One skill with its level and years."""

    class Meta:
        """The picker's rows have parts that this form does not ask for."""

        unknown = EXCLUDE

    key = TextField(longest=80, required=True)
    level = IntField(least=1, most=4)
    years = IntField(least=0, most=70)


class SkillsSchema(Schema):
    """The skills; the picker has looked at the words already."""

    skills = fields.List(fields.Nested(SkillRow), load_default=list)


class JobRow(Schema):
    """One station of the way so far; no end means that it goes on."""

    title = TextField(longest=200, required=True)
    organisation = TextField(longest=160)
    from_month = MonthField(longest=10, required=True)
    to_month = MonthField(longest=10)
    summary = TextField(longest=1500, lines=True)

    @validates_schema
    def _order(self, data: Mapping[str, Any], **_kw: Any) -> None:
        if data.get("to_month") and data.get("from_month", "") > data["to_month"]:
            raise ValidationError(say("The end lies before the beginning."), "to_month")
        if data.get("from_month", "") > f"{date.today():%Y-%m}":  # noqa: DTZ011  a month in anybody's time zone
            raise ValidationError(say("The beginning lies in the future."), "from_month")


class ExperienceSchema(Schema):
    """The way so far."""

    jobs = fields.List(fields.Nested(JobRow), load_default=list)


class CertificateRow(Schema):
    """One certificate; the number is for checking alone and shown to nobody."""

    name = TextField(longest=200, required=True)
    issuer = TextField(longest=160, required=True)
    number = TextField(longest=80)
    issued = MonthField(longest=10)
    expires = MonthField(longest=10)

    @validates_schema
    def _order(self, data: Mapping[str, Any], **_kw: Any) -> None:
        if data.get("expires") and data.get("issued", "") > data["expires"]:
            raise ValidationError(say("It would have ended before it was given."), "expires")


class CertificatesSchema(Schema):
    """The certificates."""

    certificates = fields.List(fields.Nested(CertificateRow), load_default=list)


class LanguageRow(Schema):
    """One language and how well."""

    code = TextField(longest=5, required=True, validate=one_of(LANGUAGES))
    level = IntField(least=1, most=4, required=True)


class LanguagesSchema(Schema):
    """The languages."""

    languages = fields.List(fields.Nested(LanguageRow), load_default=list)


def offer_schema(currency: str) -> Schema:
    """Rate and availability, in ``currency``; a rate is between 10 and 20,000 major units."""
    unit: int = 10 ** exponent(currency)
    made: type[Schema] = Schema.from_dict(
        {
            "day_rate": MoneyField(currency, least=10 * unit, most=20_000 * unit),
            "available_from": DateField(),
            "days_a_week": IntField(least=1, most=7),
            "remote": TextField(longest=10, required=True, validate=one_of(("remote", "hybrid", "onsite"))),
        },
        name="OfferSchema",
    )
    return made()
