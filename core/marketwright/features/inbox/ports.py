"""What the inbox asks of the rooms above: who takes a message."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.time import Clock
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.strategies.inbox import Message

Fence = Callable[[Session], None]


class HouseLike(Protocol):
    """What rooms that ask plugins and take their messages need of a house."""

    @property
    def database(self) -> Database:
        """Its database."""
        ...

    @property
    def plugins(self) -> Plugins:
        """Its plugins."""
        ...

    @property
    def marketplace(self) -> Marketplace:
        """Its settings."""
        ...

    @property
    def clock(self) -> Clock:
        """Its clocks."""
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """One stored message: ``plugin`` it is for, ``about`` the id of ours that it names."""

    id: str
    plugin: str
    type: str
    about: str
    message: Message


class Taker(Protocol):
    """A room that has use for messages."""

    def __call__(self, received: Received, fence: Fence | None) -> str | None:
        """``applied`` or ``ignored``; ``None`` when the message is for somebody else.

        Raises ``ValueError`` when the plugin says for good that it is none, anything else to be asked again.
        """
        ...
