"""The unit of work: one transaction, its actor, and what it leaves behind for the worker."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.orm import Session

from marketwright.kernel.actors import Actor
from marketwright.kernel.events import CATALOGUE
from marketwright.kernel.ids import new_id
from marketwright.kernel.ports import Ports
from marketwright.store.tables import AuditRow, ClockRow, EventRow, JobRow
from marketwright.store.turns import Turn, Turns
from marketwright.store.upserts import insert_new

# every unit writes some of these: as statements of the tables they cost an eighth of what the rows' classes cost
_EVENT, _AUDIT = (insert(cast(Table, row.__table__)) for row in (EventRow, AuditRow))
TURN_SECONDS = 2.0  # for which a writer waits for its turn before SQLite decides


class UnitOfWork:
    """One write transaction of ``actor``. Commit is explicit; leaving the block without it keeps nothing.

    It begins with the first statement, and takes its turn there: what is thought out before holds nobody up. The
    session comes with its first use: a unit that only books needs none. ``ahead`` is how far business time is from the
    machine's; where it is ``None`` the database says so.
    """

    def __init__(
        self,
        *,
        connection: Connection,
        actor: Actor,
        ports: Ports,
        turns: Turns | None = None,
        ahead: timedelta | None = None,
        subscribers: tuple[str, ...] = (),
        fence: Callable[[Session], None] | None = None,
        wants: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._connection, self.actor, self.ports = connection, actor, ports
        self._session: Session | None = None
        self._ahead, self._subscribers, self._fence, self._wants = ahead, subscribers, fence, wants or {}
        self._turns, self._turn = turns, Turn()
        self._begun = False

    @property
    def session(self) -> Session:
        """The session of this unit."""
        if self._session is None:
            self._begin()
            self._session = Session(
                self._connection, expire_on_commit=False, join_transaction_mode="control_fully"
            )
        return self._session

    @property
    def connection(self) -> Connection:
        """The connection of this unit, on which what its session has pending is sent first."""
        self._begin()
        self.flush()
        return self._connection

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            if self._turns is not None:
                self._turn = self._turns.take(patience=TURN_SECONDS)
            self._connection.begin()

    @property
    def now(self) -> datetime:
        """Business time."""
        if self._ahead is None:
            self._begin()  # and what the session has pending stays there: it may be half written
            seconds = self._connection.scalar(select(ClockRow.offset_seconds)) or 0
            self._ahead = timedelta(seconds=seconds)
        return self.machine_now + self._ahead

    @property
    def machine_now(self) -> datetime:
        """Machine time."""
        return datetime.now(UTC)

    def emit(self, name: str, subject: str, **payload: Any) -> str:
        """Write an event of the catalogue and one wake-up for each subscriber who wants it; returns the event's id."""
        version = CATALOGUE[name][0]
        event_id = new_id()
        self.connection.execute(_EVENT, {
            "id": event_id, "name": name, "version": version, "subject": subject, "payload": payload,
            "actor": self.actor.label, "request_id": self.actor.request_id, "at": self.now,
        })  # fmt: skip
        for subscriber in self._subscribers:
            if name not in self._wants.get(subscriber, (name,)):
                continue
            self.job("tell", key=f"{event_id}:{subscriber}", event=event_id, subscriber=subscriber)
        return event_id

    def job(self, kind: str, *, key: str = "", delay: timedelta = timedelta(0), **payload: Any) -> None:
        """Ask for a job after ``delay`` of machine time; one that waits already with this kind and key stays alone."""
        now = self.machine_now
        connection = self.connection
        connection.execute(insert_new(connection.dialect.name, JobRow.__table__), {
            "id": new_id(), "kind": kind, "key": key, "payload": payload, "state": "ready", "run_at": now + delay,
            "created_at": now, "attempts": 0, "fence": 0, "last_error": "",
        })  # fmt: skip

    def audit(self, action: str, subject: str, **details: Any) -> None:
        """Write one row of the audit log: past-tense ``action`` as ``mission.published``, ``subject`` an id."""
        self.connection.execute(_AUDIT, {
            "at": self.now, "actor": self.actor.label, "actor_name": self.actor.name, "action": action,
            "subject": subject, "details": details, "request_id": self.actor.request_id,
            "address": self.actor.address,
        })  # fmt: skip

    def flush(self) -> None:
        """Send what is pending, so that constraints speak now."""
        if self._session is not None:
            self._session.flush()

    def commit(self) -> None:
        """Keep it all, unless the job that does this has lost its lease (J8)."""
        self.flush()
        if self._fence is not None:
            self._fence(self.session)
        (self._session or self._connection).commit()
        self._turn.end()

    def close(self) -> None:
        """Give up what was not committed."""
        try:
            if self._session is not None:
                self._session.close()
            self._connection.rollback()
        finally:
            self._turn.end()
