"""What profiles must ask of the rooms above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Proof:
    """How a claim is known: what was ``compared`` with which ``source``, ``by`` whom, ``at``, ``until`` when.

    ``result`` is ``passed`` or ``refused``. ``document`` is true where a document was seen and its content was not
    compared. ``label`` and ``claim`` are empty for each other: a proof is of one claim, or of the person as a whole.
    """

    result: str
    compared: str
    source: str
    by: str
    at: datetime
    until: datetime | None = None
    document: bool = False
    label: str = ""


class Proofs(Protocol):
    """How the claims of a profile are known; vetting answers."""

    def of(self, session: Session, profile: str) -> dict[str, Proof]:
        """The newest proof of each claim, by the claim's id; a claim that is only declared is left out."""
        ...

    def standing(self, session: Session, profile: str) -> tuple[Proof, ...]:
        """What was checked of the person as a whole (identity, insurance), with a label each."""
        ...

    def gone(self, uow: UnitOfWork, profile: str, claims: Sequence[str]) -> None:
        """These claims were removed, others may have come: what was handed in for them proves nothing any more."""
        ...


class NoProofs:
    """Everything is only declared: the answer of a marketplace without vetting."""

    def of(self, session: Session, profile: str) -> dict[str, Proof]:  # noqa: ARG002
        """Nothing."""
        return {}

    def standing(self, session: Session, profile: str) -> tuple[Proof, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def gone(self, uow: UnitOfWork, profile: str, claims: Sequence[str]) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Review:
    """One review as a page shows it; ``rating`` 1 to 5."""

    text: str
    author: str
    date: datetime
    rating: int
    role: str = ""
    mission: str = ""
    answer: str = ""
    answer_by: str = ""
    report: str = ""  # where it is reported


class ProfileReviews(Protocol):
    """The published reviews of a freelancer; reviews answers."""

    def about(self, session: Session, freelancer: str, locale: str, limit: int) -> Sequence[Review]:
        """Newest first."""
        ...


class NoReviews:
    """Nobody has reviewed anybody yet."""

    def about(self, session: Session, freelancer: str, locale: str, limit: int) -> Sequence[Review]:  # noqa: ARG002
        """Nothing."""
        return ()


class Acquaintance(Protocol):
    """Who may see a profile that is not in the lists; messaging answers (a conversation or a contract with them)."""

    def knows(self, session: Session, organisations: Sequence[str], freelancer: str) -> bool:
        """Whether one of ``organisations`` has a conversation with ``freelancer``."""
        ...


class NoAcquaintance:
    """Nobody knows anybody: the answer of a marketplace without conversations."""

    def knows(self, session: Session, organisations: Sequence[str], freelancer: str) -> bool:  # noqa: ARG002
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody did here; ``None`` where there is nothing to say yet."""

    contracts: int | None = None
    answer_hours: float | None = None


class Records(Protocol):
    """What a freelancer did on this marketplace; the rooms of conversations and contracts answer."""

    def of(self, session: Session, freelancer: str) -> Record:
        """Contracts ended or under way, and the median hours to a first answer."""
        ...


class NoRecords:
    """Nothing has happened yet."""

    def of(self, session: Session, freelancer: str) -> Record:  # noqa: ARG002
        """Nothing."""
        return Record()
