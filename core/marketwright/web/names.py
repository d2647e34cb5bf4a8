"""Languages and countries by name, in the reader's language."""

from marketwright.web.formats import babel_locale

LANGUAGES = (
    "ar", "bg", "br", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "he", "hi", "hr", "hu",
    "is", "it", "ja", "ko", "lb", "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr",
    "uk", "vi", "zh",
)  # fmt: skip
COUNTRIES = (
    "AD", "AT", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MA", "MC", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SN",
    "TN", "TR", "UA", "US",
)  # fmt: skip


def language_name(code: str) -> str:
    """``French``, ``français``; the code where nobody knows it."""
    return str(babel_locale().languages.get(code, code))


def country_name(code: str) -> str:
    """``Germany``, ``Allemagne``; the code where nobody knows it."""
    return str(babel_locale().territories.get(code, code))


def language_choices() -> list[tuple[str, str]]:
    """(code, name) of the languages that forms offer, by name."""
    return sorted(((c, capital(language_name(c))) for c in LANGUAGES), key=lambda pair: _order(pair[1]))


def country_choices() -> list[tuple[str, str]]:
    """(code, name) of the countries that forms offer, by name."""
    return sorted(((c, country_name(c)) for c in COUNTRIES), key=lambda pair: _order(pair[1]))


def capital(text: str) -> str:
    """``text`` with a capital in front, for the beginning of a line."""
    return text[:1].upper() + text[1:]


def _order(text: str) -> str:
    return text.casefold().replace("é", "e").replace("î", "i")
