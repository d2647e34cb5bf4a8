"""People with a browser: cookies, forms, and requests that may never be answered."""

import re
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from threading import Event
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from marketwright.kernel.errors import MarketwrightError, Unavailable
from marketwright.kernel.frozen import dataclass

PATIENCE = 90.0  # seconds: what a busy machine may need for what takes one
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TRIES = 10
T = TypeVar("T")
PAUSE = Event()  # never set: a wait that nothing ends early


class Broken(MarketwrightError):
    """The drill itself cannot go on: a process that does not start, a double that speaks no protocol."""


def persistently(work: Callable[[], T]) -> T:
    """What ``work`` gives, tried again while the database is busy: who loses a deadlock comes again (D13)."""
    for _ in range(TRIES):
        try:
            return work()
        except Unavailable:
            PAUSE.wait(0.2)
    return work()


def until(true: Callable[[], Any], what: str, *, patience: float = PATIENCE, pause: float = 0.05) -> Any:
    """What ``true`` says as soon as it says something; ``Broken`` naming ``what`` after ``patience`` seconds."""
    end = monotonic() + patience
    while not (found := true()):
        if monotonic() > end:
            raise Broken("after %(seconds)s s still not: %(what)s", seconds=f"{patience:.0f}", what=what)
        PAUSE.wait(pause)
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; ``status`` 0 when it died before."""

    status: int = 0
    location: str = ""
    text: str = ""
    cookies: Sequence[str] = ()

    @property
    def done(self) -> bool:
        """Whether a form was taken: the site sends the browser on, and not to sign in first."""
        return self.status == 303 and not self.strange

    @property
    def strange(self) -> bool:
        """Whether the site does not know who asks: it sends them to sign in."""
        return self.status == 303 and urlsplit(self.location).path == "/sign-in"


def ask(
    method: str, address: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None, *,
    patience: float = PATIENCE,
) -> Answer:  # fmt: skip
    """One request to ``address``, whole; an answer with status 0 where there was none."""
    parts = urlsplit(address)
    line = HTTPConnection(parts.netloc, timeout=patience)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request(method, path, body, dict(headers or {}))
        got = line.getresponse()
        text = got.read().decode(errors="replace")
    except (OSError, HTTPException):
        return Answer()
    finally:
        line.close()
    return Answer(got.status, got.getheader("location") or "", text, tuple(got.headers.get_all("set-cookie") or ()))


class Person:
    """Somebody with a browser that stays on ``origin``."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.strange = 0  # how often the site did not know them though they had signed in
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """One request; ``path`` may be an address of the site."""
        address = self.origin + path.removeprefix(self.origin)
        headers = {"cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            headers["content-type"], body = "application/x-www-form-urlencoded", urlencode(form)
        answer = ask(method, address, body, headers)
        self.strange += answer.strange
        if not answer.status:
            PAUSE.wait(0.05)
        for value in answer.cookies:
            name, _, kept = value.partition(";")[0].partition("=")
            self.cookies[name] = kept
        return answer

    def post(self, path: str, **form: str) -> Answer:
        """Send a form; the page that holds it, or the first one, is opened where its token is not known yet."""
        if not self.token:
            page = self.ask("GET", path)
            found = _TOKEN.search(page.text) or _TOKEN.search(self.ask("GET", "/").text)
            if found is None:
                return page
            self.token = found[1]
        answer = self.ask("POST", path, {"csrf_token": self.token, **form})
        if answer.status == 400:
            self.token = ""
        return answer

    def sign_in(self, email: str, password: str) -> "Person":
        """Sign in, and take a fresh token afterwards."""
        answer = self.post("/sign-in", email=email, password=password)
        if not answer.done:
            raise Broken("%(who)s cannot sign in: %(status)s", who=email, status=answer.status)
        self.token = ""
        return self
