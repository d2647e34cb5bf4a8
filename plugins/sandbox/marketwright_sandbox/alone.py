"""The sandbox as a site of its own, on another origin than the marketplace: what real providers look like."""

from pathlib import Path
from threading import Event, Thread

from flask import Flask

from marketwright_sandbox import referee
from marketwright_sandbox.books import Books
from marketwright_sandbox.faults import Faults
from marketwright_sandbox.pages import make_blueprint
from marketwright_sandbox.telling import tell
from marketwright_sandbox.workbench import add_bench


def make_app(books: Books, notify: str = "") -> Flask:
    """A WSGI application that serves the payment page of ``books`` at ``/pay/<token>``, and the developer's page.

    ``notify`` is the marketplace's address for messages.
    """
    app = Flask("marketwright_sandbox", static_folder=None, template_folder=str(Path(__file__).parent / "templates"))
    app.register_blueprint(add_bench(make_blueprint(books, alone=True), books, notify, lambda: True))
    app.register_blueprint(referee.make_blueprint(books, Faults(books.folder)))
    return app


def deliver(books: Books, address: str) -> int:
    """Send every waiting message to ``address``, signed, and return how many were taken."""
    return tell(books, address)


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
