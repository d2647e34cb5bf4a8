"""Writing in conversations: open, post, decline, mark as read; and the lines that other rooms add."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketwright.features.accounts.ports import Gate
from marketwright.features.accounts.tables import Account
from marketwright.features.files.queries import files_by_id
from marketwright.features.messaging import events
from marketwright.features.messaging.ports import Offers
from marketwright.features.messaging.sides import need_side, roles_for, side_of
from marketwright.features.messaging.tables import Message, MessageFile, ReadMark, Thread
from marketwright.features.missions import service as missions
from marketwright.features.missions.first import come_first
from marketwright.features.missions.queries import is_invited, questions
from marketwright.features.missions.tables import Mission
from marketwright.features.relations.queries import relation
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_, say
from marketwright.store.unit import UnitOfWork

LONGEST, MOST_FILES = 8000, 8
SAID_NO = N_("%(who)s said no.")
OTHER_QUESTIONS = N_("The questions have changed while you were writing. Please read them again.")
KINDS = ("invitation", "application", "question")


@dataclass(frozen=True, slots=True)
class _Opening:
    """What opens a thread."""

    mission: Mission
    freelancer: str
    kind: str
    side: str


def open_thread(
    uow: UnitOfWork, *, mission: str, freelancer: str, kind: str, text: str, files: Sequence[str] = (),
    answers: Sequence[tuple[str, str]] = (),
) -> str:  # fmt: skip
    """Begin the conversation of a mission and a freelancer with a first message; returns the thread's id.

    ``kind``: ``invitation`` (by a member of the client), ``application`` (with ``answers``, pairs of question and
    answer) or ``question`` (by the freelancer). Where they have one already, an application or invitation goes on in
    it. ``NotFound`` for a mission that the actor may not know of, ``Conflict`` where it takes nobody any more,
    where the other side has ended their conversation and where ``answers`` are to other questions, ``GateClosed``
    behind the gate ``contact``, and for a freelancer who comes before a new mission opens to everybody without a plan
    that lets them.
    """
    opening = _opening(uow, mission, freelancer, kind)
    _check_text(text, files)
    if answers and [question for question, _ in answers] != questions(uow.session, mission):
        raise Conflict(OTHER_QUESTIONS)
    found = uow.session.scalar(
        select(Thread).where(Thread.mission_id == mission, Thread.freelancer_id == freelancer).with_for_update()
    )
    if found is not None and kind == "application" and found.applied_at is not None:
        raise Conflict("You have applied to this {mission} already; go on in the conversation.", state="applied")
    if found is not None:
        take_up(found, opening.side)
    if kind == "invitation":
        missions.invite(uow, mission=mission, freelancer=freelancer, note=text[:400])
    row = found or _new_thread(uow, opening)
    if kind == "application":
        row.kind, row.applied_at = "application", uow.now
    message = _write(uow, row, opening.side, text, files, answers)
    if found is None:
        uow.emit(events.THREAD_OPENED, row.id, kind=kind, mission=mission, freelancer=freelancer)
    if kind == "application":
        uow.emit(events.APPLIED, row.id, mission=mission, freelancer=freelancer)
    elif found is not None:
        uow.emit(events.MESSAGE_POSTED, row.id, message=message, side=opening.side)
    return row.id


def _opening(uow: UnitOfWork, mission: str, freelancer: str, kind: str) -> _Opening:
    if kind not in KINDS:
        raise InvalidInput({"kind": [say("A conversation begins with an invitation, an application or a question.")]})
    row = uow.session.get(Mission, mission)
    if row is None or row.state in ("draft", "waiting"):
        raise NotFound("There is no such {mission}.")
    side = _opening_side(uow, row, freelancer, kind)
    if row.state != "published":
        raise Conflict("This {mission} takes nobody any more.", state=row.state)
    if relation(uow.session, row.organisation_id, freelancer).linked:
        raise NotAllowed("{Mission.a} is not for the people of the {organisation} that published it.")
    subject = ("freelancer", freelancer) if side == "freelancer" else ("organisation", row.organisation_id)
    check_gate(uow, "contact", *subject)
    if side == "freelancer":  # a question too: a proposal can follow it
        come_first(uow, mission=mission, published_at=row.published_at, freelancer=freelancer)
    return _Opening(row, freelancer, kind, side)


def _opening_side(uow: UnitOfWork, mission: Mission, freelancer: str, kind: str) -> str:
    if kind == "invitation":
        roles = roles_for(uow.session, mission.organisation_id, uow.actor.id)
        if not roles:
            raise NotFound("There is no such {mission}.")
        if not roles & {"owner", "buyer"}:
            raise NotAllowed("Only owners and buyers invite people. Ask one of them.")
        return "client"
    person = uow.session.get(Account, freelancer)
    if uow.actor.id != freelancer or person is None or not person.is_freelancer:
        raise NotAllowed("Only {freelancer.a} applies or asks, and for themselves.")
    if mission.visibility == "invited" and not is_invited(uow.session, mission.id, freelancer):
        raise NotFound("There is no such {mission}.")
    return "freelancer"


def check_gate(uow: UnitOfWork, gate: str, kind: str, subject: str) -> None:
    """Raise ``GateClosed`` with what ``gate`` still asks of the subject."""
    missing = uow.ports.get(Gate).missing(uow.session, gate, kind, subject)
    if missing:
        raise GateClosed(gate, missing)


def _check_text(text: str, files: Sequence[str]) -> None:
    if not text.strip() and not files:
        raise InvalidInput({"text": [say("Please write something.")]})
    if len(text) > LONGEST:
        raise InvalidInput({"text": [say("At most %(n)s characters, this has %(has)s.", n=LONGEST, has=len(text))]})
    if len(files) > MOST_FILES:
        raise InvalidInput({"files": [say("At most %(n)s files in one message.", n=MOST_FILES)]})


def _new_thread(uow: UnitOfWork, opening: _Opening) -> Thread:
    row = Thread(
        id=new_id(), mission_id=opening.mission.id, organisation_id=opening.mission.organisation_id,
        freelancer_id=opening.freelancer, kind=opening.kind, state="open", declined_by="", decline_reason="",
        opened_by=uow.actor.id, opened_at=uow.now, last_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    return row


def post(uow: UnitOfWork, *, thread: str, text: str, files: Sequence[str] = ()) -> str:
    """Write in ``thread``; returns the message's id. Writing again takes back one's own side's refusal."""
    row = _open_for(uow, thread)
    side = need_side(uow.session, row.organisation_id, row.freelancer_id, uow.actor)
    _check_text(text, files)
    take_up(row, side)
    message = _write(uow, row, side, text, files)
    uow.emit(events.MESSAGE_POSTED, row.id, message=message, side=side)
    return message


