"""Drawing up the rates of a month, once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.missions.tables import Mission, MissionSkill
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.features.rates.publishing import Cell, Key, Observed, publish
from marketwright.features.rates.tables import RateSnapshot
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import exponent
from marketwright.store.unit import UnitOfWork

SENIOR = ((10, "senior"), (4, "confirmed"), (0, "junior"))
# Of a snapshot. In the first, a group narrowed by country or mode alone had only those of unknown seniority; in the
# second, the marks of people changed with the day of their rate.
FORM = 3


@dataclass(frozen=True, slots=True)
class Material:
    """What the rates of ``day``'s month are made of: all ``observed``, and the groups ``before``."""

    day: date
    observed: list[Observed]
    before: dict[Key, Cell]

    @property
    def month(self) -> str:
        """As snapshots have it: 2026-05."""
        return self.day.strftime("%Y-%m")

    def cells(self, currency: str) -> list[Cell]:
        """The groups that may be published. It takes a while: no unit of work is open meanwhile."""
        return list(publish(self.observed, self.day, self.before, tens_of(currency)).values())


def material(session: Session, *, day: date, currency: str) -> Material | None:
    """What there is now for the rates of ``day``'s month; none when they are there already.

    Those of an earlier form are made anew.
    """
    if _there(session.get(RateSnapshot, day.strftime("%Y-%m"))):
        return None
    return Material(day, observations(session, currency), {c.key: c for c in newest(session)})


def draw_up(uow: UnitOfWork, *, month: str, cells: Sequence[Cell]) -> bool:
    """Keep ``cells`` as the rates of ``month``; false when somebody drew them up meanwhile: theirs stay."""
    made = uow.session.get(RateSnapshot, month)
    if _there(made):
        return False
    if made is None:
        made = RateSnapshot(month=month)
        uow.session.add(made)
    made.body, made.made_at = _body(cells), uow.now
    uow.flush()
    return True


def _there(made: RateSnapshot | None) -> bool:
    return made is not None and made.body.get("form") == FORM


def newest(session: Session, *, members: bool = True) -> list[Cell]:
    """What was drawn up last; nothing where that was in an earlier form."""
    last = session.scalar(select(RateSnapshot).order_by(RateSnapshot.month.desc()).limit(1))
    return _cells(last.body, members=members) if last is not None and last.body.get("form") == FORM else []


def tens_of(currency: str) -> int:
    """Ten of a currency in its minor units."""
    return int(10 * 10 ** exponent(currency))


def seniority(years: int | None) -> str:
    """``junior``, ``confirmed`` from four years on, ``senior`` from ten; '' where nobody said."""
    return "" if years is None else next(word for least, word in SENIOR if years >= least)


def observations(session: Session, currency: str) -> list[Observed]:
    """Every day rate that is signed or declared, with whose it is as a digest."""
    held: dict[str, set[str]] = {}
    for owner, skill in session.execute(select(Claim.profile_id, Claim.skill_id).where(Claim.kind == "skill")):
        if skill:
            held.setdefault(owner, set()).add(skill)
    p = Profile
    people = session.execute(
        select(p.id, p.day_rate, p.years, p.country, p.remote, p.updated_at)
        .join(Account, Account.id == p.id)
        .where(p.listed, p.currency == currency, Account.suspended_at.is_(None))
    ).all()
    found = [
        Observed(_digest(r.id), r.day_rate, r.updated_at.date(), False, frozenset(held.get(r.id, ())),  # noqa: FBT003
                 seniority(r.years), r.country, r.remote)
        for r in people if r.day_rate
    ]  # fmt: skip
    return found + _signed(session, currency, {r.id: r for r in people})


def _signed(session: Session, currency: str, people: dict[str, Any]) -> list[Observed]:
    """Of contracts by the day, which say a rate; what a fixed price comes to a day, nobody has agreed."""
    asked: dict[str, set[str]] = {}
    for mission, skill in session.execute(select(MissionSkill.mission_id, MissionSkill.skill_id)):
        asked.setdefault(mission, set()).add(skill)
    m, c, part = Mission, Contract, Milestone
    rows = session.execute(
        select(c.freelancer_id, c.mission_id, func.sum(part.work), c.signed_at, func.sum(part.half_days), m.country,
               m.remote)
        .join(m, m.id == c.mission_id)
        .join(part, part.contract_id == c.id)
        .where(c.signed_at.is_not(None), c.currency == currency, part.half_days > 0)
        .group_by(c.id, m.id)
    )  # fmt: skip
    found = []
    for who, mission, work, at, halves, country, mode in rows:
        years = seniority(people[who].years) if who in people else ""
        skills = frozenset(asked.get(mission, ()))
        rate = round(2 * work / max(halves or 1, 1))
        found.append(Observed(_digest(who), rate, _day(at), True, skills, years, country, mode))  # noqa: FBT003
    return found


def _day(at: datetime | None) -> date:
    assert at is not None
    return at.date()


def _digest(account: str) -> str:
    return blake2b(f"rates:{account}".encode(), digest_size=8).hexdigest()


def _body(cells: Iterable[Cell]) -> dict[str, Any]:
    """A snapshot: the people of all cells once, and by their number in each cell."""
    every = list(cells)
    people = sorted({pair for c in every for pair in c.members.items()})
    number = {pair: n for n, pair in enumerate(people)}
    return {"form": FORM, "people": people, "cells": [
        {"key": list(c.key), "low": c.low, "median": c.median, "high": c.high, "n": c.n, "weight": c.weight,
         "signed": c.signed, "day": c.day.isoformat(), "members": sorted(number[pair] for pair in c.members.items())}
        for c in every
    ]}  # fmt: skip


def _cells(body: dict[str, Any], *, members: bool) -> list[Cell]:
    """The cells of a snapshot; ``members`` are for drawing up the next one alone."""
    people = body["people"]
    return [
        Cell(_key(c["key"]), c["low"], c["median"], c["high"], c["n"], c["weight"], c["signed"],
             date.fromisoformat(c["day"]), dict(people[n] for n in c["members"]) if members else {})
        for c in body["cells"]
    ]  # fmt: skip


def _key(parts: list[str]) -> Key:
    skill, level, country, mode = parts
    return skill, level, country, mode
