"""What a letter is made of, and who it is for."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
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


def person(session: Session, account: str) -> Reader | None:
    """The reader behind ``account``; ``None`` for nobody and for the suspended."""
    found = accounts.account(session, account) if account else None
    if found is None:
        return None
    return Reader(found.email, found.locale, found.id, found.name, found.time_zone)


def people(session: Session, ids: list[str], *, but: str = "") -> list[Reader]:
    """The readers behind ``ids``, without ``but``, each once."""
    found = accounts.accounts_by_id(session, ids)
    return [
        Reader(a.email, a.locale, a.id, a.name, a.time_zone)
        for a in (found[i] for i in dict.fromkeys(ids) if i in found)
        if a.id != but
    ]


def members_with(session: Session, organisation: str, *roles: str) -> list[str]:
    """Accounts of ``organisation`` that hold one of ``roles`` (owners always do)."""
    wanted = {*roles, "owner"}
    return [m.account for m in accounts.members(session, organisation) if wanted & set(m.roles)]
