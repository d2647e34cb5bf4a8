"""The niche's own fields and taxonomies: a declaration alone yields validation, form, facet, export and column."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from marketwright.kernel.frozen import dataclass


class FieldForm(StrEnum):
    """How a field is entered and stored."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    FILE = "file"
    ROWS = "rows"  # a table of further fields, as many rows as it takes


@dataclass(frozen=True, slots=True)
class Field:
    """One field on profiles or missions.

    ``owner`` is ``profile`` or ``mission``; ``name`` is unique a marketplace; labels by language (``{"en": ...}``);
    ``private`` fields never reach facets and are shown to whoever may see confidential parts; ``facet`` puts it
    among the search filters: choices and yes/no with counts, numbers, amounts and dates as ranges. ``column`` gives it
    to matching criteria as the column ``x_<name>``: a number, minor units of the currency, days since 1970, 1 for yes,
    or the place of the choice in ``choices``; for several choices ``x_<name>.<choice>``, 1 where it was picked.

    ``unit`` stands beside a number; of an amount core makes it the marketplace's currency. ``minimum`` and ``maximum``
    bound numbers, and amounts in units of the currency. A file goes through the files room: whoever may see the
    profile or mission reads it, a private one whoever may see the confidential parts.

    ``rows`` are the fields of one row of :attr:`FieldForm.ROWS`, at most ``most`` rows: its value is a list of
    dictionaries. No row holds rows or files, and rows are no facet and no column.

    One with ``asked=False`` stands in no form: a questionnaire sets it.

    A ``sealed`` one is private and more: encrypted at rest, opened on a page of its own for whoever may see the
    confidential parts (staff within a case alone), each reading recorded and shown to both sides, deleted on the
    date of the contract. On missions, and in conditions, where it seals all that is handed in and the paper drawn
    from it. It is no facet, no column, no file, and reaches no plugin but the check and the paper of its condition.
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
    column: bool = False
    rows: tuple["Field", ...] = ()
    most: int = 50
    asked: bool = True
    sealed: bool = False


def all_fit(mission: Mapping[str, Any], when: Mapping[str, tuple[Any, ...]]) -> bool:
    """Whether each field that ``when`` names has one of its values there; what is not said is false."""
    return all(_fits(mission.get(name), wanted) for name, wanted in when.items())


def _fits(value: Any, wanted: tuple[Any, ...]) -> bool:
    """Whether ``value`` (of several choices: any of them) is among ``wanted``; what is not said is false."""
    given = value if isinstance(value, list) else [value]
    return any(one in wanted or (one in (None, "") and False in wanted) for one in given)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A skill taxonomy as a CSV file: key, label_en, label_fr, alt_en, alt_fr (`` | `` between), broader (a key)."""

    name: str
    label: str
    path: Path
    attribution: str = ""
