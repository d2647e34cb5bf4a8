"""What plugins show in slots, checked when the site starts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from marketwright.kernel.errors import BadSetting
from marketwright.strategies.slots import SLOTS, SlotFill


class Filled(Protocol):
    """An entry of the facade: which plugin fills, and with what."""

    @property
    def plugin(self) -> str:
        """The plugin's name."""

    @property
    def it(self) -> SlotFill:
        """What it shows."""


F = TypeVar("F", bound=Filled)


def checked_slots(entries: Sequence[F], folders: Mapping[str, Path | None]) -> tuple[F, ...]:
    """The fills in the order in which they stand on a page.

    ``BadSetting`` naming the plugin for a slot that is not on the list, or a template that its folder does not have.
    """
    for entry in entries:
        where, fill = f"plugin {entry.plugin}: {type(entry.it).__name__}", entry.it
        if getattr(fill, "slot", None) not in SLOTS:
            raise BadSetting(f"there is no slot {getattr(fill, 'slot', None)!r}.", where=where,
                             fix=f"There are: {', '.join(SLOTS)} (docs/themes.md).")  # fmt: skip
        if not isinstance(fill.order, int):
            raise BadSetting(f"its order {fill.order!r} is no whole number.", where=where)
        template, folder = str(getattr(fill, "template", "")), folders.get(entry.plugin)
        file = folder / "templates" / template if folder else None
        if not template or ".." in template.split("/") or file is None or not file.is_file():
            raise BadSetting(f"its template {template!r} is not in the plugin's folder templates/.", where=where,
                             fix="Name it as it lies there, as <plugin>/badge.html.")  # fmt: skip
    return tuple(sorted(entries, key=lambda e: e.it.order))
