"""What becomes of stored values when a field is removed, or its type or choices change."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.facets import forms
from marketwright.features.facets.service import rewrite_field
from marketwright.features.files import service as files
from marketwright.features.seals import service as seals
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field, FieldForm

_NOT_FROM_OTHERS = (FieldForm.YES_NO, FieldForm.FILE, FieldForm.MONEY, FieldForm.ROWS)


def values_of(session: Session, table: Any, name: str) -> dict[str, Any]:
    """The stored values of the field ``name`` by owner; ``table`` has ``id`` and ``fields``."""
    query = select(table.id, table.fields).where(table.fields[name].as_string().is_not(None))
    return {row.id: row.fields[name] for row in session.execute(query) if row.fields.get(name) is not None}


def converted(before: Field, after: Field | None, value: Any) -> Any:
    """``value`` of the old field as a value of the new one; ``None`` when it is lost."""
    if after is None or value in (None, "", []):
        return None
    if forms.seal_of(value):
        return value if after.sealed and after.form is before.form else None
    if before.form is not after.form:
        return _of_another_form(before, after, value)
    allowed = {v for v, _ in after.choices}
    if after.form is FieldForm.CHOICE:
        return value if value in allowed else None
    if after.form is FieldForm.CHOICES:
        return [v for v in value if v in allowed] or None
    return value


def _of_another_form(before: Field, after: Field, value: Any) -> Any:
    if after.form in _NOT_FROM_OTHERS or before.form in (FieldForm.FILE, FieldForm.MONEY, FieldForm.ROWS):
        return None
    try:
        return forms.check([after], {after.name: value}).get(after.name)
    except InvalidInput:
        return None


class AnswersFit:
    """Answers overlay's port ``Fits``: what stands against other questions while the answers stay as they are.

    ``tables`` has by owner of fields the table that keeps their answers: it has ``id`` and ``fields``.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.tables = tables

    def __call__(self, session: Session, before: Sequence[Field], after: Sequence[Field]) -> Mapping[str, list[Text]]:
        """Sentences under ``fields``; empty where every answer stays what it is."""
        new = {(f.owner, f.name): f for f in after}
        said: list[Text] = []
        for field in before:
            then = new.get((field.owner, field.name))
            if then == field:
                continue
            known = values_of(session, self.tables[field.owner], field.name).values()
            odd = sum(converted(field, then, value) != value for value in known)
            if odd:
                said.append(say("%(n)s answers to %(field)s do not fit it as it was: change the field itself, which "
                                "asks what becomes of them.", n=odd, field=field.name))  # fmt: skip
        return {"fields": said} if said else {}


def loses(before: Field, after: Field | None, value: Any) -> bool:
    """Whether an answer is lost, or a part of it."""
    kept = converted(before, after, value)
    return kept is None or (isinstance(value, list) and isinstance(kept, list) and len(kept) < len(value))


def reshape(uow: UnitOfWork, table: Any, *, owner_kind: str, before: Field, after: Field | None) -> int:
    """Bring every stored value of ``before`` to what ``after`` is (``None``: removed), its facets too.

    Returns how many answers were lost, whole or in part. ``table`` is the calling room's own: it has ``id``,
    ``fields`` and ``version``.
    """
    known = values_of(uow.session, table, before.name)
    kept: dict[str, Any] = {}
    for row in uow.session.scalars(select(table).where(table.id.in_(known))).all() if known else ():
        value = converted(before, after, row.fields[before.name])
        if value is None and before.form is FieldForm.FILE:
            files.remove(uow, file=row.fields[before.name]["id"])
        if value is None and (seal := forms.seal_of(row.fields[before.name])):
            seals.delete(uow, [seal])
        rest: Mapping[str, Any] = {k: v for k, v in row.fields.items() if k != before.name}
        if value != row.fields[before.name]:
            row.fields = {**rest, before.name: value} if value is not None else dict(rest)
        row.version += 1
        if value is not None:
            kept[row.id] = value
    uow.flush()
    rewrite_field(uow, owner_kind=owner_kind, name=before.name, field=after, values_by_owner=kept)
    return sum(loses(before, after, v) for v in known.values())
