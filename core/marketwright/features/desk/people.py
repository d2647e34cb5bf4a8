"""What plugins keep of a person: asked of each that keeps tables, and forgotten by each when the person is erased."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from marketwright.hooks.desk import Desk
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import House


@dataclass(frozen=True, slots=True)
class Answered:
    """By plugin: what it ``gave`` (plain JSON values), and what went wrong in those that ``failed``.

    ``silent`` keep tables and do not say what of a person.
    """

    gave: dict[str, Any]
    failed: dict[str, str]
    silent: tuple[str, ...]


def kept_of(house: House, account: str) -> Answered:
    """What every enabled plugin keeps of a person; a plugin that fails costs only its own part."""
    asked = {p.name: partial(_given, p.manifest.export, account) for p in house.plugins.enabled if p.manifest.export}
    return _asked(house, "export", asked)


def forget(house: House, actor: Actor, account: str) -> Answered:
    """Let every enabled plugin forget a person. Safe to repeat: those that failed are asked again."""
    asked = {p.name: partial(p.manifest.erase, account) for p in house.plugins.enabled if p.manifest.erase}
    done = _asked(house, "erase", asked)
    with house.database.unit(actor) as uow:
        uow.audit("person.forgotten_by_plugins", account, plugins=sorted(done.gave), failed=sorted(done.failed))
        uow.commit()
    return done


def _given(export: Callable[[str, Desk], Mapping[str, Any]], account: str, desk: Desk) -> dict[str, Any]:
    return dict(export(account, desk))


def _asked(house: House, what: str, questions: Mapping[str, Callable[[Desk], Any]]) -> Answered:
    gave: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for plugin in house.plugins.enabled:
        if plugin.name in questions:
            try:
                gave[plugin.name] = Entry(plugin.name, plugin.desk).ask(what, questions[plugin.name])
            except MarketwrightError as error:
                failed[plugin.name] = str(error)
    keeping = [p.name for p in house.plugins.enabled if p.manifest.tables is not None]
    return Answered(gave, failed, tuple(name for name in keeping if name not in questions))
