"""The typed facade over pluggy: the only place in core that calls a plugin.

It walks the implementations in the order of marketplace.toml, each in its own try, and never calls ``pm.hook.x()``:
one exception there would stop the rest, the last registered would run first, a wrapper could erase others.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

import pluggy

from marketwright.hooks import specs
from marketwright.hooks.calls import Meters, call
from marketwright.hooks.deliverables import checked_deliverables
from marketwright.hooks.desk import Desk
from marketwright.hooks.fields import faults_of as faults_of_fields
from marketwright.hooks.fields import in_currency
from marketwright.hooks.installed import check_manifest, check_marks, check_settings, installed, load_module
from marketwright.hooks.manifest import Manifest
from marketwright.hooks.marker import PROJECT
from marketwright.hooks.questionnaires import checked_questionnaires
from marketwright.hooks.rates import at_own_rate
from marketwright.hooks.single import one_a_port, the_one
from marketwright.hooks.slots import checked_slots
from marketwright.hooks.sound import check_sound, checked_jobs, named
from marketwright.kernel.errors import BadSetting, MarketwrightError, PluginFailed
from marketwright.kernel.events import Event
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.guard import unit_is_open
from marketwright.strategies.adapters import Adapter
from marketwright.strategies.conditions import Condition
from marketwright.strategies.conditions import faults_of as faults_of_condition
from marketwright.strategies.countries import Country, Identifiers, faults_of
from marketwright.strategies.deliverables import Deliverable
from marketwright.strategies.documents import ContractTemplate
from marketwright.strategies.embedders import Embedder
from marketwright.strategies.estimators import Estimator
from marketwright.strategies.fields import Field, Taxonomy
from marketwright.strategies.jobs import Job
from marketwright.strategies.journals import Journal
from marketwright.strategies.matching import MatchingCriterion
from marketwright.strategies.notices import NoticeText
from marketwright.strategies.payments import PaymentProvider
from marketwright.strategies.placements import Placement
from marketwright.strategies.pricing import PricingRule
from marketwright.strategies.processes import Process
from marketwright.strategies.questionnaires import Questionnaire
from marketwright.strategies.slots import SlotFill
from marketwright.strategies.vetting import VettingCheck

log = logging.getLogger("marketwright.plugins")
S = TypeVar("S")
R = TypeVar("R")
AT_START = 15.0  # seconds that a plugin may take to say what it brings


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
        file = getattr(self.module, "__file__", None)
        return Path(file).parent if file else None


@dataclass(frozen=True, slots=True)
class Entry(Generic[S]):
    """One strategy of one plugin. Calls go through :meth:`ask`, never straight to ``it``."""

    plugin: str
    it: S
    meters: Meters = field(default_factory=Meters, compare=False)

    def ask(self, what: str, question: Callable[[S], R], *, limit: float | None = None, answers: Any = object
            ) -> R:  # fmt: skip
        """Call the plugin: refused while a unit of work is open (P1); any exception becomes ``PluginFailed`` (P2).

        ``limit`` is in seconds, by default that of the kind of call; ``answers`` the class of what makes sense as an
        answer. A ``MarketwrightError`` passes: the plugin has said something meant for people.
        """
        if unit_is_open():
            msg = f"P1: {self.plugin}.{what} was called while a unit of work is open"
            raise RuntimeError(msg)
        try:
            answer = cast(R, call(self.meters, self.plugin, what, lambda: question(self.it), limit))
        except MarketwrightError as said:
            if isinstance(said, PluginFailed) and said.late:
                log.error("plugin %s failed in %s: %s", self.plugin, what, said.reason)
            raise
        except Exception as error:
            log.exception("plugin %s failed in %s", self.plugin, what)
            raise PluginFailed(self.plugin, what, f"{type(error).__name__}: {error}") from error
        if not isinstance(answer, answers):
            raise self.failed(what, f"it answered {type(answer).__name__}")
        return answer

    def failed(self, what: str, reason: str) -> PluginFailed:
        """The error to raise for an answer that makes no sense: logged, and counted among the plugin's errors."""
        log.error("plugin %s failed in %s: %s", self.plugin, what, reason)
        self.meters.note(self.plugin, what, 0.0, reason)
        return PluginFailed(self.plugin, what, reason)


