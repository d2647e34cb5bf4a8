"""Reads of services: one, those of a person, and the search."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account
from marketwright.features.profiles.tables import Profile
from marketwright.features.services.tables import Service, ServiceOption
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money

SIZE = 24
SORTS = ("newest", "price", "days")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option: what it adds to the price and to the days."""

    service: str
    number: int
    label: str
    price: Money
    days: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service with whose it is; ``open`` says whether everybody may find it now."""

    id: str
    profile: str
    name: str
    headline: str
    photo_file: str | None
    title: str
    summary: str
    description: str
    wants: str
    language: str
    price: Money
    days: int
    state: str
    open: bool
    updated_at: datetime
    published_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for: words, the most it may cost and take, the order, the page from 1."""

    words: str = ""
    price: int | None = None
    days: int | None = None
    sort: str = "newest"
    page: int = 1


def _services() -> Select[Any]:
    wanted: Any = select(Service, Profile, Account).join(Profile, Profile.id == Service.profile_id)
    return wanted.join(Account, Account.id == Service.profile_id)  # type: ignore[no-any-return]


def _open() -> tuple[Any, ...]:
    """Published, of somebody who is in the lists."""
    return (Service.state == "published", Profile.listed, Account.suspended_at.is_(None))


def _row(found: Any) -> ServiceRow:
    s, profile, account = found
    shown = s.state == "published" and profile.listed and account.suspended_at is None
    return ServiceRow(
        s.id, s.profile_id, account.name, profile.headline, profile.photo_file, s.title, s.summary, s.description,
        s.wants, s.language, Money(s.price, s.currency), s.delivery_days, s.state, shown, s.updated_at,
        s.published_at, s.version,
    )  # fmt: skip


def service(session: Session, id: str) -> ServiceRow | None:  # noqa: A002  the word of the domain
    """The service ``id``, whatever its state but removed."""
    found = session.execute(_services().where(Service.id == id, Service.state != "removed")).first()
    return _row(found) if found else None


def services_of(session: Session, profile: str, *, published: bool = False) -> list[ServiceRow]:
    """The services of a person, newest first: all of them, or those that everybody may find."""
    wanted = _services().where(Service.profile_id == profile, Service.state != "removed")
    if published:
        wanted = wanted.where(*_open())
    return [_row(r) for r in session.execute(wanted.order_by(Service.created_at.desc(), Service.id))]


def search(session: Session, wish: Wish) -> tuple[list[ServiceRow], int]:
    """A page of the services that ``wish`` fits, and how many there are in all."""
    where = [*_open()]
    for word in wish.words.split()[:8]:
        like = f"%{word.replace('%', '').replace('_', ' ')}%"
        where.append(or_(*(c.ilike(like) for c in (Service.title, Service.summary, Service.description,
                                                   Profile.headline, Account.name))))  # fmt: skip
    if wish.price is not None:
        where.append(Service.price <= wish.price)
    if wish.days is not None:
        where.append(Service.delivery_days <= wish.days)
    order: dict[str, ColumnElement[Any]] = {
        "newest": Service.published_at.desc(), "price": Service.price.asc(), "days": Service.delivery_days.asc(),
    }  # fmt: skip
    wanted = _services().where(*where)
    count = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    found = wanted.order_by(order[wish.sort if wish.sort in SORTS else "newest"], Service.id)
    rows = session.execute(found.limit(SIZE).offset((max(1, wish.page) - 1) * SIZE))
    return [_row(r) for r in rows], count


def options_of(session: Session, services: Iterable[str]) -> dict[str, Sequence[OptionRow]]:
    """The options of each service, in their order, in one statement."""
    found: dict[str, list[OptionRow]] = {s: [] for s in services}
    o = ServiceOption
    rows = session.execute(
        select(o, Service.currency).join(Service, Service.id == o.service_id)
        .where(o.service_id.in_(found)).order_by(o.service_id, o.number)
    )  # fmt: skip
    for option, currency in rows:
        found[option.service_id].append(
            OptionRow(option.service_id, option.number, option.label, Money(option.price, currency), option.days)
        )
    return dict(found)


def parts(session: Session, service: str) -> dict[str, Any]:
    """The parts of a service's form as they are stored, under the names that the form gives them."""
    row = session.get(Service, service)
    if row is None:
        return {}
    options = session.scalars(
        select(ServiceOption).where(ServiceOption.service_id == service).order_by(ServiceOption.number)
    )
    return {
        "title": row.title, "summary": row.summary, "description": row.description, "wants": row.wants,
        "language": row.language, "price": row.price, "days": row.delivery_days,
        "options": [(o.label, o.price, o.days) for o in options],
    }  # fmt: skip


def bought(session: Session, service: str) -> str:
    """The title of the service ``service`` that an order was made from, removed or not; '' for none."""
    return session.scalar(select(Service.title).where(Service.id == service)) or ""
