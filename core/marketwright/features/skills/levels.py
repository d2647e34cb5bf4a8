"""How well somebody has a skill or speaks a language: four steps each, stored as 1 to 4."""

from marketwright.kernel.text import N_

SKILL_LEVELS: tuple[tuple[int, str], ...] = (
    (1, N_("Knows")),
    (2, N_("Works with")),
    (3, N_("Masters")),
    (4, N_("Leads")),
)
LANGUAGE_LEVELS: tuple[tuple[int, str], ...] = (
    (1, N_("Basic")),
    (2, N_("Working")),
    (3, N_("Fluent")),
    (4, N_("Native")),
)
_SKILL_LEVELS, _LANGUAGE_LEVELS = dict(SKILL_LEVELS), dict(LANGUAGE_LEVELS)
LANGUAGE_LEVEL_NAMES = {"basic": 1, "working": 2, "fluent": 3, "native": 4}


def skill_level(value: int | None) -> str:
    """The word for a skill's level, in English; empty where none was said."""
    return _SKILL_LEVELS.get(value or 0, "")


def language_level(value: int | None) -> str:
    """The word for a language's level, in English; empty where none was said."""
    return _LANGUAGE_LEVELS.get(value or 0, "")
