"""What plugins say can be handed over, checked when the site starts."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from marketwright.kernel.errors import BadSetting
from marketwright.strategies.deliverables import Deliverable, HandedRows
from marketwright.strategies.fields import Field, FieldForm

NAME = re.compile(r"[a-z][a-z_]{0,39}")  # of a field or a list: part of a form's names, which digits would confuse
DELETE_ON = "delete_on"  # core's own field of what is sealed


class Brought(Protocol):
    """An entry of the facade: which plugin brings it, and what."""

    @property
    def plugin(self) -> str:
        """The plugin's name."""

    @property
    def it(self) -> Deliverable:
        """What it brings."""


D = TypeVar("D", bound=Brought)


def checked_deliverables(entries: Sequence[D]) -> dict[str, D]:
    """The deliverables by name.

    ``BadSetting`` naming plugin and field for a name that is not the plugin's own or stands twice, an agreed field
    that another deliverable asks for too (both plugins are named), a field's name that no form can carry.
    """
    found: dict[str, D] = {}
    asked: dict[str, D] = {}
    for entry in entries:
        it, where = entry.it, f"plugin {entry.plugin}: {type(entry.it).__name__}"
        if not str(getattr(it, "name", "")).startswith(f"{entry.plugin}."):
            raise BadSetting(f"its name {getattr(it, 'name', None)!r} is not <plugin>.<word>.", where=where,
                             fix=f"Call it '{entry.plugin}.<word>'.")  # fmt: skip
        if it.name in found:
            raise BadSetting(f"the deliverable {it.name!r} stands twice.", where=where, fix="Keep one.")
        for field in it.agreed:
            if field.name in asked:
                raise BadSetting(
                    f"both {asked[field.name].plugin!r} and {entry.plugin!r} ask for the agreed field {field.name!r}.",
                    where=where, fix="Give one of the two another name.",
                )  # fmt: skip
            asked[field.name] = entry
        _check_fields(it, where)
        for one in it.rows:
            _check_rows(one, where)
        found[it.name] = entry
    return found


def _check_fields(it: Deliverable, where: str) -> None:
    _check_names((*it.agreed, *it.handed), where)
    if any(f.form is FieldForm.FILE for f in it.agreed):
        raise BadSetting("a file cannot be agreed on.", where=where, fix="Ask for it in `handed`.")
    if any(f.name == DELETE_ON for f in it.agreed):
        raise BadSetting(f"the field {DELETE_ON!r} is core's own.", where=where, fix="Give yours another name.")


def _check_rows(rows: HandedRows, where: str) -> None:
    _check_names(rows.every, where)
    if not NAME.fullmatch(rows.name):
        raise BadSetting(f"the list {rows.name!r} has letters and _ alone in its name.", where=where)
    if any(f.form is FieldForm.FILE for f in rows.every):
        raise BadSetting(f"a file stands in the list {rows.name!r}.", where=where,
                         fix="Ask for files in `handed`; what is attached comes with the delivery.")  # fmt: skip
    choices = {f.name for f in rows.every if f.form is FieldForm.CHOICE}
    if rows.chart and rows.chart not in choices:
        raise BadSetting(f"the chart of {rows.name!r} counts {rows.chart!r}, which is no choice among its columns.",
                         where=where)  # fmt: skip


def _check_names(fields: Iterable[Field], where: str) -> None:
    seen: set[str] = set()
    for field in fields:
        if field.form is FieldForm.ROWS:
            raise BadSetting(f"the field {field.name!r} is a table.", where=where, fix="Make it one of `rows`.")
        if not NAME.fullmatch(field.name):
            raise BadSetting(f"the field {field.name!r} has letters and _ alone in its name.", where=where)
        if field.name in seen:
            raise BadSetting(f"the field {field.name!r} stands twice.", where=where, fix="Keep one.")
        seen.add(field.name)
