"""Everything there is to say of the plugins of one marketplace, for the console and the command line."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from marketwright.features.desk import meters
from marketwright.features.desk.jobs import kind_of
from marketwright.features.desk.life import available, there
from marketwright.features.desk.meters import CallsRow
from marketwright.features.inbox.queries import counts as message_counts
from marketwright.hooks.installed import HOOKS, fits, load_module
from marketwright.hooks.local import load_local, local_plugins
from marketwright.hooks.manager import Plugin, Plugins
from marketwright.hooks.manifest import Manifest
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass
from marketwright.store.plugin_migrations import behind, stands_at
from marketwright.store.plugins import counts as table_counts
from marketwright.store.tables import JobRow
from marketwright.version import __version__
from marketwright.web.house import House


@dataclass(frozen=True, slots=True)
class JobLine:
    """A kind of job of a plugin: seconds between two ticks (0 without), how many wait, how many were given up."""

    kind: str
    every: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table of a plugin: rows, and rows that refer to something that is gone."""

    name: str
    rows: int
    orphans: int


@dataclass(frozen=True, slots=True)
class Report:
    """One plugin. ``order`` is its place from 1, 0 when it is not enabled; ``where`` ``installed`` or ``folder``."""

    name: str
    order: int
    version: str
    summary: str
    where: str
    core: str
    fits: bool
    trouble: str = ""  # why it cannot be loaded
    hooks: tuple[str, ...] = ()
    brings: tuple[tuple[str, str], ...] = ()  # (hook, names)
    has_settings: bool = False
    requires: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()
    secrets: tuple[tuple[str, bool], ...] = ()  # (variable, whether it is set)
    inbox: str = ""  # its address
    messages: Mapping[str, int] = field(default_factory=dict)
    jobs: tuple[JobLine, ...] = ()
    tables: tuple[TableLine, ...] = ()
    revision: str = ""
    behind: bool = False
    calls: tuple[CallsRow, ...] = ()
    forgets: bool = True  # False: it keeps tables and says neither what of a person nor how to forget them

    @property
    def enabled(self) -> bool:
        """Whether this marketplace has it on its list."""
        return self.order > 0

    @property
    def seconds(self) -> float:
        """The time spent in it."""
        return sum(c.seconds for c in self.calls)

    @property
    def errors(self) -> int:
        """How often it failed."""
        return sum(c.errors for c in self.calls)

    @property
    def last_error(self) -> tuple[str, str, datetime] | None:
        """(what, error, machine time) of the last failure."""
        failed = [(c.last_error_at, c.what, c.last_error) for c in self.calls if c.last_error_at is not None]
        return (max(failed)[1], max(failed)[2], max(failed)[0]) if failed else None


def reports(house: House) -> list[Report]:
    """Every plugin that is enabled, in order, then those that could be."""
    order = list(house.marketplace.plugins)
    names = [*order, *(n for n in available(house) if n not in order)]
    return [report(house, name) for name in names]


def report(house: House, name: str) -> Report:
    """One plugin; :class:`Report` with ``trouble`` for one that cannot be loaded."""
    plugin = house.plugins.plugin(name)
    where = "folder" if name in local_plugins(house.marketplace.folder) else "installed"
    if plugin is not None:
        return _enabled(house, plugin, where)
    try:
        given = load_local(house.marketplace.folder, [name]) | dict(house.modules or {})
        module = given.get(name) or load_module(name)
        manifest = getattr(module, "manifest", None)
    except BadSetting as bad:
        return Report(name, 0, "", "", where, "", fits=False, trouble=bad.sentence)
    if not isinstance(manifest, Manifest):
        return Report(name, 0, "", "", where, "", fits=False, trouble="It has no manifest.")
    hooks = tuple(sorted(h for h in HOOKS if hasattr(module, h)))
    return Report(name, 0, manifest.version, manifest.summary, where, manifest.core,
                  fits(manifest.core, __version__), hooks=hooks, **_declared(manifest))  # fmt: skip


