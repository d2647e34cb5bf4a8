"""Keeping what was counted of plugins, and reading it."""

from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.desk.tables import PluginCalls
from marketwright.hooks.calls import Meters
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.store.database import Database
from marketwright.store.upserts import upsert

EVERY = 30.0  # seconds between two keepings


@dataclass(frozen=True, slots=True)
class CallsRow:
    """One hook of one plugin: how often it was called, seconds in all and at most, errors and the last one."""

    plugin: str
    what: str
    calls: int
    seconds: float
    longest: float
    errors: int
    last_error: str
    last_error_at: datetime | None


class Keeper:
    """Writes the counters of one application down: at most every half minute, at once after an error."""

    def __init__(self, meters: Meters, database: Database) -> None:
        self._meters, self._database = meters, database
        self._next = monotonic() + EVERY

    def maybe(self) -> None:
        """Keep them when it is time; a busy database has them kept later. Call it with no unit open."""
        if self._meters.troubled or monotonic() >= self._next:
            self.keep()

    def keep(self) -> None:
        """Add what was counted to the rows."""
        self._next = monotonic() + EVERY
        taken = self._meters.take()
        if not taken:
            return
        try:
            with self._database.unit(system("meters")) as uow:
                for (plugin, what), m in sorted(taken.items()):
                    row = upsert(uow.session, PluginCalls).values(
                        plugin=plugin[:40], what=what[:80], calls=m.calls, seconds=m.seconds, longest=m.longest,
                        errors=m.errors, last_error=m.last_error, last_error_at=m.last_error_at,
                    )  # fmt: skip
                    new, c = row.excluded, PluginCalls
                    change: dict[str, Any] = {
                        "calls": c.calls + new.calls, "seconds": c.seconds + new.seconds,
                        "errors": c.errors + new.errors,
                    }  # fmt: skip
                    if m.errors:
                        change |= {"last_error": m.last_error, "last_error_at": m.last_error_at}
                    uow.session.execute(row.on_conflict_do_update(index_elements=["plugin", "what"], set_=change))
                    longer = update(c).where(c.plugin == plugin[:40], c.what == what[:80], c.longest < m.longest)
                    uow.session.execute(longer.values(longest=m.longest))
                uow.commit()
        except Unavailable:
            self._meters.give_back(taken)


def calls(session: Session, plugin: str = "") -> list[CallsRow]:
    """What was counted, of one plugin or of all, the longest in all first."""
    c = PluginCalls
    query = select(c.plugin, c.what, c.calls, c.seconds, c.longest, c.errors, c.last_error, c.last_error_at)
    if plugin:
        query = query.where(c.plugin == plugin)
    return [CallsRow(*row) for row in session.execute(query.order_by(c.seconds.desc(), c.plugin, c.what))]
