"""Sentences of notices and mails: kept with what stands in their places, said in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marketwright.kernel.money import Money
from marketwright.kernel.text import Text
from marketwright.web.formats import show_date, show_datetime, show_money
from marketwright.web.i18n import translate


def spoken(text: Text) -> str:
    """The sentence in the reader's language, amounts and instants in their way and time zone."""
    return translate(Text(text.template, {k: _shown(v) for k, v in text.params.items()}))


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return show_datetime(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, Text):
        return spoken(value)
    return show_money(value) if isinstance(value, Money) else value


def stored(params: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the places of a sentence, as JSON that :func:`restored` reads."""
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: object) -> object:
    if isinstance(value, Money):
        return {"money": [value.amount, value.currency]}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Text):
        return {"text": value.template, "places": stored(value.params)}
    return value if isinstance(value, int | float) else str(value)


def restored(params: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`stored` made JSON of; plain values as they stand."""
    return {name: _typed(value) for name, value in params.items()}


def _typed(value: object) -> object:
    match value:
        case {"money": [amount, currency]}:
            return Money(amount, currency)
        case {"at": str(at)}:
            return datetime.fromisoformat(at)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"text": str(template), "places": dict(places)}:
            return Text(template, restored(places))
    return value


def shortened(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters, with a mark where something was left out."""
    return text if len(text) <= most else text[: most - 1] + "…"
