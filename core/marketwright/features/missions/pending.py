"""Briefs of people who have not signed in yet: kept as typed, by a token that only their browser holds."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketwright.features.missions.tables import PendingBrief
from marketwright.kernel.errors import InvalidInput, Unavailable
from marketwright.kernel.ids import new_token
from marketwright.kernel.text import say
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork

KEPT = timedelta(days=60)  # of machine time
SEALED = "sealed"
LARGEST = 60_000  # characters in all


def keep_brief(uow: UnitOfWork, *, typed: Mapping[str, Any], token: str = "", sealed: bool = False) -> str:
    """Keep what was typed under ``token``, or under a new one; returns it. Too much text is ``InvalidInput``.

    ``sealed`` says that something in it is: all of it is kept encrypted then.
    """
    if sum(len(str(k)) + len(str(v)) for k, v in typed.items()) > LARGEST:
        raise InvalidInput({"description": [say("This is more text than a brief can hold.")]})
    row = uow.session.get(PendingBrief, _hash(token)) if token else None
    if row is not None:
        row.typed, row.updated_at = _kept(uow, typed, row.sha256, sealed=sealed), uow.machine_now
        uow.flush()
        return token
    fresh = new_token()
    kept, now = _kept(uow, typed, _hash(fresh), sealed=sealed), uow.machine_now
    uow.session.add(PendingBrief(sha256=_hash(fresh), typed=kept, created_at=now, updated_at=now))
    uow.flush()
    return fresh


def _kept(uow: UnitOfWork, typed: Mapping[str, Any], about: str, *, sealed: bool) -> dict[str, Any]:
    if not sealed:
        return dict(typed)
    token = uow.ports.get(Ring).seal(json.dumps(dict(typed)).encode(), f"brief:{about}")
    return {SEALED: b64encode(token).decode()}


def pending_brief(session: Session, ring: Ring, token: str) -> dict[str, Any] | None:
    """What was typed under ``token``; ``None`` when there is nothing (any more), or its key is gone."""
    if not token:
        return None
    typed = session.scalar(select(PendingBrief.typed).where(PendingBrief.sha256 == _hash(token)))
    if typed is None or list(typed) != [SEALED]:
        return typed
    try:
        found: dict[str, Any] = json.loads(ring.open(b64decode(typed[SEALED]), f"brief:{_hash(token)}"))
    except Unavailable:
        return None
    return found


def drop_brief(uow: UnitOfWork, *, token: str) -> None:
    """Forget what was typed: it has become a mission, or its author threw it away."""
    uow.session.execute(delete(PendingBrief).where(PendingBrief.sha256 == _hash(token)))


def sweep_briefs(uow: UnitOfWork) -> None:
    """Forget briefs that nobody came back to. For a periodic job."""
    uow.session.execute(delete(PendingBrief).where(PendingBrief.updated_at < uow.machine_now - KEPT))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
