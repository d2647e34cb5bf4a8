"""The niche's own fields and taxonomies: a declaration alone yields validation, form, facet and export."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FieldForm(StrEnum):
    """How a field is entered and stored."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Field:
    """One field on profiles or missions.

    ``owner`` is ``profile`` or ``mission``; ``name`` is unique a marketplace; labels by language (``{"en": ...}``);
    ``private`` fields never reach facets and are shown to whoever may see confidential parts; ``facet`` puts it
    among the search filters.
    """

    owner: str
    name: str
    form: FieldForm
    label: dict[str, str]
    hint: dict[str, str] | None = None
    choices: tuple[tuple[str, dict[str, str]], ...] = ()
    required: bool = False
    private: bool = False
    facet: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A skill taxonomy as a CSV file: key, label_en, label_fr, alt_en, alt_fr (`` | `` between), broader (a key)."""

    name: str
    label: str
    path: Path
    attribution: str = ""
