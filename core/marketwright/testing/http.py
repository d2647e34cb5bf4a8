"""A fake of the outside world: answers from a script, and remembers what was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from marketwright.hooks.http import HttpAnswer, HttpFailed, HttpRequest

Answers = HttpAnswer | HttpFailed | Callable[[HttpRequest], HttpAnswer]


def answer(body: Any = None, *, status: int = 200, **headers: str) -> HttpAnswer:
    """An answer with ``body`` as JSON (bytes as they are)."""
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return HttpAnswer(status, {k.replace("_", "-"): v for k, v in headers.items()}, sent)


def lost(*, sent: bool = True) -> HttpFailed:
    """No answer: lost on the way back, or (``sent=False``) never reached."""
    return HttpFailed("no answer", sent=sent)


@dataclass
class FakeHttp:
    """The transport of a desk: ``make_desk(..., http=FakeHttp())``.

    ``on(method, part, answers…)`` answers requests whose address holds ``part``, one after the other, the last for
    ever; an answer may be a function of the request, or :func:`lost`. ``asked`` holds every request in order.
    """

    asked: list[HttpRequest] = field(default_factory=list)
    _script: list[tuple[str, str, list[Answers]]] = field(default_factory=list)

    def on(self, method: str, part: str, *answers: Answers) -> "FakeHttp":
        """Answer ``method`` on addresses with ``part`` in them; returns itself."""
        self._script.insert(0, (method, part, list(answers)))
        return self

    def __call__(self, request: HttpRequest, _address: str) -> HttpAnswer:
        """Answer one request; an unexpected one is an ``AssertionError`` that names it."""
        self.asked.append(request)
        for method, part, answers in self._script:
            if method == request.method and part in request.url and answers:
                found = answers.pop(0) if len(answers) > 1 else answers[0]
                if isinstance(found, HttpFailed):
                    raise found
                return found(request) if callable(found) else found
        msg = f"the script has no answer to {request.method} {request.url}"
        raise AssertionError(msg)
