"""The questions of a marketplace: what each may be answered, and what is wrong with an answer, with the fix."""

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import currencies

KEYS = (
    "project_name", "project_slug", "niche", "languages", "country", "currency", "theme", "brand_colour",
    "payment_provider", "database",
)  # fmt: skip
LANGUAGES = ("en", "fr")
DATABASES = ("sqlite", "postgresql")
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,40}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_UNFIT = frozenset('"\\{}<>')

BLANK, NONE = "blank", "none"
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Offers:
    """What is installed and can be chosen, besides ``blank`` and ``none``.

    ``providers`` gives, for each plugin that brings payments, the name of its (first) provider, those that hold money
    first; ``without_hold`` lists the others. ``secrets`` are the environment variables that a plugin's manifest asks
    for; ``colours`` the brand colour of a theme; ``courses`` the processes of a niche pack that hold money;
    ``own_themes`` the theme that was made for a niche; ``refused``, for each plugin that brings payments, the
    currencies that its provider never moves, with the reason.
    """

    niches: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    providers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    without_hold: tuple[str, ...] = ()
    courses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_themes: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def theme_of(self, niche: str) -> str:
        """The theme of a marketplace that names none: that of its niche, else the first."""
        return self.own_themes.get(niche) or next(iter((*self.themes, NONE)))


def choices(offers: Offers) -> dict[str, tuple[str, ...]]:
    """The questions that are answered from a list, with the list; the first is the default."""
    return {
        "niche": (BLANK, *offers.niches),
        "theme": (*offers.themes, NONE),
        "payment_provider": (*offers.providers, NONE),
        "database": DATABASES,
    }


def problem(key: str, value: str, offers: Offers, answers: Mapping[str, str] = NOTHING) -> str:
    """What is wrong with the answer ``value`` to ``key``, with the fix; '' when nothing is.

    ``answers`` are those to the other questions: what fits by itself may not go with one of them.
    """
    listed = choices(offers).get(key)
    if listed is not None and value not in listed:
        return _not_listed(key, value, listed)
    if key == "payment_provider":
        return offers.refused.get(value, {}).get(answers.get("currency", ""), "")
    if listed is not None:
        return ""
    check = {
        "project_name": _name, "project_slug": _slug, "languages": _languages, "country": _country,
        "currency": _currency, "brand_colour": _colour,
    }.get(key)  # fmt: skip
    return check(value) if check else ""


def problems(answers: Mapping[str, str], offers: Offers) -> list[str]:
    """One sentence for each answer that could not work: ``key: reason, fix``."""
    found = [(key, problem(key, answers[key], offers, answers)) for key in KEYS if key in answers]
    return [f"{key}: {said}" for key, said in found if said]


def _not_listed(key: str, value: str, listed: tuple[str, ...]) -> str:
    kinds = {"niche": "niche pack", "theme": "theme", "payment_provider": "payment provider"}
    what = f"no {kinds[key]} {value!r} is installed" if key in kinds else f"{value!r} is not supported"
    fix = " Install the package that brings it, or choose another one." if key in kinds else ""
    return f"{what}; there are {', '.join(listed)}.{fix}"


def _name(value: str) -> str:
    fits = value.strip() and len(value) <= 60 and value.isprintable() and not _UNFIT & set(value)
    return "" if fits else "1 to 60 characters, without quotes, backslashes, braces or angle brackets."


def _slug(value: str) -> str:
    fits = _SLUG.fullmatch(value)
    return "" if fits else f"{value!r} must begin with a small letter and hold 2 to 41 small letters, digits, hyphens."


def _languages(value: str) -> str:
    codes = [code.strip() for code in value.split(",")]
    fits = all(code in LANGUAGES for code in codes) and len(set(codes)) == len(codes)
    return "" if fits else f"{', '.join(LANGUAGES)}, or several of them parted by a comma, each once."


def _country(value: str) -> str:
    if not re.fullmatch("[A-Z]{2}", value):
        return f"{value!r} is not two capital letters, such as FR."
    return "" if value in countries() else f"{value!r} is no country of ISO 3166; for example FR, BE or DE."


def _currency(value: str) -> str:
    if not re.fullmatch("[A-Z]{3}", value):
        return f"{value!r} is not three capital letters, such as EUR."
    return "" if value in currencies() else f"{value!r} is not supported; there are {', '.join(currencies())}."


def _colour(value: str) -> str:
    fits = not value or _COLOUR.fullmatch(value)
    return "" if fits else f"{value!r} is not a colour such as #0b5a43; leave it empty for the theme's own."


@cache
def countries() -> frozenset[str]:
    """The two-letter codes of ISO 3166."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line.split("\t", 1)[0] for line in lines if line and not line.startswith("#"))
