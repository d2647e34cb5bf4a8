"""Files of the niche's own fields: kept by the files room, named in the JSON of their profile or mission."""

from collections.abc import Iterable, Mapping
from typing import Any

from marketwright.features.files import service as files
from marketwright.features.files.checks import Checked
from marketwright.kernel.errors import NotFound
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field, FieldForm


def purpose_of(owner_kind: str) -> str:
    """The purpose of such files, which says who may read them: ``profile_field`` or ``mission_field``."""
    return f"{owner_kind}_field"


def put(
    uow: UnitOfWork, *, fields: Iterable[Field], stored: Mapping[str, Any], name: str, owner_kind: str, owner_id: str,
    checked: Checked | None,
) -> dict[str, Any]:  # fmt: skip
    """``stored`` with the file of the field ``name`` put in place of the one there; ``None`` takes it away."""
    if not any(f.name == name and f.form is FieldForm.FILE for f in fields):
        raise NotFound("There is no such field.")
    rest = {k: v for k, v in stored.items() if k != name}
    if name in stored:
        files.remove(uow, file=stored[name]["id"])
    if checked is None:
        return rest
    purpose = purpose_of(owner_kind)
    kept = files.keep(uow, checked=checked, purpose=purpose, owner_kind=owner_kind, owner_id=owner_id)
    return {**rest, name: {"id": kept, "name": checked.name}}
