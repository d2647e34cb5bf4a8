"""Reads of conversations: the inbox, one thread, what is unread."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Membership, Organisation
from marketwright.features.files.queries import FileRow, files_by_id
from marketwright.features.messaging.sides import side_of
from marketwright.features.messaging.tables import HiddenMessage, Message, MessageFile, ReadMark, Thread
from marketwright.features.missions import queries as missions
from marketwright.features.missions.cards import nameless
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles.tables import Profile
from marketwright.features.relations.tables import Relation
from marketwright.kernel.frozen import dataclass
from marketwright.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One conversation with the names that its page shows. ``client`` is the name the mission gives the client."""

    id: str
    mission: str
    organisation: str
    freelancer: str
    kind: str
    state: str
    declined_by: str
    decline_reason: str
    opened_by: str
    opened_at: datetime
    applied_at: datetime | None
    last_at: datetime
    mission_title: str
    mission_state: str
    freelancer_name: str
    organisation_name: str
    named: bool
    photo_file: str | None  # of the freelancer
    public_names: tuple[str, str, str]  # of the mission; of the organisation in English, in French
    has_contract: bool
    sector: str  # of the organisation, as its size: what it is called by where it wrote no description
    size: int | None

    @property
    def hides_client(self) -> bool:
        """Whether the freelancer does not know the client by name: until a first contract."""
        return not (self.named or self.has_contract)

    def client(self, locale: str, *, to_client: bool = False) -> str:
        """How the client is called towards the reader: by name to its members and after a contract; never ''."""
        if to_client or not self.hides_client:
            return self.organisation_name
        own, en, fr = self.public_names
        return own or ((fr or en) if locale == "fr" else (en or fr)) or nameless(self.sector, self.size)

    @property
    def is_open(self) -> bool:
        """Whether both may write."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message or event; ``author_name`` is empty where the marketplace's own jobs speak.

    ``hidden`` is the category in which staff hid it from the other side, '' where nobody did.
    """

    id: str
    thread: str
    author: str | None
    author_name: str
    side: str
    kind: str
    text: str
    params: dict[str, Any]
    answers: tuple[tuple[str, str], ...]
    at: datetime
    hidden: str = ""
    files: tuple[FileRow, ...] = ()

    def hidden_from(self, side: str) -> bool:
        """Whether who reads as ``side`` (``client``, ``freelancer``) does not read it."""
        return bool(self.hidden) and self.side != side


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of an inbox: the thread, its newest message, how many of the other side's are unread."""

    thread: ThreadRow
    last: MessageRow | None
    unread: int
    side: str = field(default="")


def _threads() -> Select[Any]:
    t, m, o = Thread, Mission, Organisation
    signed = and_(Relation.organisation_id == t.organisation_id, Relation.freelancer_id == t.freelancer_id)
    columns: tuple[Any, ...] = (
        t.id, t.mission_id, t.organisation_id, t.freelancer_id, t.kind, t.state, t.declined_by, t.decline_reason,
        t.opened_by, t.opened_at, t.applied_at, t.last_at, m.title, m.state, Account.name, o.name, m.named,
        Profile.photo_file, m.public_name, o.public_name_en, o.public_name_fr, Relation.first_contract_at, o.sector,
        o.size,
    )  # fmt: skip
    return (
        select(*columns)
        .join(m, m.id == t.mission_id)
        .join(o, o.id == t.organisation_id)
        .join(Account, Account.id == t.freelancer_id)
        .outerjoin(Profile, Profile.id == t.freelancer_id)
        .outerjoin(Relation, signed)
    )


def _thread(row: Sequence[Any]) -> ThreadRow:
    *names, first, sector, size = row[-6:]
    plain: dict[str, Any] = dict(zip(ThreadRow.__dataclass_fields__, row[:-6], strict=False))
    return ThreadRow(**plain, public_names=tuple(names), has_contract=first is not None, sector=sector, size=size)


def thread(session: Session, id: str) -> ThreadRow | None:  # noqa: A002  the word of the domain
    """The conversation ``id``."""
    row = session.execute(_threads().where(Thread.id == id)).first()
    return _thread(row) if row else None


def threads_by_id(session: Session, ids: Sequence[str]) -> list[ThreadRow]:
    """The conversations of ``ids`` that exist."""
    return [_thread(row) for row in session.execute(_threads().where(Thread.id.in_(set(ids))))]


