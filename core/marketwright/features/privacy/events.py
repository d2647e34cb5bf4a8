"""What the room tells of."""

from marketwright.kernel.events import declare

ERASED = declare("account.erased", "A person was erased; plugins forget them by `erase` of their manifest")
