"""Writing facets: the one function that keeps them equal to the JSON they are made from."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert

from marketwright.features.facets.tables import Facet
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field, FieldForm

_NUMBERS = (FieldForm.NUMBER, FieldForm.MONEY, FieldForm.DATE)
_NEVER = (FieldForm.LONG_TEXT, FieldForm.FILE, FieldForm.ROWS)
_LONGEST = 200


def rewrite(
    uow: UnitOfWork, *, owner_kind: str, owner_id: str, fields: Iterable[Field], values: Mapping[str, Any]
) -> None:
    """Write the facets of one profile or mission anew, in the commit that writes its JSON. Private fields have none."""
    rewrite_many(uow, owner_kind=owner_kind, fields=fields, values_by_owner={owner_id: values})


def rewrite_many(
    uow: UnitOfWork, *, owner_kind: str, fields: Iterable[Field], values_by_owner: Mapping[str, Mapping[str, Any]]
) -> None:
    """The same for many owners at once (imports, seeding)."""
    run = uow.session.execute
    public = [f for f in fields if not f.private and f.form not in _NEVER]
    owners = list(values_by_owner)
    for start in range(0, len(owners), 500):
        lot = owners[start : start + 500]
        run(delete(Facet).where(Facet.owner_kind == owner_kind, Facet.owner_id.in_(lot)))
    rows = [
        {"owner_kind": owner_kind, "owner_id": owner, "field": field.name} | value
        for owner, values in values_by_owner.items()
        for field in public
        for value in _rows(field, values.get(field.name))
    ]
    if rows:
        run(insert(Facet), rows)


def rewrite_field(
    uow: UnitOfWork, *, owner_kind: str, name: str, field: Field | None, values_by_owner: Mapping[str, Any]
) -> None:
    """Write the facets of one field anew, for all owners; of a private or removed one none is left."""
    uow.session.execute(delete(Facet).where(Facet.owner_kind == owner_kind, Facet.field == name))
    if field is None or field.private or field.form in _NEVER:
        return
    rows = [
        {"owner_kind": owner_kind, "owner_id": owner, "field": name} | value
        for owner, given in values_by_owner.items()
        for value in _rows(field, given)
    ]
    if rows:
        uow.session.execute(insert(Facet), rows)


def _rows(field: Field, value: Any) -> list[dict[str, Any]]:
    if value is None or value in ("", []):
        return []
    if field.form is FieldForm.YES_NO:
        return [{"text": "yes" if value else "no", "number": None}]
    if field.form in _NUMBERS:
        number = date.fromisoformat(value).toordinal() if field.form is FieldForm.DATE else value
        return [{"text": None, "number": float(number)}]
    items = value if isinstance(value, list) else [value]
    return [{"text": str(item)[:_LONGEST], "number": None} for item in items]
