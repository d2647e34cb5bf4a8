"""What a marketplace has one of: an adapter a port, an embedder. Checked when the site starts."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from marketwright.kernel.errors import BadSetting
from marketwright.strategies.adapters import FileAdapter, MailAdapter, ScanAdapter


class Brought(Protocol):
    """An entry of the facade: which plugin brings it."""

    @property
    def plugin(self) -> str:
        """The plugin's name."""

    @property
    def it(self) -> Any:
        """The strategy."""


E = TypeVar("E", bound=Brought)


def one_a_port(entries: Sequence[E]) -> dict[str, E]:
    """Adapters by port; ``BadSetting`` for two of one port, and for one of none."""
    found: dict[str, E] = {}
    for entry in entries:
        port = entry.it.port
        if not isinstance(entry.it, MailAdapter | FileAdapter | ScanAdapter):
            raise BadSetting(f"its adapter {entry.it.name!r} is for no known port ({port!r}).",
                             where=f"plugin {entry.plugin}",
                             fix="Subclass MailAdapter, FileAdapter or ScanAdapter.")  # fmt: skip
        if port in found:
            raise _two(found[port], entry, f"an adapter for {port!r}")
        found[port] = entry
    return found


def the_one(entries: Sequence[E], what: str) -> E | None:
    """The only one, or ``None``; ``BadSetting`` names two plugins that both bring one."""
    if len(entries) > 1:
        raise _two(entries[0], entries[1], what)
    return entries[0] if entries else None


def _two(one: Brought, other: Brought, what: str) -> BadSetting:
    return BadSetting(f"both {one.plugin!r} and {other.plugin!r} bring {what}.", where="marketplace.toml: plugins",
                      fix="Take one of the two off the list.")  # fmt: skip
