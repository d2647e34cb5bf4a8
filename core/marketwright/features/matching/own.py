"""The niche's own fields in memory: what lists are filtered by, and the columns that criteria read."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from marketwright.features.facets.forms import PREFIX
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field, FieldForm
from marketwright.strategies.matching import Array

Rows = Sequence[Sequence[tuple[str, str | None, float | None]]]
_EPOCH = date(1970, 1, 1).toordinal()
_MEASURES = (FieldForm.NUMBER, FieldForm.MONEY, FieldForm.DATE)


@dataclass(frozen=True, slots=True)
class OwnValues:
    """Public values by field: the rows that hold each text, and (rows, numbers) of those with a number."""

    rows: Mapping[str, Mapping[str, Array]]
    numbers: Mapping[str, tuple[Array, Array]]
    length: int

    def holds(self, field: str, value: str) -> Array:
        """A mask of the rows whose ``field`` has ``value``."""
        mask = np.zeros(self.length, dtype=bool)
        mask[self.rows.get(field, {}).get(value, np.empty(0, dtype=np.int32))] = True
        return mask

    def number(self, field: str) -> Array:
        """The numbers of ``field``, NaN where there is none."""
        found = np.full(self.length, np.nan)
        if field in self.numbers:
            rows, values = self.numbers[field]
            found[rows] = values
        return found

    def with_rows(self, more: "OwnValues", first: int) -> "OwnValues":
        """These values and those of rows that come after, the first at ``first``."""
        rows = {field: dict(values) for field, values in self.rows.items()}
        for field, values in more.rows.items():
            for text, some in values.items():
                before = rows.setdefault(field, {}).get(text, np.empty(0, dtype=np.int32))
                rows[field][text] = np.concatenate([before, some + first])
        numbers = dict(self.numbers)
        for field, (some, given) in more.numbers.items():
            old = numbers.get(field, (np.empty(0, dtype=np.int32), np.empty(0)))
            numbers[field] = np.concatenate([old[0], some + first]), np.concatenate([old[1], given])
        return OwnValues(rows, numbers, first + more.length)

    def between(self, field: str, low: float | None, high: float | None) -> Array:
        """A mask of the rows whose number lies between ``low`` and ``high``."""
        values = self.number(field)
        mask: Array = ~np.isnan(values)
        if low is not None:
            mask &= values >= low
        if high is not None:
            mask &= values <= high
        return mask

    def common(self, field: str, most: int) -> list[str]:
        """The texts of ``field`` that most rows hold."""
        found = self.rows.get(field, {})
        return sorted(found, key=lambda v: (-len(found[v]), v))[:most]


def own_values(facets: Rows) -> OwnValues:
    """From (field, text, number) of each row."""
    texts: dict[str, dict[str, list[int]]] = {}
    numbers: dict[str, list[tuple[int, float]]] = {}
    for row, given in enumerate(facets):
        for field, text, number in given:
            if text is not None:
                texts.setdefault(field, {}).setdefault(text, []).append(row)
            elif number is not None:
                numbers.setdefault(field, []).append((row, number))
    rows = {f: {v: np.array(r, dtype=np.int32) for v, r in values.items()} for f, values in texts.items()}
    listed = {
        f: (np.array([r for r, _ in some], dtype=np.int32), np.array([v for _, v in some]))
        for f, some in numbers.items()
    }
    return OwnValues(rows, listed, len(facets))


def own_columns(fields: Sequence[Field], owner: str, values: OwnValues) -> tuple[dict[str, Array], dict[str, Array]]:
    """Columns ``x_<name>`` and their ``known`` masks of the fields of ``owner`` that are declared as columns."""
    columns: dict[str, Array] = {}
    known: dict[str, Array] = {}
    for one in fields:
        if one.owner != owner or not one.column or one.private:
            continue
        name = PREFIX + one.name
        if one.form in _MEASURES:
            number = values.number(one.name)
            known[name] = ~np.isnan(number)
            shift = _EPOCH if one.form is FieldForm.DATE else 0
            columns[name] = np.where(known[name], np.nan_to_num(number) - shift, 0).astype(np.float32)
        elif one.form is FieldForm.YES_NO:
            columns[name] = values.holds(one.name, "yes").astype(np.float32)
        elif one.form is FieldForm.CHOICE:
            columns[name], known[name] = _places(one, values)
        elif one.form is FieldForm.CHOICES:
            picked = {v: values.holds(one.name, v) for v, _ in one.choices}
            some = np.logical_or.reduce([*picked.values(), np.zeros(values.length, dtype=bool)])
            columns |= {f"{name}.{v}": mask.astype(np.float32) for v, mask in picked.items()}
            known |= {f"{name}.{v}": some for v in picked}
    return columns, known


def _places(one: Field, values: OwnValues) -> tuple[Array, Array]:
    place = np.full(values.length, -1, dtype=np.int16)
    for number, (value, _label) in enumerate(one.choices):
        place[values.holds(one.name, value)] = number
    return np.maximum(place, 0), place >= 0
