"""What a plugin may do with its desk: what its manifest declares, and nothing else."""

from collections.abc import Sequence


class DeskRefused(PermissionError):
    """The plugin asks for something that its manifest does not declare."""


def need(plugin: str, what: str, declared: Sequence[str], key: str) -> None:
    """Raise :class:`DeskRefused` unless ``what`` stands in ``declared``, the manifest's ``key``."""
    if what not in declared:
        msg = f"{plugin} does not declare {what!r} in its manifest ({key}: {', '.join(declared) or 'none'})"
        raise DeskRefused(msg)
