"""What accounts must ask of the rooms above."""

from typing import Protocol

from sqlalchemy.orm import Session

from marketwright.kernel.errors import Missing
from marketwright.store.unit import UnitOfWork


class Gate(Protocol):
    """Whether a gate is open for somebody or something; vetting answers."""

    def missing(self, session: Session, gate: str, subject_kind: str, subject_id: str) -> tuple[Missing, ...]:
        """What ``gate`` still asks of the subject (``freelancer``, ``organisation``, ``mission``); empty: open."""
        ...


class TermsOfUse(Protocol):
    """The terms that bind whoever has an account; the room of terms answers."""

    def accepted(self, uow: UnitOfWork, account: str, language: str) -> None:
        """Note that ``account`` has signed up under the terms in force."""
        ...

    def asks(self, session: Session, account: str) -> str:
        """The path where ``account`` accepts new terms before it goes on; '' when it has."""
        ...


class NoTerms:
    """Nobody is asked: the answer of a marketplace without terms."""

    def accepted(self, uow: UnitOfWork, account: str, language: str) -> None:
        """Nothing is noted."""

    def asks(self, session: Session, account: str) -> str:  # noqa: ARG002
        """Nobody is."""
        return ""


class OpenGate:
    """Every gate stands open: the answer of a marketplace without vetting."""

    def missing(self, session: Session, gate: str, subject_kind: str, subject_id: str) -> tuple[Missing, ...]:  # noqa: ARG002
        """Nothing is ever missing."""
        return ()