DeskMaker = Callable[[Manifest, Mapping[str, Any]], Desk]


@dataclass
class Plugins:
    """The enabled plugins of one application and what they brought, in the order of marketplace.toml."""

    enabled: tuple[Plugin, ...] = ()
    matching_criteria: tuple[Entry[MatchingCriterion], ...] = ()
    placements: tuple[Entry[Placement], ...] = ()
    embedder: Entry[Embedder] | None = None
    pricing_rules: tuple[Entry[PricingRule], ...] = ()
    contract_templates: tuple[Entry[ContractTemplate], ...] = ()
    payment_providers: dict[str, Entry[PaymentProvider]] = field(default_factory=dict)
    vetting_checks: dict[str, Entry[VettingCheck]] = field(default_factory=dict)
    processes: dict[str, Entry[Process]] = field(default_factory=dict)
    conditions: dict[str, Entry[Condition]] = field(default_factory=dict)
    deliverables: dict[str, Entry[Deliverable]] = field(default_factory=dict)
    estimators: dict[str, Entry[Estimator]] = field(default_factory=dict)
    questionnaires: dict[str, Entry[Questionnaire]] = field(default_factory=dict)
    countries: dict[str, Entry[Country]] = field(default_factory=dict)
    journals: dict[str, Entry[Journal]] = field(default_factory=dict)
    fields: tuple[Entry[Field], ...] = ()
    taxonomies: tuple[Entry[Taxonomy], ...] = ()
    notices: tuple[Entry[NoticeText], ...] = ()
    listeners: dict[str, Callable[[Event], None]] = field(default_factory=dict)
    blueprints: tuple[tuple[str, Any], ...] = ()
    jobs: tuple[Entry[Job], ...] = ()
    commands: tuple[tuple[str, Any], ...] = ()
    adapters: dict[str, Entry[Adapter]] = field(default_factory=dict)
    slots: tuple[Entry[SlotFill], ...] = ()
    meters: Meters = field(default_factory=Meters)

    def add_fields(self, source: str, fields: Sequence[Field], *, currency: str) -> None:
        """Add the marketplace's own ``fields``, said by ``source``; amounts of all fields are in ``currency``.

        ``BadSetting`` when a plugin brings a field of the same name: both sources are named.
        """
        known = [replace(e, it=in_currency(e.it, currency)) for e in self.fields]
        brought = {e.it.name: e.plugin for e in known}
        for number, one in enumerate(fields):
            if one.name in brought:
                raise BadSetting(
                    f"both {source} and the plugin {brought[one.name]!r} bring a field {one.name!r}.",
                    where=f"{source}: fields.{number}.name", fix="Give yours another name.",
                    key=f"fields.{number}.name",
                )  # fmt: skip
        self.fields = (*known, *(Entry(source, one) for one in fields))
        for entry in self.deliverables.values():
            it = entry.it
            vars(it).update(
                agreed=tuple(in_currency(f, currency) for f in it.agreed),
                handed=tuple(in_currency(f, currency) for f in it.handed),
                rows=tuple(replace(r, columns=tuple(in_currency(c, currency) for c in r.columns)) for r in it.rows),
            )

    @property
    def identifiers(self) -> dict[str, Identifiers]:
        """By country: the numbers of its businesses, where its pack knows them."""
        packs = {code: entry.it.identifiers for code, entry in self.countries.items()}
        return {code: found for code, found in packs.items() if found is not None}

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
    check_manifest(manifest)
    check_marks(name, module)
    checked = check_settings(manifest, given)
    pm.register(module, name)
    try:
        pm.check_pending()
    except pluggy.PluginValidationError as error:
        raise BadSetting(str(error), where=f"plugin {name}", fix="docs/hooks.md lists the hooks.") from error
    return Plugin(name, module, manifest, checked, make_desk(manifest, checked))


