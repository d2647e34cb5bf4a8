"""Journals: the ledger in the form that the accountants' tools of a country read."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One leg of the ledger: ``number`` is the sealed number of its entry, the same for all legs of one.

    ``amount`` is above zero for a debit, below for a credit. ``owner`` is whose account it is (an id, or ''),
    ``owner_name`` how they are called. ``piece`` and ``piece_at`` are the document behind it: an invoice's number and
    date, or the cause as the ledger names it. ``text`` is English, or what people wrote. ``effect`` is the
    ledger's word for what happened (``funded``, ``released``, ``commission``): journals say it in their own language.
    """

    number: int
    at: datetime
    sealed_at: datetime
    account: str
    kind: str
    owner: str
    owner_name: str
    amount: Money
    piece: str
    piece_at: datetime
    text: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class BookedDocument:
    """An invoice or credit note (``credit``) as issued.

    ``kind`` is ``sale``, ``client_fee``, ``freelancer_fee`` or ``service``.
    ``seller`` and ``buyer`` are their legal identities as they stand on it (name, registration_number, vat_number,
    country, …). ``category`` is the code of EN 16931 of its tax, ``bps`` the rate. ``payments`` are what was paid of it
    by day, below zero for what went back; amounts are never negative else.
    """

    number: str
    kind: str
    credit: bool
    issued_on: date
    supplied_on: date
    seller: Mapping[str, str]
    buyer: Mapping[str, str]
    net: Money
    tax: Money
    category: str
    bps: int
    payments: Sequence[tuple[date, Money]] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """Whose books: the marketplace's company, its number, the days that the file is about (both included).

    ``documents`` are those issued or paid on these days, whoever sold, for a journal that ``reads_documents``.
    """

    name: str
    registration_number: str
    since: date
    until: date
    documents: Sequence[BookedDocument] = ()


class Journal(ABC):
    """One form of the journal.

    ``name`` is what ``ledger export --format`` is asked for, ``label`` an English sentence that the console translates.
    One that ``reads_documents`` is given those of the days asked for in ``Books.documents``, beside the lines.
    """

    name: ClassVar[str]
    label: ClassVar[str] = ""
    reads_documents: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def filename(self, books: Books) -> str:
        """What the file is called."""

    @abstractmethod
    def render(self, books: Books, lines: Iterable[JournalLine]) -> bytes:
        """The file. Lines come in the order of their numbers; what cannot be written raises ``InvalidInput``."""
