"""What the front page asks of the rooms above."""

from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What the marketplace can say of itself today; ``None`` where there is nothing to say yet."""

    experts: int
    missions: int
    contracts: int
    share_proved: float | None = None


class Showcase(Protocol):
    """People, missions and figures for the front page."""

    def figures(self, session: Session) -> Figures:
        """Counts of today."""
        ...

    def people(self, session: Session, most: int) -> tuple[object, ...]:
        """The freelancers whose claims were checked most recently, as cards."""
        ...

    def missions(self, session: Session, most: int) -> tuple[object, ...]:
        """The missions published most recently, as rows."""
        ...