def take_up(row: Thread, side: str) -> None:
    """Open an ended conversation again for the side that ended it; ``Conflict`` to the other."""
    if row.state != "declined":
        return
    if row.declined_by != side:
        raise Conflict("The other side has ended this conversation.", state="declined")
    row.state, row.declined_by, row.decline_reason = "open", "", ""


def decline(uow: UnitOfWork, *, thread: str, reason: str) -> None:
    """End a conversation with a reason that the other side reads: no to an invitation, an application, a question.

    Refused while a proposal of it is open, and where one was accepted: the two have a deal to talk about.
    """
    row = _open_for(uow, thread)
    side = need_side(uow.session, row.organisation_id, row.freelancer_id, uow.actor)
    if row.state == "declined":
        raise Conflict("This conversation was ended already.", state="declined")
    offer = uow.ports.get(Offers)(uow.session, [thread]).get(thread)
    if offer is not None and offer.binds:
        raise Conflict("{Proposal.a} is open or accepted in this conversation, so it stays open.", state=offer.state)
    if not reason.strip():
        raise InvalidInput({"reason": [say("Please say why: the other side reads it.")]})
    if len(reason) > LONGEST:
        raise InvalidInput({"reason": [say("At most %(n)s characters, this has %(has)s.", n=LONGEST, has=len(reason))]})
    row.state, row.declined_by, row.decline_reason = "declined", side, reason.strip()
    if row.first_answer_at is None and side != _opener(row):
        row.first_answer_at = uow.now  # a no is an answer
    _event(uow, row, side, SAID_NO, {"who": uow.actor.name})
    uow.emit(events.THREAD_DECLINED, row.id, side=side)
    uow.audit("thread.declined", row.id, side=side)


