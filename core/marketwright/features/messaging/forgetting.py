"""Forgetting what a person wrote in conversations."""

from sqlalchemy import Select, delete, select, update

from marketwright.features.files.tables import StoredFile
from marketwright.features.messaging.tables import Message, MessageFile, ReadMark, Thread
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str, instead: str, but_in: Select[str] | None = None) -> None:
    """Put ``instead`` in place of every message of ``account`` and take its files away.

    ``but_in`` selects threads whose messages stay: letters of a deal.
    """
    run = uow.session.execute
    run(delete(ReadMark).where(ReadMark.account_id == account))
    mine = select(Message.id).where(Message.author_id == account, Message.kind == "text")
    declined = update(Thread).where(Thread.freelancer_id == account, Thread.declined_by == "freelancer")
    if but_in is not None:
        mine, declined = mine.where(Message.thread_id.not_in(but_in)), declined.where(Thread.id.not_in(but_in))
    run(declined.values(decline_reason=""))
    files = select(MessageFile.file_id).where(MessageFile.message_id.in_(mine))
    run(
        update(StoredFile).where(StoredFile.id.in_(files), StoredFile.removed_at.is_(None))
        .values(removed_at=uow.now, name=instead)
    )  # fmt: skip
    run(update(Message).where(Message.id.in_(mine)).values(text=instead, answers=[]))
