"""Writing services: a freelancer packages an offer, publishes it, changes it, takes it away."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from marketwright.features.accounts.needed import need_identity
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.registry import service_process
from marketwright.features.profiles.tables import Profile
from marketwright.features.services.queries import parts
from marketwright.features.services.tables import Service, ServiceOption
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.late import Began, joined
from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Process

MOST, MOST_OPTIONS = 20, 10  # services a person, options a service
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Extra:
    """An option as typed."""

    label: str
    price: Money
    days: int = 0


@dataclass(frozen=True, slots=True)
class Package:
    """A service as typed."""

    title: str
    summary: str
    description: str
    language: str
    price: Money
    days: int
    wants: str = ""
    options: tuple[Extra, ...] = ()


def course_of_services(uow: UnitOfWork) -> Process:
    """The process that bought services run on; ``Unavailable`` where the marketplace sells none."""
    found = service_process(uow.ports.get(Plugins), uow.ports.get(Marketplace))
    if found is None:
        raise Unavailable("Services are not sold on this marketplace.")
    return found


def longest(uow: UnitOfWork) -> int:
    """How many days a delivery may take before the provider may hold its money no longer (E12)."""
    limit = uow.ports.get(Horizon).longest(course_of_services(uow))
    return min(limit or MOST_DAYS, MOST_DAYS)


def write(uow: UnitOfWork, *, package: Package, service: str = "", began: Began | None = None) -> str:
    """Keep a new service of the actor as a draft, or write the service ``service`` anew; returns its id.

    ``began`` is what the form began with: parts that were changed meanwhile and left alone in the form stay, and
    ``Overtaken`` names those that were changed in both places.
    """
    if service:
        _mine(uow, service)
        package = _joined(package, parts(uow.session, service), began)
    _check(uow, package)
    row = _mine(uow, service) if service else _new(uow, package)
    row.title, row.summary, row.description = package.title.strip(), package.summary.strip(), package.description
    row.wants, row.language = package.wants, package.language
    row.price, row.currency, row.delivery_days = package.price.amount, package.price.currency, package.days
    row.updated_at = uow.now
    row.version += 1 if service else 0
    uow.flush()
    uow.session.execute(delete(ServiceOption).where(ServiceOption.service_id == row.id))
    for number, option in enumerate(package.options, 1):
        uow.session.add(ServiceOption(service_id=row.id, number=number, label=option.label.strip(),
                                      price=option.price.amount, days=option.days))  # fmt: skip
    uow.flush()
    uow.audit("service.written", row.id, version=row.version)
    return row.id


def _joined(package: Package, stored: Mapping[str, Any], began: Began | None) -> Package:
    options = [(o.label.strip(), o.price.amount, o.days) for o in package.options]
    typed = {
        "title": package.title.strip(), "summary": package.summary.strip(), "description": package.description,
        "wants": package.wants, "language": package.language, "price": package.price.amount, "days": package.days,
        "options": options,
    }  # fmt: skip
    kept, taken = joined(typed, stored=stored, began=began)
    if not taken:
        return package
    currency = package.price.currency
    extras = tuple(Extra(label, Money(price, currency), days) for label, price, days in kept["options"])
    money = {"price": Money(kept["price"], currency), "options": extras}
    return Package(**kept | money)


def _new(uow: UnitOfWork, package: Package) -> Service:
    if uow.session.get(Profile, uow.actor.id) is None:
        raise Conflict("Begin your {profile} first: services stand on it.", state="none")
    count = uow.session.scalar(
        select(func.count()).select_from(Service)
        .where(Service.profile_id == uow.actor.id, Service.state != "removed")
    )  # fmt: skip
    if (count or 0) >= MOST:
        raise Conflict("You have %(n)s services already; take one away first.", n=MOST, state="full")
    row = Service(
        id=new_id(), profile_id=uow.actor.id, title=package.title, summary=package.summary, description="", wants="",
        language=package.language, price=package.price.amount, currency=package.price.currency,
        delivery_days=package.days, state="draft", created_at=uow.now, updated_at=uow.now, version=1,
    )  # fmt: skip
    uow.session.add(row)
    return row


def _check(uow: UnitOfWork, package: Package) -> None:
    limit = longest(uow)
    wrong: dict[str, Sequence[Any]] = {}
    if package.price.currency != uow.ports.get(Marketplace).currency or package.price.amount < 1:
        wrong["price"] = [say("Please give an amount above zero.")]
    if not 1 <= package.days + sum(o.days for o in package.options) <= limit:
        wrong["days"] = [say("With all options from 1 to %(n)s days: longer the money cannot be held.", n=limit)]
    if len(package.options) > MOST_OPTIONS:
        wrong["options"] = [say("At most %(n)s options.", n=MOST_OPTIONS)]
    if wrong:
        raise InvalidInput(wrong)


def publish(uow: UnitOfWork, *, service: str) -> None:
    """Let everybody find a service, once the profile is in the lists.

    ``GateClosed`` without the actor's legal identity: the price that a buyer sees depends on its VAT regime.
    """
    row = _mine(uow, service)
    need_identity(uow.session, "publish", "freelancer", row.profile_id)
    row.state, row.published_at = "published", row.published_at or uow.now
    _touch(uow, row, "service.published")


def withdraw(uow: UnitOfWork, *, service: str) -> None:
    """Take a service out of the lists; it stays as a draft. Contracts go on."""
    row = _mine(uow, service)
    row.state = "draft"
    _touch(uow, row, "service.withdrawn")


def remove(uow: UnitOfWork, *, service: str) -> None:
    """Take a service away for good; orders keep what they were bought as."""
    row = _mine(uow, service)
    row.state = "removed"
    _touch(uow, row, "service.removed")


def _touch(uow: UnitOfWork, row: Service, event: str) -> None:
    row.updated_at, row.version = uow.now, row.version + 1
    uow.flush()
    uow.audit(event, row.id)


def _mine(uow: UnitOfWork, service: str) -> Service:
    row = uow.session.get(Service, service, with_for_update=True)
    if row is None or row.profile_id != uow.actor.id or row.state == "removed":
        raise NotFound("There is no such service.")
    return row