def _collect(pm: pluggy.PluginManager, enabled: tuple[Plugin, ...]) -> Plugins:
    found = Plugins(enabled=enabled)
    bring = _Bringing(pm, enabled, found.meters)
    found.matching_criteria = bring.built("register_matching_criteria", MatchingCriterion)
    found.placements = bring.built("register_placements", Placement)
    found.embedder = the_one(bring.built("register_embedders", Embedder), "an embedder")
    found.pricing_rules = bring.built("register_pricing_rules", PricingRule)
    found.contract_templates = bring.built("register_contract_templates", ContractTemplate)
    found.payment_providers = named(bring.built("register_payment_providers", PaymentProvider))
    found.vetting_checks = named(bring.built("register_vetting_checks", VettingCheck))
    found.processes = named(bring.values("register_processes", Process))
    found.deliverables = checked_deliverables(bring.built("register_deliverables", Deliverable))
    found.estimators = named(bring.built("register_estimators", Estimator))
    packs = _checked_countries(bring.values("register_countries", Country))
    found.countries = {code: replace(e, it=at_own_rate(e.it, found.pricing_rules)) for code, e in packs.items()}
    found.journals = named(bring.built("register_journals", Journal))
    found.fields = _checked_fields(bring.values("register_fields", Field))
    asked = bring.values("register_conditions", Condition)
    found.conditions = named(_checked_conditions(asked, found.fields, found.vetting_checks))
    named(found.fields)
    found.questionnaires = checked_questionnaires(
        bring.built("register_questionnaires", Questionnaire), {e.it.name: e.it for e in found.fields}
    )
    named(found.matching_criteria)
    named(found.placements)
    found.taxonomies = bring.values("register_taxonomies", Taxonomy)
    found.notices = bring.values("register_notices", NoticeText)
    found.jobs = checked_jobs(bring.values("register_jobs", Job))
    found.adapters = one_a_port(bring.built("register_adapters", Adapter))
    found.slots = checked_slots(bring.built("register_slots", SlotFill), {p.name: p.folder for p in enabled})
    found.blueprints = bring.things("register_blueprints")
    found.commands = bring.things("register_commands")
    for plugin, function in bring.implementations("on_event"):
        found.listeners[plugin.name] = _listener(plugin, function, found.meters)
    return found


def _listener(plugin: Plugin, function: Callable[..., Any], meters: Meters) -> Callable[[Event], None]:
    entry = Entry(plugin.name, function, meters)

    def tell(event: Event) -> None:
        entry.ask("on_event", lambda f: f(event, plugin.desk))

    return tell


_ARGUMENTS = {
    "on_event": ("event", "desk"), "register_blueprints": ("settings", "desk"),
    "register_commands": ("settings", "desk"),
}  # fmt: skip


def _with_named_arguments(impl: Any) -> Callable[..., Any]:
    names = _ARGUMENTS.get(impl.function.__name__, ("settings",))

    def call(*given: Any) -> Any:
        values = dict(zip(names, given, strict=True))
        return impl.function(*(values[a] for a in impl.argnames))

    return call


