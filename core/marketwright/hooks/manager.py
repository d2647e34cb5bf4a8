"""The typed facade over pluggy: the only place in core that calls a plugin.

It walks the implementations in the order of marketplace.toml, each in its own try, and never calls ``pm.hook.x()``:
one exception there would stop the rest, the last registered would run first, a wrapper could erase others.
"""

import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

import pluggy
from marshmallow import RAISE, ValidationError

from marketwright.hooks import specs
from marketwright.hooks.desk import Desk
from marketwright.hooks.manifest import Manifest
from marketwright.hooks.marker import PROJECT
from marketwright.kernel.errors import BadSetting, MarketwrightError, PluginFailed
from marketwright.kernel.events import Event
from marketwright.kernel.guard import unit_is_open
from marketwright.strategies.documents import ContractTemplate
from marketwright.strategies.fields import Field, Taxonomy
from marketwright.strategies.matching import MatchingCriterion
from marketwright.strategies.payments import PaymentProvider
from marketwright.strategies.placements import Placement
from marketwright.strategies.pricing import PricingRule
from marketwright.strategies.processes import Condition, Process
from marketwright.strategies.vetting import VettingCheck

log = logging.getLogger("marketwright.plugins")
GROUP = "marketwright.plugins"
S = TypeVar("S")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Plugin:
    """One enabled plugin: its module, manifest, checked settings and desk."""

    name: str
    module: ModuleType
    manifest: Manifest
    settings: Mapping[str, Any]
    desk: Desk

    @property
    def folder(self) -> Path | None:
        """The package's folder on disk (templates, static, translations, demo lie there)."""
        file = self.module.__file__
        return Path(file).parent if file else None


@dataclass(frozen=True, slots=True)
class Entry(Generic[S]):
    """One strategy of one plugin. Calls go through :meth:`ask`, never straight to ``it``."""

    plugin: str
    it: S

    def ask(self, what: str, question: Callable[[S], R]) -> R:
        """Call the plugin: refused while a unit of work is open (P1); any exception becomes ``PluginFailed`` (P2).

        A ``MarketwrightError`` passes: the plugin has said something meant for people.
        """
        if unit_is_open():
            msg = f"P1: {self.plugin}.{what} was called while a unit of work is open"
            raise RuntimeError(msg)
        try:
            return question(self.it)
        except MarketwrightError:
            raise
        except Exception as error:
            log.exception("plugin %s failed in %s", self.plugin, what)
            raise PluginFailed(self.plugin, what, f"{type(error).__name__}: {error}") from error


def installed() -> dict[str, EntryPoint]:
    """Entry points of all installed plugins by name; a name installed twice is refused."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if point.name in found and found[point.name].value != point.value:
            raise BadSetting(
                f"two installed packages bring a plugin named {point.name!r} "
                f"({found[point.name].value} and {point.value}).", where="plugins", fix="Uninstall one of them.",
            )  # fmt: skip
        found[point.name] = point
    return found


def load_module(name: str) -> ModuleType:
    """The module of the plugin ``name``; says name and fix when it is unknown or cannot be imported."""
    points = installed()
    if name not in points:
        raise BadSetting(
            f"no plugin named {name!r} is installed.", where="marketplace.toml: plugins",
            fix=f"Installed are: {', '.join(sorted(points)) or 'none'}.",
        )  # fmt: skip
    try:
        module = points[name].load()
    except Exception as error:
        raise BadSetting(
            f"the plugin {name!r} cannot be imported: {error}.", where=f"plugin {name}",
            fix="Install what it needs, or take it off the list `plugins`.",
        ) from error  # fmt: skip
    if not isinstance(module, ModuleType):
        raise BadSetting("its entry point names no module.", where=f"plugin {name}", fix="Name the package itself.")
    return module


def check_settings(manifest: Manifest, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """``given`` checked by the plugin's schema; unknown keys are refused."""
    try:
        result: Mapping[str, Any] = manifest.settings(unknown=RAISE).load(dict(given))
    except ValidationError as error:
        errors = _by_key(cast(Mapping[str, Any], error.messages), f"plugin.{manifest.name}")
        key = next(iter(errors))
        raise BadSetting(
            " ".join(errors[key]), errors=errors,
            where=f"marketplace.toml: [plugin.{manifest.name}] {key.removeprefix(f'plugin.{manifest.name}.')}",
        ) from error  # fmt: skip
    return result


