"""Starting with core and its own plugins alone, when another one keeps the site from working."""

from dataclasses import replace

from marketwright.hooks.installed import installed
from marketwright.hooks.local import local_plugins
from marketwright.hooks.manager import Plugins
from marketwright.settings.marketplace import Marketplace

OWN = "marketwright"  # the distribution whose plugins are core's own


def own_plugins() -> frozenset[str]:
    """The plugins that come with marketwright itself."""
    return frozenset(n for n, point in installed().items() if point.dist is not None and point.dist.name == OWN)


def only_own(marketplace: Marketplace) -> Marketplace:
    """``marketplace`` with core's own plugins alone, in their order."""
    own = own_plugins() - set(local_plugins(marketplace.folder))
    kept = tuple(n for n in marketplace.plugins if n in own)
    settings = {n: s for n, s in marketplace.plugin_settings.items() if n in kept}
    return replace(marketplace, plugins=kept, plugin_settings=settings)


def without_absent(marketplace: Marketplace, plugins: Plugins) -> Marketplace:
    """``marketplace`` without naming a payment provider that was left out: nothing new is paid in meanwhile."""
    if marketplace.deal.provider in plugins.payment_providers:
        return marketplace
    return replace(marketplace, deal=replace(marketplace.deal, provider=""))
