"""What the parties are called in the documents of this plugin."""

from collections.abc import Mapping
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
