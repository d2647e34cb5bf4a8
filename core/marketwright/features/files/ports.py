"""Where bytes lie, and who may read them."""

from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.features.files.queries import FileRow


class Storage(Protocol):
    """Bytes by id. A folder ships; a plugin may bring another."""

    def put(self, id: str, data: bytes) -> None:  # noqa: A002  the word of the domain
        """Keep ``data`` under ``id``, whole or not at all; raises ``Unavailable`` where it cannot."""
        ...

    def get(self, id: str) -> bytes:  # noqa: A002
        """The bytes of ``id``; raises ``Unavailable`` when they cannot be read."""
        ...

    def remove(self, id: str) -> None:  # noqa: A002
        """Forget ``id``; nothing happens when it is not there."""
        ...

    def ids(self) -> list[tuple[str, float]]:
        """Everything that is kept: (id, machine time of writing in seconds since 1970)."""
        ...


class FileAccess(Protocol):
    """Whether somebody may read a file; each room answers for the purposes it stores."""

    def may_read(self, session: Session, viewer_account: str, file: FileRow) -> bool:
        """Whether ``viewer_account`` (empty for a visitor who has not signed in) may read ``file``."""
        ...
