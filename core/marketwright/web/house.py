"""Everything one running marketplace is made of, and how a request reaches it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any, cast

from flask import current_app, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import ANONYMOUS, Actor
from marketwright.kernel.ports import Ports
from marketwright.kernel.time import Clock
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.store.jobs import Worker
from marketwright.store.unit import UnitOfWork
from marketwright.web.i18n import Catalogues
from marketwright.web.viewer import Viewer


class _Reads(BoundSession):
    """The session of a request, which reads from the one engine that its house reads from."""

    def get_bind(self, *_asked: Any, **_how: Any) -> Engine:
        return house().database.reads


db = SQLAlchemy(session_options={"class_": _Reads})


@dataclass
class House:
    """One marketplace at work: settings, database, plugins, ports, worker. Built by ``marketwright.app`` alone."""

    marketplace: Marketplace
    database: Database
    plugins: Plugins
    ports: Ports
    worker: Worker
    catalogues: Catalogues = field(default_factory=lambda: Catalogues(()))
    missing: list[str] = field(default_factory=list)  # what the site cannot do without another plugin, in words
    stamp: tuple[int, int] = (0, 0)  # the version of the console's settings that it was built from
    left_out: tuple[str, ...] = ()  # plugins that a safe start leaves out
    modules: Mapping[str, ModuleType] | None = None  # plugins that stand in for installed ones (tests)

    @property
    def clock(self) -> Clock:
        """Business and machine time of this marketplace."""
        return self.database.clock

    @property
    def today(self) -> date:
        """The day where the marketplace is, in business time."""
        return self.marketplace.day_of(self.clock.business())


def house() -> House:
    """The house of the running application."""
    return cast("House", current_app.extensions["marketwright"])


def reading() -> Session:
    """The request's session; it only reads."""
    return cast("Session", db.session)


def viewer() -> Viewer | None:
    """Who is signed in, or ``None``."""
    return cast("Viewer | None", g.get("viewer"))


def the_viewer() -> Viewer:
    """Who is signed in, behind a policy that lets nobody else through."""
    found = viewer()
    if found is None:
        msg = "the_viewer() was called on a page whose policy lets anonymous visitors in"
        raise RuntimeError(msg)
    return found


def actor() -> Actor:
    """The viewer as an actor for services, with this request's id and address."""
    found = viewer()
    if found is None:
        return Actor(kind="anonymous", id="", request_id=g.get("request_id", ""), address=_address())
    return Actor(
        kind="person", id=found.account, name=found.name,
        organisations={o.id: o.roles for o in found.organisations}, staff=found.staff_roles,
        is_freelancer=found.is_freelancer, request_id=g.get("request_id", ""), address=_address(),
    )  # fmt: skip


def _address() -> str:
    return (request.remote_addr or "") if has_request_context() else ""


@contextmanager
def unit(by: Actor | None = None) -> Iterator[UnitOfWork]:
    """A unit of work for the signed-in person; the request's reading transaction ends first."""
    db.session.remove()
    with house().database.unit(by or actor()) as uow:
        yield uow


__all__ = ["ANONYMOUS", "House", "actor", "db", "house", "reading", "the_viewer", "unit", "viewer"]