def _declared(manifest: Manifest) -> dict[str, Any]:
    return {
        "requires": manifest.requires, "reads": manifest.reads, "acts": manifest.acts, "hosts": manifest.hosts,
        "personal_data": manifest.personal_data, "has_settings": bool(manifest.settings().fields),
        "forgets": manifest.tables is None or (manifest.export is not None and manifest.erase is not None),
    }  # fmt: skip


def _enabled(house: House, plugin: Plugin, where: str) -> Report:
    m, name = plugin.manifest, plugin.name
    if not there(house):
        return Report(name, _order(house, name), m.version, m.summary, where, m.core, fits=True,
                      brings=brings(house.plugins, name), **_declared(m))  # fmt: skip
    with house.database.reading() as session:
        calls = tuple(meters.calls(session, name)) if _has(session, "plugin_calls") else ()
        messages = message_counts(session).get(name, {}) if _has(session, "inbox_messages") else {}
        jobs = tuple(_job(session, name, e.it) for e in house.plugins.jobs if e.plugin == name)
        late = behind(house.database, plugin)
        tables: tuple[TableLine, ...] = ()
        if m.tables is not None and not late and all(_has(session, t.name) for t in m.tables.metadata.tables.values()):
            tables = tuple(TableLine(*line) for line in table_counts(session, m.tables))
    secrets = tuple((s, bool(v)) for s, v in plugin.desk.secret_values.items())
    return Report(
        name, _order(house, name), m.version, m.summary, where, m.core, fits=True,
        hooks=tuple(sorted(h for h in HOOKS if hasattr(plugin.module, h))), brings=brings(house.plugins, name),
        secrets=secrets, inbox=plugin.desk.inbox.address if m.inbox else "", messages=messages, jobs=jobs,
        tables=tables, revision=stands_at(house.database, name) if m.tables is not None else "", behind=late,
        calls=calls, **(_declared(m) | {"hosts": plugin.desk.hosts}),
    )  # fmt: skip


def _order(house: House, name: str) -> int:
    return [p.name for p in house.plugins.enabled].index(name) + 1


def _has(session: Session, table: str) -> bool:
    return inspect(session.connection()).has_table(table)


def _job(session: Session, plugin: str, job: Any) -> JobLine:
    kind = kind_of(plugin, job.kind)
    counted = session.execute(
        select(JobRow.state, func.count()).where(JobRow.kind == kind).group_by(JobRow.state)
    )
    states = {state: int(count) for state, count in counted}
    every = int(job.every.total_seconds()) if job.every else 0
    return JobLine(job.kind, every, int(states.get("ready", 0)), int(states.get("dead", 0)))


def brings(plugins: Plugins, name: str) -> tuple[tuple[str, str], ...]:
    """What the enabled plugin ``name`` brings: (hook, names)."""
    def of(entries: Any) -> str:
        rows = entries.values() if isinstance(entries, Mapping) else entries
        mine = [e.it for e in rows if e.plugin == name]
        return ", ".join(str(getattr(it, "name", None) or getattr(it, "kind", "")) for it in mine)

    found = (
        ("register_matching_criteria", of(plugins.matching_criteria)),
        ("register_pricing_rules", of(plugins.pricing_rules)),
        ("register_contract_templates", of(plugins.contract_templates)),
        ("register_payment_providers", of(plugins.payment_providers)),
        ("register_vetting_checks", of(plugins.vetting_checks)), ("register_processes", of(plugins.processes)),
        ("register_conditions", of(plugins.conditions)), ("register_fields", of(plugins.fields)),
        ("register_taxonomies", of(plugins.taxonomies)), ("register_jobs", of(plugins.jobs)),
        ("register_adapters", of(plugins.adapters)),
    )  # fmt: skip
    return tuple((hook, names) for hook, names in found if names)
