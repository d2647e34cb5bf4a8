"""Forgetting what a person was told, and what others were told of their words."""

from sqlalchemy import delete, or_, select

from marketwright.features.messaging import events as m
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.store.tables import EventRow
from marketwright.store.unit import UnitOfWork

TALKS = (m.THREAD_OPENED, m.APPLIED, m.MESSAGE_POSTED, m.THREAD_DECLINED)


def forget(uow: UnitOfWork, *, account: str, address: str) -> None:
    """Delete every mail and notice of ``account``, and what went to ``address`` before it had one.

    Mails that told others of what it wrote in conversations go too; those about offers and deals stay as sent.
    """
    run = uow.session.execute
    run(delete(Mail).where(or_(Mail.account_id == account, Mail.address == address)))
    run(delete(Notice).where(Notice.account_id == account))
    caused = select(EventRow.id).where(EventRow.actor == f"person:{account}", EventRow.name.in_(TALKS))
    run(delete(Mail).where(Mail.kind.in_(TALKS), Mail.event_id.in_(caused)))
