"""What the parties are called in the documents of this plugin."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marketwright.plugin import worded

# Where the marketplace does not say otherwise.
_PARTIES: dict[str, dict[str, Mapping[str, str]]] = {
    "en": {"client": {"one": "client"}, "freelancer": {"one": "freelancer"}},
    "fr": {
        noun: {"one": word, "le": f"le {word}", "du": f"du {word}", "au": f"au {word}", "gender": "m"}
        for noun, word in (("client", "client"), ("freelancer", "freelance"))
    },
}


def said(text: str, terms: Mapping[str, Any], language: str) -> str:
    """``text`` with the parties' names as the marketplace has them."""
    words = _PARTIES[language] | dict(terms.get("marketplace", {}).get("words", {}))
    return worded(text, words, titled=True)


_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def day(iso: str, language: str) -> str:
    """A day (ISO 8601) in words: 1 June 2026, 1er juin 2026."""
    when = date.fromisoformat(iso[:10])
    first = "1er" if language == "fr" and when.day == 1 else str(when.day)
    return f"{first} {_MONTHS[language][when.month - 1]} {when.year}"


def worded_choice(choices: Sequence[tuple[str, Mapping[str, str]]], value: str, language: str) -> str:
    """The words of a choice; the value itself where it is none any more."""
    return dict(choices).get(value, {}).get(language, value)
