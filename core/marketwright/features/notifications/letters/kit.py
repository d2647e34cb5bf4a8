"""What a letter is made of, and who it is for."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.forgetting import is_erased
from marketwright.features.accounts.queries import AccountRow
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text
from marketwright.settings.marketplace import Marketplace
from marketwright.store.tables import EventRow
from marketwright.web.house import House


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a letter is for; ``account`` is '' for an address without one."""

    address: str
    locale: str
    account: str = ""
    name: str = ""
    time_zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of several that a letter tells of, in the reader's words, and where it is."""

    title: str
    line: str
    path: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing told to one reader. ``notice`` puts its subject into their inbox too; ``mail`` sends it.

    ``leave`` is where one click stops letters of this kind, without signing in.
    """

    reader: Reader
    subject: Text
    paragraphs: tuple[Text, ...]
    action: Text | None = None
    path: str = ""
    notice: bool = True
    mail: bool = True
    items: tuple[Item, ...] = ()
    leave: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An event and what is needed to tell of it."""

    event: EventRow
    session: Session
    house: House

    @property
    def marketplace(self) -> Marketplace:
        """Whose letters these are."""
        return self.house.marketplace

    def payload(self, key: str) -> str:
        """A value of the event's payload as text; '' when it is not there."""
        value = self.event.payload.get(key, "")
        return value if isinstance(value, str) else str(value)

    @property
    def actor_account(self) -> str:
        """The account that caused the event; '' for jobs and plugins."""
        kind, _, id_ = self.event.actor.partition(":")
        return id_ if kind == "person" else ""


Writer = Callable[[Told], list[Letter]]
Writers = Mapping[str, Writer]


def person(session: Session, account: str, *, suspended: bool = False) -> Reader | None:
    """The reader behind ``account``; ``None`` for nobody, the erased, and the suspended unless ``suspended``.

    The suspended hear what concerns their account and their money alone.
    """
    found = accounts.account(session, account) if account else None
    return _reader(found, suspended=suspended) if found else None


def _reader(found: AccountRow, *, suspended: bool) -> Reader | None:
    if is_erased(found.email) or (found.suspended_at is not None and not suspended):
        return None
    return Reader(found.email, found.locale, found.id, found.name, found.time_zone)


def people(session: Session, ids: list[str], *, but: str = "", suspended: bool = False) -> list[Reader]:
    """The readers behind ``ids``, without ``but``, each once; as :func:`person` has it."""
    found = accounts.accounts_by_id(session, ids)
    known = (_reader(found[i], suspended=suspended) for i in dict.fromkeys(ids) if i in found and i != but)
    return [reader for reader in known if reader is not None]


def name_of(session: Session, account: str) -> str:
    """What a person is called, whether or not they are written to; '' for nobody."""
    found = accounts.account(session, account) if account else None
    return found.name if found else ""


def members_with(session: Session, organisation: str, *roles: str) -> list[str]:
    """Accounts of ``organisation`` that hold one of ``roles`` (owners always do).

    Whoever was invited to sign one document alone does not belong to it.
    """
    wanted = {*roles, "owner"}
    return [m.account for m in accounts.members(session, organisation) if not m.document and wanted & set(m.roles)]
