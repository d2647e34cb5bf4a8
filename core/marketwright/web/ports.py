"""What the web kit asks of the rooms above it."""

from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.web.site import DemoBar
from marketwright.web.viewer import Viewer


class SignedIn(Protocol):
    """Who holds a session."""

    def __call__(self, session: Session, token: str) -> Viewer | None:
        """The viewer of the session ``token``, or ``None`` when it is unknown, ended or its account suspended."""
        ...


class Unread(Protocol):
    """How much waits in somebody's inbox."""

    def __call__(self, session: Session, account: str) -> int:
        """Number of unread messages and notices."""
        ...


class DemoChrome(Protocol):
    """The bar below the live stage."""

    def __call__(self, viewer: Viewer | None) -> DemoBar | None:
        """What the bar shows for this viewer; ``None`` on a live stage."""
        ...
