"""Briefs of people who have not signed in yet: kept as typed, by a token that only their browser holds."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketwright.features.missions.tables import PendingBrief
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.ids import new_token
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

KEPT = timedelta(days=60)  # of machine time
LARGEST = 60_000  # characters in all


def keep_brief(uow: UnitOfWork, *, typed: Mapping[str, Any], token: str = "") -> str:
    """Keep what was typed under ``token``, or under a new one; returns it. Too much text is ``InvalidInput``."""
    if sum(len(str(k)) + len(str(v)) for k, v in typed.items()) > LARGEST:
        raise InvalidInput({"description": [say("This is more text than a brief can hold.")]})
    row = uow.session.get(PendingBrief, _hash(token)) if token else None
    if row is not None:
        row.typed, row.updated_at = dict(typed), uow.machine_now
        uow.flush()
        return token
    fresh = new_token()
    uow.session.add(
        PendingBrief(sha256=_hash(fresh), typed=dict(typed), created_at=uow.machine_now, updated_at=uow.machine_now)
    )
    uow.flush()
    return fresh


def pending_brief(session: Session, token: str) -> dict[str, Any] | None:
    """What was typed under ``token``; ``None`` when there is nothing (any more)."""
    if not token:
        return None
    return session.scalar(select(PendingBrief.typed).where(PendingBrief.sha256 == _hash(token)))


def drop_brief(uow: UnitOfWork, *, token: str) -> None:
    """Forget what was typed: it has become a mission, or its author threw it away."""
    uow.session.execute(delete(PendingBrief).where(PendingBrief.sha256 == _hash(token)))


def sweep_briefs(uow: UnitOfWork) -> None:
    """Forget briefs that nobody came back to. For a periodic job."""
    uow.session.execute(delete(PendingBrief).where(PendingBrief.updated_at < uow.machine_now - KEPT))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
