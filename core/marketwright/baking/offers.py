"""What is installed and can be chosen when a marketplace is baked: niche packs, themes, payment providers."""

import json
from functools import cache
from types import ModuleType
from typing import Any

from marketwright.baking.answers import Offers
from marketwright.hooks.manager import installed, load_module
from marketwright.hooks.manifest import Manifest
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.packages import offered
from marketwright.strategies.payments import PaymentProvider
from marketwright.strategies.processes import Sale
from marketwright.theming.theme import GROUP as THEMES
from marketwright.theming.theme import made_for, theme_folder


@cache
def installed_offers() -> Offers:
    """What this interpreter has installed; a plugin that cannot be imported is not offered."""
    niches, secrets = [], {}
    courses: dict[str, tuple[str, ...]] = {}
    holding: dict[str, str] = {}
    others: dict[str, str] = {}
    refused: dict[str, dict[str, str]] = {}
    for name in sorted(installed()):
        try:
            module = load_module(name)
        except BadSetting:
            continue
        manifest = getattr(module, "manifest", None)
        if not isinstance(manifest, Manifest):
            continue
        if manifest.niche:
            niches.append(name)
            courses |= _courses(name, module, manifest)
        if hasattr(module, "register_payment_providers"):
            provider = _provider(module, manifest)
            (holding if provider is None or provider.holding else others)[name] = provider.name if provider else name
            if provider is not None and provider.refuses:
                refused[name] = dict(provider.refuses)
        if manifest.secrets:
            secrets[name] = manifest.secrets
    themes = tuple(sorted(p.name for p in offered(THEMES)))
    colours = {t: c for t in themes if (c := _brand_colour(t))}
    own = {n: t for t in reversed(themes) if (n := _made_for(t)) in niches}
    return Offers(tuple(niches), themes, holding | others, secrets, colours, tuple(others), courses, own,
                  refused)  # fmt: skip


def _brand_colour(theme: str) -> str:
    try:
        return str(json.loads((theme_folder(theme) / "tokens.json").read_text("utf-8")).get("brand", ""))
    except (BadSetting, OSError, ValueError):
        return ""


def _made_for(theme: str) -> str:
    try:
        return made_for(theme)
    except BadSetting:
        return ""


def _courses(plugin: str, module: ModuleType, manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """The processes of a niche pack that hold money and begin with a proposal."""
    if not hasattr(module, "register_processes"):
        return {}
    defaults: Any = manifest.settings().load({})
    found = [p for p in module.register_processes(defaults) if p.holds and p.sale is Sale.PROPOSAL]
    return {plugin: tuple(p.name for p in found)}


def _provider(module: ModuleType, manifest: Manifest) -> type[PaymentProvider] | None:
    """The (first) provider of a plugin; ``None`` where the plugin wants settings before it names one."""
    try:
        defaults: Any = manifest.settings().load({})
        first: type[PaymentProvider] = module.register_payment_providers(defaults)[0]
    except Exception:  # noqa: BLE001  a plugin that wants settings first
        return None
    return first
