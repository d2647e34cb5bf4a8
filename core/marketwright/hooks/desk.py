"""The desk: what core lays before one plugin in one marketplace to work with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from marketwright.kernel.time import Clock


class DeskRefused(PermissionError):
    """The plugin asks for something that its manifest does not declare."""


class DeskActions(Protocol):
    """What a plugin may do in the marketplace, as actor ``plugin:<name>``; each lands in the audit log."""

    def meet_condition(self, plugin: str, contract: str, condition: str, evidence: str) -> None:
        """Mark a condition of a contract as met, with what shows it."""
        ...


class NoActions:
    """The actions of a marketplace without rooms (tests of a plugin alone)."""

    def meet_condition(self, plugin: str, contract: str, condition: str, evidence: str) -> None:
        """Refuse: nothing is there to act on."""
        msg = f"{plugin} cannot meet {condition} of {contract}: no marketplace stands behind this desk ({evidence})"
        raise DeskRefused(msg)


@dataclass(frozen=True, slots=True)
class Desk:
    """Bound to one plugin: its settings, the clock, its own folder, its declared secrets, its actions.

    ``base_url`` is the public address of the marketplace, ``stage`` one of ``demo``, ``test``, ``live``.
    """

    plugin: str
    settings: Mapping[str, Any]
    clock: Clock
    folder_path: Path
    secret_values: Mapping[str, str]
    acts: tuple[str, ...]
    base_url: str
    stage: str
    currency: str
    port: DeskActions

    @property
    def folder(self) -> Path:
        """The plugin's own folder, made when first asked for."""
        self.folder_path.mkdir(parents=True, exist_ok=True)
        return self.folder_path

    def secret(self, name: str) -> str:
        """The value of a declared environment variable; :class:`DeskRefused` for an undeclared one."""
        if name not in self.secret_values:
            msg = f"{self.plugin} does not declare the secret {name!r} in its manifest"
            raise DeskRefused(msg)
        return self.secret_values[name]

    def meet_condition(self, contract: str, condition: str, evidence: str) -> None:
        """Mark one of the plugin's own conditions as met; needs ``meet_condition`` in the manifest's ``acts``."""
        if "meet_condition" not in self.acts:
            msg = f"{self.plugin} does not declare the action 'meet_condition' in its manifest"
            raise DeskRefused(msg)
        if not condition.startswith(f"{self.plugin}."):
            msg = f"{self.plugin} may meet only conditions named {self.plugin}.…, not {condition!r}"
            raise DeskRefused(msg)
        self.port.meet_condition(self.plugin, contract, condition, evidence)
