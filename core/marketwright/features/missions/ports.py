"""What missions must ask of the rooms above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork


class Confidentiality(Protocol):
    """Who has signed the confidentiality agreement of a mission; contracts answers."""

    def signed(self, session: Session, mission: str, account: str) -> bool:
        """Whether ``account`` may read the confidential parts of ``mission``."""
        ...


class NoAgreements:
    """Nobody can sign yet: confidential parts stay shut."""

    def signed(self, session: Session, mission: str, account: str) -> bool:  # noqa: ARG002
        """Never."""
        return False


class Talks(Protocol):
    """Who has a conversation about a mission; messaging answers."""

    def has(self, session: Session, mission: str, account: str) -> bool:
        """Whether the freelancer ``account`` talks with the client about ``mission``."""
        ...

    def thread(self, session: Session, mission: str, account: str) -> str:
        """The id of that conversation; '' where there is none."""
        ...

    def counts(self, session: Session, missions: Sequence[str]) -> dict[str, int]:
        """How many freelancers applied to each mission; those without any are left out."""
        ...


class NoTalks:
    """Nobody talks: the answer of a marketplace without conversations."""

    def has(self, session: Session, mission: str, account: str) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def thread(self, session: Session, mission: str, account: str) -> str:  # noqa: ARG002
        """None."""
        return ""

    def counts(self, session: Session, missions: Sequence[str]) -> dict[str, int]:  # noqa: ARG002
        """None."""
        return {}


class UnderContract(Protocol):
    """What is agreed on a mission; contracts answers."""

    def mission_changed(self, uow: UnitOfWork, mission: str) -> None:
        """The mission's brief was edited: what its running contracts ask for may have changed with it."""
        ...


class NothingAgreed:
    """No contract depends on a mission."""

    def mission_changed(self, uow: UnitOfWork, mission: str) -> None:
        """Nothing follows."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a client deals with people; ``None`` where there is too little to say.

    ``answered`` is the share (0 to 1) of applications that got an answer; days are medians.
    """

    answered: float | None = None
    answer_days: float | None = None
    pay_days: float | None = None
    contracts: int | None = None


class ClientFigures(Protocol):
    """The figures of a client; the rooms of conversations and payments answer."""

    def of(self, session: Session, organisation: str) -> Figures:
        """What is known today."""
        ...


class NoFigures:
    """Nothing has happened yet."""

    def of(self, session: Session, organisation: str) -> Figures:  # noqa: ARG002
        """Nothing."""
        return Figures()


@dataclass(frozen=True, slots=True)
class ClientReview:
    """One review of a client as a page shows it; ``rating`` 1 to 5."""

    text: str
    author: str
    date: datetime
    rating: int
    role: str = ""
    mission: str = ""
    answer: str = ""
    answer_by: str = ""
    report: str = ""  # where it is reported


class ClientReviews(Protocol):
    """The published reviews of a client; reviews answers."""

    def about(self, session: Session, organisation: str, locale: str, limit: int) -> Sequence[ClientReview]:
        """Newest first."""
        ...


class NoClientReviews:
    """Nobody has reviewed anybody yet."""

    def about(self, session: Session, organisation: str, locale: str, limit: int) -> Sequence[ClientReview]:  # noqa: ARG002
        """Nothing."""
        return ()