def _by_key(messages: Mapping[Any, Any], above: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in messages.items():
        path = above if key == "_schema" else f"{above}.{key}"
        if isinstance(value, Mapping):
            found |= _by_key(value, path)
        else:
            found[path] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return found


DeskMaker = Callable[[Manifest, Mapping[str, Any]], Desk]


@dataclass
class Plugins:
    """The enabled plugins of one application and what they brought, in the order of marketplace.toml."""

    enabled: tuple[Plugin, ...] = ()
    matching_criteria: tuple[Entry[MatchingCriterion], ...] = ()
    placements: tuple[Entry[Placement], ...] = ()
    pricing_rules: tuple[Entry[PricingRule], ...] = ()
    contract_templates: tuple[Entry[ContractTemplate], ...] = ()
    payment_providers: dict[str, Entry[PaymentProvider]] = field(default_factory=dict)
    vetting_checks: dict[str, Entry[VettingCheck]] = field(default_factory=dict)
    processes: dict[str, Entry[Process]] = field(default_factory=dict)
    conditions: dict[str, Entry[Condition]] = field(default_factory=dict)
    fields: tuple[Entry[Field], ...] = ()
    taxonomies: tuple[Entry[Taxonomy], ...] = ()
    listeners: dict[str, Callable[[Event], None]] = field(default_factory=dict)
    blueprints: tuple[tuple[str, Any], ...] = ()

    def plugin(self, name: str) -> Plugin | None:
        """The enabled plugin ``name``, or ``None``."""
        return next((p for p in self.enabled if p.name == name), None)


def load_plugins(
    names: Sequence[str], settings: Mapping[str, Mapping[str, Any]], make_desk: DeskMaker,
    modules: Mapping[str, ModuleType] | None = None,
) -> Plugins:  # fmt: skip
    """Load ``names`` one by one, in order. ``modules`` replaces installed ones (tests).

    Raises ``BadSetting`` with name and fix for: an unknown or doubled name, a failing import, a misspelt hook, a
    function with a hook's name but no mark, ``tryfirst``/``trylast``/wrappers, a bad setting.
    """
    doubled = sorted({n for n in names if list(names).count(n) > 1})
    if doubled:
        raise BadSetting(f"{doubled[0]!r} stands twice.", where="marketplace.toml: plugins", fix="Keep one.")
    stray = sorted(set(settings) - set(names))
    if stray:
        raise BadSetting(
            "settings for a plugin that is not enabled.", where=f"marketplace.toml: [plugin.{stray[0]}]",
            fix=f"Add {stray[0]!r} to the list `plugins`, or remove the table.",
        )  # fmt: skip
    pm = pluggy.PluginManager(PROJECT)
    pm.add_hookspecs(specs)
    enabled = [_enable(pm, name, settings.get(name, {}), make_desk, modules or {}) for name in names]
    for plugin in enabled:
        absent = [r for r in plugin.manifest.requires if r not in names]
        if absent:
            raise BadSetting(f"it needs the plugin {absent[0]!r}.", where=f"plugin {plugin.name}",
                             fix=f"Add {absent[0]!r} to the list `plugins` in marketplace.toml.")  # fmt: skip
    return _collect(pm, tuple(enabled))


def _enable(
    pm: pluggy.PluginManager, name: str, given: Mapping[str, Any], make_desk: DeskMaker,
    modules: Mapping[str, ModuleType],
) -> Plugin:  # fmt: skip
    module = modules.get(name) or load_module(name)
    manifest = getattr(module, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise BadSetting("the module has no value `manifest` of type Manifest.", where=f"plugin {name}")
    if manifest.name != name:
        raise BadSetting(f"its manifest says {manifest.name!r}.", where=f"plugin {name}", fix="Use one name for both.")
    _check_marks(name, module)
    checked = check_settings(manifest, given)
    pm.register(module, name)
    try:
        pm.check_pending()
    except pluggy.PluginValidationError as error:
        raise BadSetting(str(error), where=f"plugin {name}", fix="docs/hooks.md lists the hooks.") from error
    return Plugin(name, module, manifest, checked, make_desk(manifest, checked))


def _check_marks(name: str, module: ModuleType) -> None:
    hooks = {n for n, f in inspect.getmembers(specs, inspect.isfunction) if f.__module__ == specs.__name__}
    for attribute, function in inspect.getmembers(module, inspect.isfunction):
        mark = getattr(function, f"{PROJECT}_impl", None)
        if attribute in hooks and mark is None:
            raise BadSetting(f"{attribute}() has a hook's name but no mark.", where=f"plugin {name}",
                             fix="Put @hookimpl above it, or rename it.")  # fmt: skip
        if mark and any(mark.get(k) for k in ("tryfirst", "trylast", "wrapper", "hookwrapper", "optionalhook")):
            raise BadSetting(f"{attribute}() uses tryfirst, trylast, a wrapper or optionalhook.",
                             where=f"plugin {name}", fix="The order is the order of marketplace.toml.")  # fmt: skip


def _collect(pm: pluggy.PluginManager, enabled: tuple[Plugin, ...]) -> Plugins:
    found = Plugins(enabled=enabled)
    found.matching_criteria = _built(pm, enabled, "register_matching_criteria", MatchingCriterion)
    found.placements = _built(pm, enabled, "register_placements", Placement)
    found.pricing_rules = _built(pm, enabled, "register_pricing_rules", PricingRule)
    found.contract_templates = _built(pm, enabled, "register_contract_templates", ContractTemplate)
    found.payment_providers = _named(_built(pm, enabled, "register_payment_providers", PaymentProvider))
    found.vetting_checks = _named(_built(pm, enabled, "register_vetting_checks", VettingCheck))
    found.processes = _named(_values(pm, enabled, "register_processes", Process))
    found.conditions = _named(_values(pm, enabled, "register_conditions", Condition))
    found.fields = _values(pm, enabled, "register_fields", Field)
    _named(found.fields)
    _named(found.matching_criteria)
    _named(found.placements)
    found.taxonomies = _values(pm, enabled, "register_taxonomies", Taxonomy)
    found.blueprints = tuple(
        (plugin.name, blueprint)
        for plugin, function in _implementations(pm, enabled, "register_blueprints")
        for blueprint in _once(plugin, "register_blueprints", partial(function, plugin.settings, plugin.desk))
    )
    for plugin, function in _implementations(pm, enabled, "on_event"):
        found.listeners[plugin.name] = _listener(plugin, function)
    return found


def _listener(plugin: Plugin, function: Callable[..., Any]) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        Entry(plugin.name, function).ask("on_event", lambda f: f(event, plugin.desk))

    return tell


def _implementations(
    pm: pluggy.PluginManager, enabled: tuple[Plugin, ...], hook: str
) -> list[tuple[Plugin, Callable[..., Any]]]:
    by_name = {impl.plugin_name: impl for impl in getattr(pm.hook, hook).get_hookimpls()}
    found = []
    for plugin in enabled:
        impl = by_name.get(plugin.name)
        if impl is not None:
            found.append((plugin, _with_named_arguments(impl)))
    return found


def _with_named_arguments(impl: Any) -> Callable[..., Any]:
    spec = {"on_event": ("event", "desk"), "register_blueprints": ("settings", "desk")}

    def call(*given: Any) -> Any:
        names = spec.get(impl.function.__name__, ("settings",))
        values = dict(zip(names, given, strict=True))
        return impl.function(*(values[a] for a in impl.argnames))

    return call


def _once(plugin: Plugin, hook: str, call: Callable[[], Any]) -> Sequence[Any]:
    try:
        brought = call()
    except Exception as error:
        raise BadSetting(f"{hook}() failed: {type(error).__name__}: {error}", where=f"plugin {plugin.name}") from error
    if brought is None or isinstance(brought, str | bytes) or not isinstance(brought, Sequence):
        raise BadSetting(f"{hook}() returned {type(brought).__name__}, not a list.", where=f"plugin {plugin.name}")
    return brought


def _built(
    pm: pluggy.PluginManager, enabled: tuple[Plugin, ...], hook: str, kind: type[S]
) -> tuple[Entry[S], ...]:
    entries: list[Entry[S]] = []
    for plugin, function in _implementations(pm, enabled, hook):
        for cls in _once(plugin, hook, partial(function, plugin.settings)):
            if not (isinstance(cls, type) and issubclass(cls, kind)):
                raise BadSetting(f"{hook}() returned {cls!r}, not a class of {kind.__name__}.",
                                 where=f"plugin {plugin.name}")  # fmt: skip
            built = _make(plugin, cls)
            entries.append(Entry(plugin.name, built))
    return tuple(entries)


def _make(plugin: Plugin, cls: Callable[..., S]) -> S:
    try:
        return cls(plugin.settings, plugin.desk)
    except Exception as error:
        raise BadSetting(
            f"{getattr(cls, '__name__', cls)} cannot be built: {type(error).__name__}: {error}",
            where=f"plugin {plugin.name}",
        ) from error


def _values(
    pm: pluggy.PluginManager, enabled: tuple[Plugin, ...], hook: str, kind: type[S]
) -> tuple[Entry[S], ...]:
    entries: list[Entry[S]] = []
    for plugin, function in _implementations(pm, enabled, hook):
        for value in _once(plugin, hook, partial(function, plugin.settings)):
            if not isinstance(value, kind):
                raise BadSetting(f"{hook}() returned {value!r}, not a {kind.__name__}.", where=f"plugin {plugin.name}")
            entries.append(Entry(plugin.name, value))
    return tuple(entries)


def _named(entries: tuple[Entry[Any], ...]) -> dict[str, Entry[Any]]:
    found: dict[str, Entry[Any]] = {}
    for entry in entries:
        name = entry.it.name
        if name in found:
            raise BadSetting(
                f"both {found[name].plugin!r} and {entry.plugin!r} bring {type(entry.it).__name__} {name!r}.",
                where="marketplace.toml: plugins", fix="Take one of the two off the list.",
            )  # fmt: skip
        found[name] = entry
    return found