def thread_of(session: Session, mission: str, freelancer: str) -> ThreadRow | None:
    """The conversation of a mission and a freelancer, if they have one."""
    row = session.execute(_threads().where(Thread.mission_id == mission, Thread.freelancer_id == freelancer)).first()
    return _thread(row) if row else None


def threads_of_mission(session: Session, mission: str) -> list[ThreadRow]:
    """Every conversation about a mission, newest first: who was invited, who applied, who asked."""
    rows = session.execute(_threads().where(Thread.mission_id == mission).order_by(Thread.last_at.desc(), Thread.id))
    return [_thread(row) for row in rows]


def _organisations_of(account: str) -> Select[Any]:
    return select(Membership.organisation_id).where(Membership.account_id == account, Membership.document == "")


def _mine(account: str) -> ColumnElement[bool]:
    return or_(Thread.freelancer_id == account, Thread.organisation_id.in_(_organisations_of(account)))


def _unread_by_me(account: str) -> ColumnElement[bool]:
    """Messages of the other side that are newer than the reader's mark."""
    theirs = or_(
        and_(Thread.freelancer_id == account, Message.side == "client"),
        and_(Thread.freelancer_id != account, Message.side == "freelancer"),
    )
    return and_(theirs, or_(ReadMark.at.is_(None), Message.at > ReadMark.at))


def _counted(what: Any, account: str) -> Select[Any]:
    marks = and_(ReadMark.thread_id == Thread.id, ReadMark.account_id == account)
    return (
        select(*what)
        .select_from(Message)
        .join(Thread, Thread.id == Message.thread_id)
        .outerjoin(ReadMark, marks)
        .where(_mine(account), _unread_by_me(account))
    )


def unread(session: Session, account: str) -> int:
    """How many messages of the other side ``account`` has not read, in all threads."""
    return session.scalar(_counted((func.count(),), account)) or 0


def inbox(session: Session, account: str, *, limit: int = 50, offset: int = 0) -> list[InboxRow]:
    """The threads of ``account``, unread ones first, then by their newest message."""
    counts = _counted((Message.thread_id, func.count().label("n")), account).group_by(Message.thread_id).subquery()
    rows = session.execute(
        _threads()
        .add_columns(func.coalesce(counts.c.n, 0))
        .outerjoin(counts, counts.c.thread_id == Thread.id)
        .where(_mine(account))
        .order_by((func.coalesce(counts.c.n, 0) > 0).desc(), Thread.last_at.desc(), Thread.id)
        .limit(limit)
        .offset(offset)
    ).all()
    found = [(_thread(row[:-1]), row[-1]) for row in rows]
    last = _last_messages(session, [t.id for t, _ in found])
    return [
        InboxRow(t, last.get(t.id), n, "freelancer" if t.freelancer == account else "client") for t, n in found
    ]


def count_threads(session: Session, account: str) -> int:
    """How many threads the inbox of ``account`` holds."""
    return session.scalar(select(func.count()).select_from(Thread).where(_mine(account))) or 0


def _messages() -> Select[Any]:
    m = Message
    columns: tuple[Any, ...] = (
        m.id, m.thread_id, m.author_id, func.coalesce(Account.name, ""), m.side, m.kind, m.text, m.params, m.answers,
        m.at, func.coalesce(HiddenMessage.category, ""),
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(Account, Account.id == m.author_id)
        .outerjoin(HiddenMessage, HiddenMessage.message_id == m.id)
    )


def _message(row: Sequence[Any], files: Sequence[FileRow] = ()) -> MessageRow:
    plain: dict[str, Any] = dict(zip(MessageRow.__dataclass_fields__, row[:-4], strict=False))
    params, answers, at, hidden = row[-4:]
    pairs = tuple((str(q), str(a)) for q, a in answers or ())
    return MessageRow(**plain, params=dict(params or {}), answers=pairs, at=at, hidden=hidden, files=tuple(files))


def _last_messages(session: Session, threads: Sequence[str]) -> dict[str, MessageRow]:
    if not threads:
        return {}
    order = func.row_number().over(partition_by=Message.thread_id, order_by=(Message.at.desc(), Message.id.desc()))
    ranked = select(Message.id, order.label("n")).where(Message.thread_id.in_(threads)).subquery()
    rows = session.execute(_messages().join(ranked, ranked.c.id == Message.id).where(ranked.c.n == 1))
    return {row[1]: _message(row) for row in rows}


