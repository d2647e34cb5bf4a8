"""What vetting answers to lower rooms, put together once at start."""

from marketwright.features.accounts.ports import Gate
from marketwright.features.profiles.ports import Proofs
from marketwright.features.vetting.checks import Asked, asked_by_gates
from marketwright.features.vetting.gate import CheckGate
from marketwright.features.vetting.proofs import ClaimProofs
from marketwright.hooks.manager import Plugins
from marketwright.kernel.ports import Ports
from marketwright.kernel.time import Clock
from marketwright.settings.marketplace import Marketplace


def fill(ports: Ports, marketplace: Marketplace, plugins: Plugins, clock: Clock) -> None:
    """Fill the ports of gates and proofs; ``BadSetting`` for a gate that asks for a check nobody brings."""
    asked = asked_by_gates(marketplace, plugins)
    ports.fill(Asked, asked)
    ports.fill(Gate, CheckGate(asked, clock))
    ports.fill(Proofs, ClaimProofs(asked, clock))
