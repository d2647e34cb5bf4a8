"""What a bank statement says, whatever its format, and what is wrong with a file that cannot be read. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from marketwright.plugin import PAID_AHEAD, Money, Text

MOST_PROBLEMS = 20
AHEAD = timedelta(days=PAID_AHEAD)  # invoices take nothing dated later: it is not booked yet
FURTHEST = timedelta(days=7)  # what is dated later still is a mistake


@dataclass(frozen=True, slots=True)
class Entry:
    """One payment that came in: ``number`` is its line in the file (a CSV) or its place in it (CAMT), from 1.

    ``reference`` is the structured reference, ``bank_id`` the bank's word for it; '' where the file has none.
    ``unique`` says that ``bank_id`` alone tells it from every other payment. ``doubt`` are words of the line that may
    say that the money went out, where nothing else of the file tells.
    """

    number: int
    booked_on: date
    amount: Money
    payer: str = ""
    text: str = ""
    reference: str = ""
    bank_id: str = ""
    unique: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """The incoming payments of one file; ``outgoing`` and ``pending`` (not booked yet) count what was left out."""

    kind: str
    account: str
    entries: tuple[Entry, ...]
    outgoing: int = 0
    pending: int = 0

    @property
    def since(self) -> date | None:
        """The first day with an incoming payment."""
        return min((e.booked_on for e in self.entries), default=None)

    @property
    def until(self) -> date | None:
        """The last one."""
        return max((e.booked_on for e in self.entries), default=None)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where: ``line`` 0 is the file as a whole."""

    line: int
    says: Text


class Unreadable(ValueError):
    """The file is refused as a whole: nothing of it was taken. ``problems`` lists the first of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)[:MOST_PROBLEMS]
        super().__init__("; ".join(f"line {p.line}: {p.says}" for p in self.problems))


def refuse(says: Text, line: int = 0) -> Unreadable:
    """A file that is refused for one reason."""
    return Unreadable([Problem(line, says)])


def tidy(text: str | None, longest: int = 500) -> str:
    """``text`` on one line, without control characters, at most ``longest`` long."""
    shown = "".join(c if c.isprintable() else " " for c in text or "")
    return " ".join(shown.split())[:longest]
