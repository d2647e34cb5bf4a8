"""Taking messages in, and handing them on once (J1, J2, J4, J5, J6)."""

import logging
from collections.abc import Sequence

from sqlalchemy import select

from marketwright.features.inbox import events
from marketwright.features.inbox.ports import Fence, HouseLike, Received, Taker
from marketwright.features.inbox.tables import InboxMessage
from marketwright.hooks.manager import Entry, Plugin
from marketwright.kernel.actors import system
from marketwright.kernel.errors import NotFound
from marketwright.kernel.ids import new_id
from marketwright.settings.marketplace import Stage
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.inbox import Envelope, Inbox, Message, check, envelope

log = logging.getLogger("marketwright.inbox")
HANDLE_JOB = "inbox.handle"
LONGEST = 256 * 1024  # bytes of one message
MOST_TRIES = 8
_ACTOR = system("inbox")


def receive(house: HouseLike, plugin: str, message: Message) -> bool:
    """Store a message for ``plugin``; true when it is new. Its effects come with the worker.

    ``NotFound`` for a plugin that is not enabled or takes no messages, ``BadMessage`` for one that is not its
    sender's, too old, or too new.
    """
    found = house.plugins.plugin(plugin)
    if found is None or found.manifest.inbox is None:
        raise NotFound("There is nobody here for this message.")
    inbox = found.manifest.inbox
    now = house.clock.machine()
    check(inbox, keys_of(found, inbox), message, now.timestamp())
    read = envelope(inbox, message)
    strayed = read.live is not None and read.live != (house.marketplace.stage is Stage.LIVE)
    with house.database.unit(_ACTOR) as uow:
        row = _store(uow, plugin, str(house.marketplace.stage), read, message, "quarantined" if strayed else "stored")
        if row and not strayed:
            uow.job(HANDLE_JOB, key=row, message=row)
        uow.commit()
    if row and strayed:
        log.warning("a message for %s is of another stage and was put aside", plugin)
    return bool(row)


def keys_of(plugin: Plugin, inbox: Inbox) -> list[bytes]:
    """The secrets that a message may be signed with now: two while one takes over from the other."""
    if inbox.keys is not None:
        make = inbox.keys
        given: Sequence[bytes] = Entry(plugin.name, plugin.desk).ask("inbox", lambda desk: list(make(desk)))
        return [bytes(k) for k in given if k][:2]
    values = [plugin.desk.secret_values.get(name, "") for name in inbox.secrets]
    return [part.encode() for value in values for part in value.split()[:2]]


def _store(
    uow: UnitOfWork, plugin: str, mode: str, read: Envelope, message: Message, state: str
) -> str:  # fmt: skip
    row = new_id()
    stored = uow.session.execute(
        upsert(uow.session, InboxMessage)
        .values(
            id=row, plugin=plugin, mode=mode, event_id=read.id, type=read.type, about=read.about, body=message.body,
            headers=dict(message.headers), state=state, attempts=0, note="", received_at=uow.machine_now,
            handled_at=None if state == "stored" else uow.machine_now,
        )
        .on_conflict_do_nothing()
        .returning(InboxMessage.id)
    ).first()  # fmt: skip
    return row if stored is not None else ""


def handle(house: HouseLike, takers: Sequence[Taker], message: str, *, fence: Fence | None = None) -> str:
    """Hand one stored message on; returns its state. Safe to repeat; the order of arrival does not matter (J3).

    Where no room takes it, the plugin hears of it as an event. What a plugin cannot read now is raised, so that the
    job comes again; after eight tries the message is left to staff.
    """
    received, tries = _begin(house, message, fence)
    if received is None:
        return ""
    try:
        taken = next((found for t in takers if (found := t(received, fence)) is not None), None)
    except ValueError as refused:
        return _end(house, received, "refused", str(refused)[:500], fence)
    except Exception as error:
        if tries < MOST_TRIES:
            raise
        return _end(house, received, "failed", f"{type(error).__name__}: {error}"[:500], fence)
    return _end(house, received, taken or "ignored", "", fence, tell=taken is None)


def _begin(house: HouseLike, message: str, fence: Fence | None) -> tuple[Received | None, int]:
    """Count the try before it is made (J7)."""
    with house.database.unit(_ACTOR, fence=fence) as uow:
        row = uow.session.scalar(select(InboxMessage).where(InboxMessage.id == message).with_for_update())
        if row is None or row.state != "stored":
            return None, 0
        row.attempts += 1
        found = Received(
            row.id, row.plugin, row.type, row.about, Message(row.body, dict(row.headers), row.received_at)
        )
        tries = row.attempts
        uow.commit()
    return found, tries


def _end(
    house: HouseLike, received: Received, state: str, note: str, fence: Fence | None, *, tell: bool = False
) -> str:
    with house.database.unit(_ACTOR, fence=fence) as uow:
        row = uow.session.get_one(InboxMessage, received.id, with_for_update=True)
        if row.state == "stored":
            row.state, row.note, row.handled_at = state, note, uow.machine_now
            if tell:
                uow.emit(events.RECEIVED, row.id, plugin=row.plugin, type=row.type, about=row.about)
            uow.commit()
        return row.state
