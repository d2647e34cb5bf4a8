"""The jobs of plugins: asked for through the desk, run in the worker under the plugin's name."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketwright.hooks.manager import Entry, Plugins
from marketwright.hooks.permits import DeskRefused
from marketwright.kernel.actors import plugin_actor
from marketwright.kernel.ports import Ports
from marketwright.store.database import Database
from marketwright.store.jobs import Handler
from marketwright.store.jobs import Job as Leased
from marketwright.strategies.jobs import Job
from marketwright.web.house import House

MOST_WAITING = timedelta(days=400)


def kind_of(plugin: str, kind: str) -> str:
    """The kind under which the worker knows a plugin's job."""
    return f"plugin.{plugin}.{kind}"


class HouseJobs:
    """Answers the port ``DeskJobs``."""

    def __init__(self, database: Database, ports: Ports) -> None:
        self._database, self._ports = database, ports

    def later(self, plugin: str, kind: str, payload: Mapping[str, Any], delay: timedelta, key: str) -> None:
        """Write the job down in a commit of its own; :class:`DeskRefused` for a kind that the plugin does not bring."""
        known = [e.it.kind for e in self._ports.get(Plugins).jobs if e.plugin == plugin]
        if kind not in known:
            msg = f"{plugin} brings no job {kind!r} (register_jobs: {', '.join(known) or 'none'})"
            raise DeskRefused(msg)
        with self._database.unit(plugin_actor(plugin)) as uow:
            uow.job(kind_of(plugin, kind), key=key[:200], delay=max(timedelta(0), min(delay, MOST_WAITING)), **payload)
            uow.commit()


def wire(house: House) -> None:
    """Give the worker the jobs of every enabled plugin."""
    for entry in house.plugins.jobs:
        every = entry.it.every
        house.worker.handle(
            kind_of(entry.plugin, entry.it.kind), _running(house.plugins, entry),
            every=int(every.total_seconds()) if every else None,
        )  # fmt: skip


def _running(plugins: Plugins, entry: Entry[Job]) -> Handler:
    def run(leased: Leased) -> None:
        plugin = plugins.plugin(entry.plugin)
        assert plugin is not None
        entry.ask(f"job {entry.it.kind}", lambda job: job.run(leased.payload, plugin.desk))

    return run
