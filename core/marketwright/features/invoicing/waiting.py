"""What a document waits for in words: days and countries as its reader writes them, fields by their names."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marketwright.kernel.text import N_, Text, say
from marketwright.web.formats import show_date, show_number
from marketwright.web.i18n import gettext
from marketwright.web.names import country_name

FIELD_WORDS = {
    "name": N_("name"), "form": N_("legal form"), "registration_number": N_("registration number"),
    "vat_number": N_("VAT number"), "street": N_("street"),
    "postcode": N_("postcode"), "city": N_("town"), "country": N_("country"), "address": N_("address"),
}  # fmt: skip


def waits_for(template: str, params: Mapping[str, Any]) -> Text | str:
    """The sentence of a blocker with its stored ``params``, for whoever reads now; '' where nothing blocks."""
    return say(template, **{name: _shown(name, str(value)) for name, value in params.items()}) if template else ""


def _shown(name: str, value: str) -> str:
    match name:
        case "country" | "quoted":
            return country_name(value)
        case "day":
            return show_date(date.fromisoformat(value), "d MMMM y")
        case "rate":
            return show_number(Decimal(value))
        case "fields":
            return ", ".join(_small(gettext(FIELD_WORDS[f])) if f in FIELD_WORDS else f for f in value.split(", "))
    return value


def _small(words: str) -> str:
    """A label within a sentence; ``VAT`` keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
