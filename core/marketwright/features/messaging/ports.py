"""What conversations must ask of the rooms above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the inbox's notices: ``icon`` of the sprite, a translated sentence, where it leads."""

    icon: str
    text: str
    url: str
    at: datetime
    unread: bool = False


class Notices(Protocol):
    """The notices beside the threads of an inbox; notifications answers. Called while the page is made."""

    def __call__(self, session: Session, account: str, limit: int) -> Sequence[Notice]:
        """The newest ``limit`` notices of ``account``, newest first."""
        ...


def no_notices(session: Session, account: str, limit: int) -> Sequence[Notice]:  # noqa: ARG001
    """Nobody tells anything: the answer of a marketplace without notifications."""
    return ()


@dataclass(frozen=True, slots=True)
class Offer:
    """The proposal of a thread, for its page and for lists: where it stands and where it is.

    ``binds`` where this or an earlier one of the thread is open or accepted: the two then need their conversation.
    """

    id: str
    state: str
    turn: str
    rounds: int
    contract_id: str = ""
    binds: bool = False


class Offers(Protocol):
    """The newest proposal of each thread; proposals answers."""

    def __call__(self, session: Session, threads: Sequence[str]) -> dict[str, Offer]:
        """By thread id; a thread without a proposal is left out."""
        ...


def no_offers(session: Session, threads: Sequence[str]) -> dict[str, Offer]:  # noqa: ARG001
    """No proposals anywhere."""
    return {}
