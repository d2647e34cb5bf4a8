"""The fields that a plugin declares as columns, drawn from a seed and given to a criterion as core gives them."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import ModuleType
from typing import Any

import numpy as np

from marketwright.features.matching.own import own_columns, own_values
from marketwright.strategies.fields import Field, FieldForm
from marketwright.strategies.matching import Array

_LAST = date(2026, 12, 31).toordinal()
_LARGE = {FieldForm.NUMBER: 100.0, FieldForm.MONEY: 100_000.0, FieldForm.DATE: float(_LAST)}
_SMALL = {FieldForm.NUMBER: 0.0, FieldForm.MONEY: 1_000.0, FieldForm.DATE: float(_LAST - 2000)}
Facet = tuple[str, str | None, float | None]


def fields_of(module: ModuleType | None, settings: Mapping[str, Any]) -> list[Field]:
    """The columns among the fields that the plugin ``module`` brings."""
    register = getattr(module, "register_fields", None)
    return [f for f in register(settings=settings) if f.column and not f.private] if register else []


def drawn(fields: Sequence[Field], owner: str, n: int, seed: int, known: float
          ) -> tuple[dict[str, Array], dict[str, Array]]:  # fmt: skip
    """Columns of the fields of ``owner`` for ``n``, and where each is known; ``known`` is the share that was given."""
    mine = [f for f in fields if f.owner == owner]
    draw = np.random.default_rng(seed)
    given = [[facet for f in mine if draw.uniform() < known for facet in _answers(f, draw)] for _ in range(n)]
    columns, masks = own_columns(mine, owner, own_values(given))
    return {name: column.astype(np.float32) for name, column in columns.items()}, masks


def _answers(field: Field, draw: np.random.Generator) -> list[Facet]:
    """What somebody may have answered, as lists and the index keep it."""
    if field.form in _LARGE:
        low = field.minimum if field.minimum is not None else _SMALL[field.form]
        high = field.maximum if field.maximum is not None else max(_LARGE[field.form], low)
        return [(field.name, None, float(round(draw.uniform(low, high))))]
    if field.form is FieldForm.YES_NO:
        return [(field.name, "yes", None)] if draw.uniform() < 0.5 else []
    values = [value for value, _label in field.choices]
    if field.form is FieldForm.CHOICES:
        return [(field.name, value, None) for value in values if draw.uniform() < 0.5]
    return [(field.name, values[int(draw.integers(len(values)))], None)] if values else []
