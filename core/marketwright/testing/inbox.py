"""Messages as an outside service signs them."""

from marketwright.strategies.inbox import Message, sign

__all__ = ["Message", "sign"]
