"""The site as it is served: it follows the settings that the console saves, in each process on its own.

The first application of a process stays its front: web server and tests hold it. Behind it stands the newest one,
built beside the old and put in its place; requests that are under way end in the application they began in.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from marketwright.features.desk.meters import Keeper
from marketwright.features.overlay import queries
from marketwright.features.overlay.queries import Overlay, Stamp
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import House

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("marketwright")
RUNNING = "marketwright.running"
EVERY = 1.0  # seconds between two looks for a newer version
_AGAIN = 60.0  # seconds until a version that could not be built is tried once more


@dataclass(frozen=True, slots=True)
class Candidate:
    """A house and its application, ready to serve."""

    house: House
    app: Flask
    serve: "WSGIApplication"


Build = Callable[[House, Mapping[str, Any]], Candidate]


class Running:
    """One site in one process. ``build`` makes a candidate from the house at work and the overlay's values."""

    def __init__(self, first: Candidate, build: Build, stamp: Stamp) -> None:
        self.current = first
        self._build, self._stamp, self._lock = build, stamp, Lock()
        self._look_at = monotonic() + EVERY
        self._failed: tuple[Stamp, float] | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request; the one that finds newer settings does not wait until they are built."""
        self.follow(wait=False)
        return self.current.serve(environ, start_response)

    def follow(self, *, now: bool = False, wait: bool = True) -> bool:
        """Look for a newer version, at most once a second (at once with ``now``); true when one was put in place.

        Without ``wait`` it is built in a thread of its own. A version that cannot be built here leaves the old one at
        work; the log says why.
        """
        if not now and monotonic() < self._look_at:
            return False
        if not self._lock.acquire(blocking=now):
            return False
        self._look_at = monotonic() + EVERY
        found = self._newer()
        if found is None:
            self._lock.release()
            return False
        if not wait:
            self._put_beside(found)
            return False
        return self._put(found)

    def _put_beside(self, found: Overlay) -> None:
        try:
            Thread(target=self._put, args=(found,), name="settings", daemon=True).start()
        except RuntimeError as error:  # no thread is left: the next look tries again
            self._lock.release()
            log.warning("version %s of the settings waits: %s", found.version, error)

    def _newer(self) -> Overlay | None:
        house = self.current.house
        try:
            with house.database.reading() as session:
                stamp = queries.stamp(session, house.clock.business())
                if stamp == self._stamp or self._rests(stamp):
                    return None
                return queries.overlay(session, house.clock.business())
        except SQLAlchemyError as error:
            log.warning("whether the settings have changed could not be looked up: %s", error)
            return None

    def _put(self, found: Overlay) -> bool:
        """Build what was found and put it in place; lets the lock go, whichever thread took it."""
        try:
            self.current = self._build(self.current.house, found.values)
        except MarketwrightError as error:
            log.error("version %s of the settings cannot be put in place: %s", found.version, error)
            self._failed = (found.stamp, monotonic() + _AGAIN)
            return False
        else:
            self._stamp = found.stamp
            log.info("version %s of the settings is in place", found.version)
            return True
        finally:
            self._lock.release()

    def _rests(self, stamp: Stamp) -> bool:
        return self._failed is not None and self._failed[0] == stamp and monotonic() < self._failed[1]

    def try_out(self, values: Mapping[str, Any]) -> Candidate:
        """House and application with ``values`` over the file, built and not served; raises ``BadSetting``."""
        return self._build(self.current.house, values)

    def adopt(self, candidate: Candidate, stamp: Stamp) -> None:
        """Serve ``candidate`` from the next request on; an older one than what is served is left aside."""
        with self._lock:
            if stamp >= self._stamp:
                self.current, self._stamp = candidate, stamp

    def drop(self, candidate: Candidate) -> None:
        """Forget a candidate: it has nothing of its own to close."""

    def _between(self, here: Candidate) -> bool:
        """Between two jobs: keep what was counted of plugins, look for a newer version of the settings."""
        here.house.ports.get(Keeper).maybe()
        return self.follow()

    def work(self, stop: Event) -> None:
        """Run jobs until ``stop`` is set, each with the newest settings."""
        while not stop.is_set():
            here = self.current
            with here.app.app_context():
                here.house.worker.run(
                    stop, until=lambda: self._between(here) or self.current is not here,  # noqa: B023
                    around=here.app.app_context,
                )  # fmt: skip


def running(app: Flask) -> Running:
    """The running site that ``app`` is part of."""
    found: Running = app.extensions[RUNNING]
    return found