def note(uow: UnitOfWork, *, thread: str, side: str, text: str, **params: Any) -> None:
    """Add a line about something that happened (a proposal, a contract); ``text`` is a message to translate.

    For rooms above: it counts as the doing of ``side``, whose other side finds it unread. ``params`` are plain values
    or ``Money``; ``who`` is replaced by the name under which the reader knows the author.
    """
    stored = {k: [v.amount, v.currency] if isinstance(v, Money) else v for k, v in params.items()}
    _event(uow, _open_for(uow, thread), side, text, stored)


def announce(uow: UnitOfWork, *, thread: str, text: str, to: str) -> None:
    """Add a line of an outside service, shown as it is; the side ``to`` finds it unread, the other reads it too."""
    if to not in ("client", "freelancer"):
        raise InvalidInput({"to": [f"{to!r} is no side of a conversation"]})
    side = "client" if to == "freelancer" else "freelancer"
    _event(uow, _open_for(uow, thread), side, "%(text)s", {"text": text})


def mark_read(uow: UnitOfWork, *, thread: str, until: datetime | None = None) -> None:
    """The actor has read ``thread`` up to the message of ``until``; without one, up to its newest."""
    row = _open_for(uow, thread)
    if not side_of(uow.session, row.organisation_id, row.freelancer_id, uow.actor.id):
        raise NotFound("There is no such conversation.")
    mark, at = uow.session.get(ReadMark, (thread, uow.actor.id)), min(until or row.last_at, row.last_at)
    if mark is None:
        uow.session.add(ReadMark(thread_id=thread, account_id=uow.actor.id, at=at))
    elif mark.at < at:
        mark.at = at
    uow.flush()


def _open_for(uow: UnitOfWork, thread: str) -> Thread:
    row = uow.session.get(Thread, thread, with_for_update=True)
    if row is None:
        raise NotFound("There is no such conversation.")
    return row


def _opener(row: Thread) -> str:
    """The side that began it, whether or not whoever wrote for the client is a member still."""
    return "freelancer" if row.opened_by == row.freelancer_id else "client"


def _write(
    uow: UnitOfWork, row: Thread, side: str, text: str, files: Sequence[str] = (),
    answers: Sequence[tuple[str, str]] = (),
) -> str:  # fmt: skip
    if row.first_answer_at is None and side != _opener(row):
        row.first_answer_at = uow.now
    message = _message(uow, row, side, "text", text.strip(), answers=[list(pair) for pair in answers])
    known = files_by_id(uow.session, files)
    for number, file in enumerate(dict.fromkeys(files)):
        if file not in known or known[file].uploaded_by != uow.actor.id:
            raise NotFound("There is no such file.")
        uow.session.add(MessageFile(message_id=message, number=number, file_id=file))
    uow.flush()
    return message


def add_text(uow: UnitOfWork, row: Thread, side: str, text: str) -> None:
    """Write the first words of a conversation that another module of this room has just begun."""
    _check_text(text, ())
    _write(uow, row, side, text)


def _event(uow: UnitOfWork, row: Thread, side: str, text: str, params: dict[str, Any]) -> None:
    _message(uow, row, side, "event", text, params=params)


def _message(
    uow: UnitOfWork, row: Thread, side: str, kind: str, text: str, *, params: dict[str, Any] | None = None,
    answers: list[Any] | None = None,
) -> str:  # fmt: skip
    message = Message(
        id=new_id(), thread_id=row.id, author_id=uow.actor.id if uow.actor.is_person else None, side=side, kind=kind,
        text=text, params=params or {}, answers=answers or [], at=uow.now,
    )  # fmt: skip
    uow.session.add(message)
    row.last_at = max(row.last_at, message.at)
    uow.flush()
    return message.id

