"""Sending the messages that wait: in order or not, once or twice, as real providers do on a bad day."""

import logging
import urllib.error
import urllib.request

from marketwright_sandbox.books import Books
from marketwright_sandbox.signing import HEADER, secrets_of, sign

log = logging.getLogger("marketwright_sandbox")
ORDERS = ("oldest first", "newest first", "lose them")


def tell(books: Books, address: str, *, order: str = ORDERS[0], twice: bool = False) -> int:
    """Send every waiting message to ``address``, signed, and return how many were taken.

    ``order`` is one of ``ORDERS``: ``lose them`` marks them as sent and sends none. ``twice`` sends each two times.
    """
    if order not in ORDERS:
        msg = f"there is no order {order!r}; there are {', '.join(ORDERS)}"
        raise ValueError(msg)
    books.ripen()
    waiting = books.undelivered()
    taken = 0
    for message, body in reversed(waiting) if order == ORDERS[1] else waiting:
        sent = order == ORDERS[2] or all(_send(books, address, message, body) for _ in range(2 if twice else 1))
        if sent:
            books.delivered(message)
            taken += 1
    return taken


def _send(books: Books, address: str, message: str, body: bytes) -> bool:
    headers = {"content-type": "application/json", HEADER: sign(body, secrets_of(books.folder)[0], books.now())}
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310  ours
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, TimeoutError) as error:
        log.warning("the message %s was not taken: %s", message, error)
        return False
