"""What happens in the inbox."""

from marketwright.kernel.events import declare

RECEIVED = declare(
    "message.received",
    "A message came for a plugin that core has no use for itself; the subject is the message; payload: plugin, type, "
    "about",
)
