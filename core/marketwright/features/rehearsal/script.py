"""What a rehearsed deal consists of: moments with everything that they leave behind."""

from dataclasses import field
from datetime import datetime

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, as its reader gets it."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    action: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a ledger entry: ``amount`` is above zero for a debit."""

    account: str
    amount: Money
    memo: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as it was signed or issued; ``html`` is its escaped body, '' for a bill."""

    title: str
    html: str
    sha256: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that somebody did, and what came of it."""

    at: datetime
    who: str
    what: str
    state: str = ""
    entries: tuple[tuple[Leg, ...], ...] = ()
    papers: tuple[Paper, ...] = ()
    letters: tuple[Letter, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of the quote, with the rule that made it."""

    label: str
    amount: Money
    rule: str


@dataclass
class Deal:
    """One deal of one process."""

    name: str
    label: str
    summary: str
    reference: str = ""
    price: tuple[PriceLine, ...] = ()
    moments: list[Moment] = field(default_factory=list)
    findings: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()  # invoices that were not issued, and what each waits for
