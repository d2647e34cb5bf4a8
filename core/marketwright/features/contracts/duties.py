"""From which amount on the law asks more of a pair: what the country's pack says."""

from marketwright.hooks.manager import Plugins
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

LARGE = 500_000  # C11: minor units before tax, cumulated a pair; where no country pack says it


def large(uow: UnitOfWork) -> int:
    """From which amount on a pair's work is large, in minor units: what the country's pack says, else :data:`LARGE`."""
    entry = uow.ports.get(Plugins).countries.get(uow.ports.get(Marketplace).country)
    found = entry.it.obligation(uow.now.date()) if entry is not None else None
    return found.amount if found is not None else LARGE
