"""The life of plugins in a marketplace: enabling, disabling, their order; and what stands in the way."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.tables import Contract, ContractCondition
from marketwright.features.missions.tables import Mission
from marketwright.features.overlay import changing
from marketwright.features.overlay.queries import exists as overlay_exists
from marketwright.features.payments.tables import Hold
from marketwright.hooks.installed import installed
from marketwright.hooks.local import local_plugins
from marketwright.hooks.manager import Plugin, Plugins
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say
from marketwright.store.plugin_migrations import Outcome, behind, upgrade_plugin, versions_of
from marketwright.web.house import House

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Need:
    """An open contract that needs a plugin, and for what: ``money``, ``condition``, ``course``, ``deliverable``, or
    ``brief`` where it is a niche pack and the mission says what only it can read.
    """

    contract: str
    reference: str
    what: str


def needs(session: Session, plugins: Plugins, name: str) -> list[Need]:
    """Open contracts that need the plugin ``name``: for their money, a condition, their course, what is handed over,
    or, of a niche pack, for what the mission says (P5).
    """
    providers = [n for n, e in plugins.payment_providers.items() if e.plugin == name]
    conditions = [n for n, e in plugins.conditions.items() if e.plugin == name]
    found: dict[str, Need] = {}
    c = Contract
    for id_, reference in session.execute(
        select(c.id, c.reference).where(c.provider.in_(providers), c.state != "ENDED").order_by(c.reference)
    ):
        found[id_] = Need(id_, reference, "money")
    for id_, reference in session.execute(
        select(c.id, c.reference)
        .join(Hold, Hold.contract_id == c.id)
        .where(Hold.provider.in_(providers), Hold.state.not_in(("NONE", "SETTLED", "EXPIRED")))
    ):
        found.setdefault(id_, Need(id_, reference, "money"))
    for id_, reference in session.execute(
        select(c.id, c.reference)
        .join(ContractCondition, ContractCondition.contract_id == c.id)
        .where(ContractCondition.name.in_(conditions), ContractCondition.met_at.is_(None), c.state != "ENDED")
    ):
        found.setdefault(id_, Need(id_, reference, "condition"))
    for need in (*_by_course(session, plugins, name), *_by_brief(session, plugins, name)):
        found.setdefault(need.contract, need)
    return sorted(found.values(), key=lambda n: n.reference)


def _by_course(session: Session, plugins: Plugins, name: str) -> Iterator[Need]:
    courses = {n for n, e in plugins.processes.items() if e.plugin == name}
    handed = {n for n, e in plugins.deliverables.items() if e.plugin == name}
    c, known = Contract, {}
    for row in session.execute(
        select(c.id, c.reference, c.process, c.process_version).where(c.state != "ENDED")
    ):
        version = (row.process, row.process_version)
        if version not in known:
            delivered = handed & set(pinned(session, *version).deliverables)
            known[version] = "course" if row.process in courses else "deliverable" if delivered else ""
        if known[version]:
            yield Need(row.id, row.reference, known[version])


def _by_brief(session: Session, plugins: Plugins, name: str) -> Iterator[Need]:
    plugin, own = plugins.plugin(name), {e.it.name for e in plugins.fields if e.plugin == name}
    if plugin is None or not plugin.manifest.niche or not own:
        return
    c, m = Contract, Mission
    for row in session.execute(
        select(c.id, c.reference, m.fields).join(m, m.id == c.mission_id).where(c.state != "ENDED")
    ):
        if own & row.fields.keys():
            yield Need(row.id, row.reference, "brief")


class PluginsInUse:
    """Answers overlay's port ``InUse``: what stands against taking plugins off the list."""

    def __call__(self, session: Session, plugins: Plugins, gone: Sequence[str]) -> Mapping[str, list[Text]]:
        """Sentences under ``plugins``; empty where nothing does."""
        found = []
        for name in gone:
            open_needs = needs(session, plugins, name)
            if open_needs:
                listed = ", ".join(n.reference for n in open_needs[:MOST_NAMED])
                more = f" +{len(open_needs) - MOST_NAMED}" if len(open_needs) > MOST_NAMED else ""
                found.append(say("%(plugin)s is needed by open {contract.other}: %(list)s. End them first.",
                                 plugin=name, list=listed + more))  # fmt: skip
        return {"plugins": found} if found else {}


def refuse_in_use(house: House, names: Sequence[str]) -> None:
    """``InvalidInput`` with the list of what needs one of ``names`` now."""
    if not there(house):
        return
    with house.database.reading() as session:
        errors = PluginsInUse()(session, house.plugins, names)
    if errors:
        raise InvalidInput(errors)


def there(house: House) -> bool:
    """Whether the database has core's tables."""
    url = make_url(house.database.url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return False
    with house.database.reads.connect() as connection:
        return inspect(connection).has_table("contracts")


def has_overlay(house: House) -> bool:
    """Whether the console's layer of settings can be written."""
    if not there(house):
        return False
    with house.database.reading() as session:
        return overlay_exists(session)


def upgrade_tables(house: House) -> list[Outcome]:
    """Bring the tables of every enabled plugin up, each all or nothing; failures are in the outcomes (H3)."""
    return [upgrade_plugin(house.database, p) for p in house.plugins.enabled if versions_of(p)]


def late(house: House) -> list[Plugin]:
    """Enabled plugins whose tables are not those that their code wants; none while no database answers."""
    mine = [p for p in house.plugins.enabled if versions_of(p)]
    try:
        return [p for p in mine if there(house) and behind(house.database, p)]
    except OperationalError:
        return []  # a start without a database says so elsewhere, as it does without such plugins


def available(house: House) -> list[str]:
    """Every plugin that could be enabled here: installed ones and those in the marketplace's own folder."""
    return sorted({*installed(), *local_plugins(house.marketplace.folder), *(house.modules or {})})


def enable(house: House, actor: Actor, name: str, *, note: str = "", seen: int | None = None) -> int:
    """Put ``name`` at the end of the list; returns the version of the settings. Tried out before it is saved."""
    now = house.marketplace.plugins
    if name in now:
        raise Conflict("This plugin is enabled already.")
    if name not in available(house):
        raise InvalidInput({"plugins": [say("No plugin named %(name)s is installed.", name=name)]})
    return _save(house, actor, (*now, name), note, seen)


def disable(house: House, actor: Actor, name: str, *, note: str = "", seen: int | None = None) -> int:
    """Take ``name`` off the list. Refused with the list of open contracts that need it (P5), or of other plugins."""
    now = house.marketplace.plugins
    if name not in now:
        raise Conflict("This plugin is not enabled.")
    others = [p.name for p in house.plugins.enabled if name in p.manifest.requires]
    if others:
        raise InvalidInput({"plugins": [say("%(plugin)s is needed by: %(list)s. Disable them first.", plugin=name,
                                            list=", ".join(others))]})  # fmt: skip
    return _save(house, actor, tuple(n for n in now if n != name), note, seen)


def reorder(house: House, actor: Actor, name: str, by: int, *, note: str = "", seen: int | None = None) -> int:
    """Move ``name`` by so many places, up (negative) or down: the order is the order in which they are asked."""
    now = list(house.marketplace.plugins)
    if name not in now:
        raise Conflict("This plugin is not enabled.")
    at = now.index(name)
    now.insert(max(0, min(len(now) - 1, at + by)), now.pop(at))
    return _save(house, actor, tuple(now), note, seen)


def _save(house: House, actor: Actor, names: tuple[str, ...], note: str, seen: int | None) -> int:
    return changing.save(house, actor, {"plugins": list(names)}, note=note, seen=seen)
