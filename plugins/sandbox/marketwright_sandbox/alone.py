"""The sandbox as a site of its own, on another origin than the marketplace: what real providers look like."""

import logging
import urllib.error
import urllib.request
from pathlib import Path
from threading import Event, Thread

from flask import Flask

from marketwright_sandbox import referee
from marketwright_sandbox.books import Books
from marketwright_sandbox.faults import Faults
from marketwright_sandbox.pages import make_blueprint
from marketwright_sandbox.signing import HEADER, secrets_of, sign

log = logging.getLogger("marketwright_sandbox")


def make_app(books: Books) -> Flask:
    """A WSGI application that serves the payment page of ``books`` at ``/pay/<token>``."""
    app = Flask("marketwright_sandbox", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    app.register_blueprint(make_blueprint(books, alone=True))
    app.register_blueprint(referee.make_blueprint(books, Faults(books.folder)))
    return app


def deliver(books: Books, address: str) -> int:
    """Send every waiting message to ``address``, signed, and return how many were taken."""
    books.ripen()
    taken = 0
    for message, body in books.undelivered():
        headers = {"content-type": "application/json", HEADER: sign(body, secrets_of(books.folder)[0], books.now())}
        request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310  ours
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                books.delivered(message)
                taken += 1
        except (urllib.error.URLError, TimeoutError) as error:
            log.warning("the message %s was not taken: %s", message, error)
    return taken


def keep_delivering(books: Books, address: str, stop: Event, *, pause: float = 1.0) -> Thread:
    """Deliver to ``address`` in the background until ``stop`` is set."""

    faults = Faults(books.folder)

    def work() -> None:
        while not stop.wait(pause):
            if not faults.keeps_back:
                deliver(books, address)

    thread = Thread(target=work, daemon=True, name="sandbox messages")
    thread.start()
    return thread
