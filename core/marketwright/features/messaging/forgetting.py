"""Forgetting what a person wrote in conversations, and the invitations that they began with."""

from sqlalchemy import Select, and_, delete, or_, select, update

from marketwright.features.files.tables import StoredFile
from marketwright.features.messaging.service import SAID_NO
from marketwright.features.messaging.tables import Message, MessageFile, ReadMark, Thread
from marketwright.features.missions.forgetting import forget as forget_invitations
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str, instead: str, but_in: Select[str] | None = None) -> None:
    """Put ``instead`` in place of every message of ``account``, take its files and its name in lines of events away.

    Invitations to ``account`` go, and the notes of those that it wrote. ``but_in`` selects threads whose messages
    stay: letters of a deal.
    """
    run = uow.session.execute
    run(delete(ReadMark).where(ReadMark.account_id == account))
    forget_invitations(uow, account=account)
    written = select(Message.id).where(Message.author_id == account)
    refused = select(Message.thread_id).where(
        Message.author_id == account, Message.text == SAID_NO, Message.side == Thread.declined_by
    )
    own = and_(Thread.freelancer_id == account, Thread.declined_by == "freelancer")
    declined = update(Thread).where(or_(own, Thread.id.in_(refused.correlate(Thread))))
    if but_in is not None:
        written, declined = written.where(Message.thread_id.not_in(but_in)), declined.where(Thread.id.not_in(but_in))
    run(declined.values(decline_reason="").execution_options(synchronize_session=False))
    for line in uow.session.scalars(select(Message).where(Message.id.in_(written), Message.kind == "event")):
        if "who" in line.params:
            line.params = {**line.params, "who": ""}  # pages put the name of the account there
    mine = written.where(Message.kind == "text")
    files = select(MessageFile.file_id).where(MessageFile.message_id.in_(mine))
    run(
        update(StoredFile).where(StoredFile.id.in_(files), StoredFile.removed_at.is_(None))
        .values(removed_at=uow.now, name=instead)
    )  # fmt: skip
    run(update(Message).where(Message.id.in_(mine)).values(text=instead, answers=[]))
