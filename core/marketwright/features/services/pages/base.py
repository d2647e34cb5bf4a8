"""What the pages of services share."""

from collections.abc import Sequence

from flask import url_for

from marketwright.features.contracts.registry import service_process
from marketwright.features.profiles.cards import drawn, initials, photo_url
from marketwright.features.services.queries import ServiceRow
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.strategies.processes import Process
from marketwright.web.house import house
from marketwright.web.routing import Pages

pages = Pages("services")


@dataclass(frozen=True, slots=True)
class Seller:
    """Whose service it is, as ``people.portrait`` takes it."""

    name: str
    url: str
    headline: str
    initials: str
    photo: str
    portrait: object


@dataclass(frozen=True, slots=True)
class Card:
    """One service in a list."""

    id: str
    url: str
    title: str
    summary: str
    language: str
    price: Money
    days: int
    seller: Seller


def course() -> Process:
    """The process that services run on; ``NotFound`` where the marketplace sells none."""
    found = service_process(house().plugins, house().marketplace)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def seller(row: ServiceRow) -> Seller:
    """The freelancer of a service."""
    return Seller(
        row.name, url_for("profiles.show", freelancer=row.profile), row.headline, initials(row.name),
        photo_url(row.photo_file), drawn(row.profile, row.name, row.photo_file),
    )  # fmt: skip


def cards(rows: Sequence[ServiceRow]) -> list[Card]:
    """Services as cards."""
    return [
        Card(r.id, url_for("services.show", service=r.id), r.title, r.summary, r.language, r.price, r.days, seller(r))
        for r in rows
    ]
