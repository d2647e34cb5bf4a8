"""What contracts must ask of the rooms above."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session


class Cases(Protocol):
    """Why staff may read what is sealed; cases answers."""

    def covering(self, session: Session, contract: str, account: str, now: datetime) -> str:
        """The open case of ``contract`` that names ``account``, or ''."""
        ...

    def running(self, session: Session, now: datetime) -> list[str]:
        """Contracts with an open case."""
        ...
