"""What the staff does to messages: hide one from the other side. Nothing that was written is changed."""

from marketwright.features.accounts.rights import need
from marketwright.features.messaging.tables import HiddenMessage, Message
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.store.unit import UnitOfWork


def hide(uow: UnitOfWork, *, message: str, category: str) -> None:
    """Hide ``message`` and its files from the other side, in a ``category`` of notices; needs ``notices.decide``."""
    need(uow.actor, "notices.decide")
    row = uow.session.get(Message, message, with_for_update=True)
    if row is None or row.kind != "text":
        raise NotFound("There is no such message.")
    if uow.session.get(HiddenMessage, message) is not None:
        raise Conflict("This message is hidden already.", state="hidden")
    uow.session.add(HiddenMessage(message_id=message, category=category, by=uow.actor.id, at=uow.now))
    uow.flush()
    uow.audit("message.hidden", message, category=category)