@dataclass(frozen=True, slots=True)
class _Bringing:
    """Asks each plugin once, in order, what it brings; whatever is wrong stops the start with its name."""

    pm: pluggy.PluginManager
    enabled: tuple[Plugin, ...]
    meters: Meters

    def implementations(self, hook: str) -> list[tuple[Plugin, Callable[..., Any]]]:
        by_name = {impl.plugin_name: impl for impl in getattr(self.pm.hook, hook).get_hookimpls()}
        return [(p, _with_named_arguments(by_name[p.name])) for p in self.enabled if p.name in by_name]

    def things(self, hook: str) -> tuple[tuple[str, Any], ...]:
        return tuple(
            (plugin.name, thing)
            for plugin, function in self.implementations(hook)
            for thing in self._once(plugin, hook, partial(function, plugin.settings, plugin.desk))
            if _has_name(plugin, hook, thing)
        )

    def built(self, hook: str, kind: type[S]) -> tuple[Entry[S], ...]:
        entries: list[Entry[S]] = []
        for plugin, function in self.implementations(hook):
            for cls in self._once(plugin, hook, partial(function, plugin.settings)):
                if not (isinstance(cls, type) and issubclass(cls, kind)):
                    raise BadSetting(f"{hook}() returned {cls!r}, not a class of {kind.__name__}.",
                                     where=f"plugin {plugin.name}")  # fmt: skip
                it = self._make(plugin, cls)
                check_sound(plugin.name, it, kind, plugin.manifest.personal_data)
                entries.append(Entry(plugin.name, it, self.meters))
        return tuple(entries)

    def values(self, hook: str, kind: type[S]) -> tuple[Entry[S], ...]:
        entries: list[Entry[S]] = []
        for plugin, function in self.implementations(hook):
            for value in self._once(plugin, hook, partial(function, plugin.settings)):
                if not isinstance(value, kind):
                    raise BadSetting(f"{hook}() returned {value!r}, not a {kind.__name__}.",
                                     where=f"plugin {plugin.name}")  # fmt: skip
                entries.append(Entry(plugin.name, value, self.meters))
        return tuple(entries)

    def _once(self, plugin: Plugin, hook: str, work: Callable[[], Any]) -> Sequence[Any]:
        brought = self._called(plugin, hook, work, f"{hook}() failed")
        if brought is None or isinstance(brought, str | bytes) or not isinstance(brought, Sequence):
            raise BadSetting(f"{hook}() returned {type(brought).__name__}, not a list.", where=f"plugin {plugin.name}")
        return brought

    def _make(self, plugin: Plugin, cls: Callable[..., S]) -> S:
        name = getattr(cls, "__name__", str(cls))
        return cast(
            S, self._called(plugin, name, lambda: cls(plugin.settings, plugin.desk), f"{name} cannot be built")
        )

    def _called(self, plugin: Plugin, what: str, work: Callable[[], Any], trouble: str) -> Any:
        try:
            return call(self.meters, plugin.name, what, work, AT_START)
        except BadSetting:
            raise
        except PluginFailed as failed:
            raise BadSetting(f"{trouble}: {failed.reason}", where=f"plugin {plugin.name}") from failed
        except Exception as error:
            raise BadSetting(f"{trouble}: {type(error).__name__}: {error}", where=f"plugin {plugin.name}") from error


def _has_name(plugin: Plugin, hook: str, thing: Any) -> bool:
    """Blueprints and commands are classes of others; both have a name."""
    if not isinstance(getattr(thing, "name", None), str):
        raise BadSetting(f"{hook}() returned {thing!r}, which has no name.", where=f"plugin {plugin.name}",
                         fix="docs/hooks.md says what it brings.")  # fmt: skip
    return True


def _checked_countries(entries: tuple[Entry[Country], ...]) -> dict[str, Entry[Country]]:
    for entry in entries:
        faults = faults_of(entry.it)
        if faults:
            raise BadSetting(
                f"its country pack {entry.it.code!r} is not complete: {faults[0]}.", where=f"plugin {entry.plugin}",
                fix="docs/invoices.md says what a pack holds.",
            )  # fmt: skip
    return named(entries)


def _checked_fields(entries: tuple[Entry[Field], ...]) -> tuple[Entry[Field], ...]:
    for entry in entries:
        for trouble in faults_of_fields([entry.it]):
            raise BadSetting(trouble, where=f"plugin {entry.plugin}", fix="docs/hooks.md says what a field holds.")
    return entries


def _checked_conditions(
    entries: tuple[Entry[Condition], ...], fields: tuple[Entry[Field], ...], checks: Mapping[str, Any]
) -> tuple[Entry[Condition], ...]:
    known = {e.it.name: e.it for e in fields if e.it.owner == "mission"}
    for entry in entries:
        missing = [f"no enabled plugin brings the check {c!r} of `holding`." for c in entry.it.holding
                   if c not in checks]  # fmt: skip
        for trouble in [*faults_of_condition(entry.it, known), *faults_of_fields(entry.it.fields), *missing]:
            raise BadSetting(f"the condition {entry.it.name!r} is not sound: {trouble}", where=f"plugin {entry.plugin}",
                             fix="docs/conditions.md says what a condition holds.")  # fmt: skip
    return entries


__all__ = ["Entry", "Plugin", "Plugins", "check_settings", "installed", "load_module", "load_plugins"]
