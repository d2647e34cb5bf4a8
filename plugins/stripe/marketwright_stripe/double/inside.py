"""The double without sockets: it answers a desk's requests in this process, by a clock of the caller's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marketwright.plugin import HttpAnswer
from marketwright_stripe.double.answering import Asked, Desk
from marketwright_stripe.double.log import Log


class Inside:
    """The transport of a desk (``make_desk(..., http=Inside(…))``): any secret key will do that ``key`` is."""

    def __init__(self, file: Path, key: str, base: str, now: Callable[[], float]) -> None:
        self.log = Log(file, durable=False, time=now)
        self.desk, self.base = Desk(self.log, key), base

    def __call__(self, request: Any, _address: str) -> HttpAnswer:
        """Answer one request of ``desk.http``."""
        parts = urlsplit(request.path)
        asked = Asked(request.method, parts.path, parts.query, request.body.decode(), dict(request.headers), self.base)
        reply = self.desk.answer(asked)
        return HttpAnswer(reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.body)
