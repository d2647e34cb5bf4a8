"""What seeding works with: the house, a fixed seed, and units of work at past moments of business time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Membership, Staff
from marketwright.kernel.actors import Actor, system
from marketwright.store.unit import UnitOfWork
from marketwright.web.house import House

SEEDER = system("seed")


@dataclass
class Stage:
    """One run of seeding. ``ids`` maps keys of the demo data onto rows."""

    house: House
    random: Random
    now: datetime
    ids: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    published: dict[str, float] = field(default_factory=dict)  # mission key: days since it was published
    finished: list[tuple[str, str, str, float, Any]] = field(default_factory=list)
    played: list[tuple[str, str, str]] = field(default_factory=list)  # target, client, freelancer
    casting: Any = None
    password: str = ""  # of every persona

    def ago(self, *, days: float) -> datetime:
        """A moment ``days`` before now, in business time."""
        return self.now - timedelta(days=days)

    def opened(self, mission: str) -> float:
        """Days since the mission of this key opened to everybody; below zero where it has yet to."""
        return self.published.get(mission, 5.0) - self.house.marketplace.subscriptions.head_start / 24

    @contextmanager
    def unit(self, at: datetime | None = None, by: str = "") -> Iterator[UnitOfWork]:
        """A unit of work at ``at``, by the account ``by`` (or by the seeder), committed at its end."""
        with self.house.database.unit(self.actor(by) if by else SEEDER, at=at or self.now) as uow:
            yield uow
            uow.commit()

    def actor(self, account: str) -> Actor:
        """The person ``account`` as an actor, with their organisations."""
        if account not in self.actors:
            with self.house.database.reading() as session:
                self.actors[account] = read_actor(session, account)
        return self.actors[account]


def read_actor(session: Session, account: str) -> Actor:
    """The person ``account`` with roles, as a signed-in page would see them."""
    found = accounts.account(session, account)
    name = found.name if found else account
    rows = session.execute(
        select(Membership.organisation_id, Membership.roles).where(Membership.account_id == account)
    ).all()
    staff = session.scalar(select(Staff.roles).where(Staff.account_id == account)) or []
    return Actor(
        kind="person", id=account, name=name, organisations={o: frozenset(r) for o, r in rows},
        staff=frozenset(staff), is_freelancer=bool(found and found.is_freelancer), address="127.0.0.1",
    )  # fmt: skip