def message(session: Session, id: str) -> MessageRow | None:  # noqa: A002  the word of the domain
    """The message ``id`` alone, without its files."""
    row = session.execute(_messages().where(Message.id == id)).first()
    return _message(row) if row else None


def messages(session: Session, thread: str) -> list[MessageRow]:
    """Everything written in ``thread``, oldest first, with the files."""
    rows = session.execute(_messages().where(Message.thread_id == thread).order_by(Message.at, Message.id)).all()
    attached = session.execute(
        select(MessageFile.message_id, MessageFile.file_id)
        .join(Message, Message.id == MessageFile.message_id)
        .where(Message.thread_id == thread)
        .order_by(MessageFile.message_id, MessageFile.number)
    ).all()
    files = files_by_id(session, [a.file_id for a in attached])
    by_message: dict[str, list[FileRow]] = defaultdict(list)
    for one in attached:
        if one.file_id in files:
            by_message[one.message_id].append(files[one.file_id])
    return [_message(row, by_message[row[0]]) for row in rows]


def read_by_other_side(session: Session, row: ThreadRow, side: str) -> datetime | None:
    """Up to which moment somebody of the side opposite to ``side`` has read; ``None`` when nobody has."""
    of_freelancer = ReadMark.account_id == row.freelancer
    theirs = of_freelancer if side == "client" else ~of_freelancer
    return session.scalar(select(func.max(ReadMark.at)).where(ReadMark.thread_id == row.id, theirs))


def thread_of_file(session: Session, file: str) -> ThreadRow | None:
    """The conversation in which ``file`` was sent, or ``None``."""
    row = session.execute(
        _threads()
        .join(Message, Message.thread_id == Thread.id)
        .join(MessageFile, MessageFile.message_id == Message.id)
        .where(MessageFile.file_id == file)
        .limit(1)
    ).first()
    return _thread(row) if row else None


def read_until(session: Session, thread: str, account: str) -> datetime | None:
    """Up to which moment ``account`` has read ``thread``."""
    return session.scalar(select(ReadMark.at).where(ReadMark.thread_id == thread, ReadMark.account_id == account))


def knows(session: Session, organisations: Sequence[str], freelancer: str) -> bool:
    """Whether one of ``organisations`` has a conversation with ``freelancer``."""
    found = select(Thread.id).where(Thread.freelancer_id == freelancer, Thread.organisation_id.in_(organisations))
    return session.scalar(found.limit(1)) is not None


def names_client(session: Session, organisation: str, freelancer: str) -> bool:
    """Whether a conversation of ``freelancer`` with ``organisation`` tells them its name, as ``hides_client`` says."""
    theirs = _threads().where(Thread.organisation_id == organisation, Thread.freelancer_id == freelancer)
    named = theirs.where(or_(Mission.named, Relation.first_contract_at.is_not(None)))
    return session.execute(named.limit(1)).first() is not None


def knows_client(session: Session, organisation: str, looker: Viewer | None) -> bool:
    """Whether the page of a client is there for ``looker``, who is none of its members: it gave them its name."""
    if looker is not None and looker.may("people.read"):
        return True
    if missions.was_named(session, organisation, members=looker is not None):
        return True
    return looker is not None and (
        missions.was_named_to(session, organisation, looker.account)
        or names_client(session, organisation, looker.account)
    )


def may_read_file(session: Session, account: str, file: FileRow) -> bool:
    """Whether ``account`` stands on a side of the conversation in which ``file`` was sent, and reads its message."""
    row = thread_of_file(session, file.id)
    side = side_of(session, row.organisation, row.freelancer, account) if row else ""
    if row is None or not side:
        return False
    sent = (
        select(Message.id)
        .join(MessageFile, MessageFile.message_id == Message.id)
        .outerjoin(HiddenMessage, HiddenMessage.message_id == Message.id)
        .where(
            Message.thread_id == row.id, MessageFile.file_id == file.id,
            or_(Message.side == side, HiddenMessage.message_id.is_(None)),
        )
    )  # fmt: skip
    return session.scalar(sent.limit(1)) is not None
