"""The front page, and the fees explained with a real quote."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from marketwright.features.content.blocks import Block, made
from marketwright.features.content.pages.base import pages
from marketwright.features.content.ports import Figures, Showcase
from marketwright.features.content.sources import blocks_now
from marketwright.features.pricing import service as pricing
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_
from marketwright.strategies.pricing import Deal, Part, Party
from marketwright.web.head import describe
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext, in_words
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render

EXAMPLE_DAYS, EXAMPLE_RATE = 10, 890


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: its blocks in order, and what is in the marketplace today."""

    blocks: tuple[Block, ...]
    figures: Figures
    people: tuple[object, ...]
    missions: tuple[object, ...]
    price: Truth | None

    @property
    def hero(self) -> Block:
        """The block with the page's title."""
        return next(b for b in self.blocks if b.type == "hero")


@dataclass(frozen=True, slots=True)
class LandingPage:
    """The front page."""

    front: Front


@dataclass(frozen=True, slots=True)
class FeesPage:
    """What each side pays and receives, on an example; ``silent`` where there are rules that do not answer."""

    price: Truth | None
    days: int
    rate: Money
    silent: bool = False


def front(blocks: Sequence[Mapping[str, Any]]) -> Front:
    """The front page of ``blocks`` as it is today, in the site's words."""
    showcase, session, shown = house().ports.get(Showcase), reading(), made(blocks)

    def most(kind: str) -> int:
        return max((b.count for b in shown if b.type == kind), default=0)

    people, missions = most("people"), most("missions")
    return Front(
        blocks=tuple(_spoken(b) for b in shown), figures=showcase.figures(session),
        people=showcase.people(session, people) if people else (),
        missions=showcase.missions(session, missions) if missions else (),
        price=_example() if any(b.type in ("fees", "figures") for b in shown) else None,
    )  # fmt: skip


def _spoken(block: Block) -> Block:
    """The block with the terms of its texts in the site's words."""
    items = tuple(replace(i, title=in_words(i.title), text=in_words(i.text)) for i in block.items)
    return replace(
        block, items=items, title=in_words(block.title), lead=in_words(block.lead), text=in_words(block.text),
        label=in_words(block.label),
    )  # fmt: skip


def _example() -> Truth | None:
    """Ten days of work as the running rules price it; ``None`` where no rule does."""
    the_house = house()
    currency = the_house.marketplace.currency
    country = the_house.marketplace.country
    rate = EXAMPLE_RATE * 10 ** exponent(currency)
    deal = Deal(
        currency=currency, parts=(Part(gettext(N_("10 days of work")), Money(rate * EXAMPLE_DAYS, currency)),),
        client=Party(country, "standard"), freelancer=Party(country, "franchise"), on=date.today(),  # noqa: DTZ011
    )  # fmt: skip
    try:
        return truth(pricing.price(the_house.plugins, deal))
    except MarketwrightError:
        return None


def _organisation() -> dict[str, Any]:
    """Who runs the site, and how it is searched, for search engines."""
    market = house().marketplace
    legal = market.legal
    about: dict[str, Any] = {"@type": "Organization", "@id": f"{market.base_url}/#organization", "name": market.name,
                             "url": market.base_url, "legalName": legal.full_name,
                             "vatID": legal.vat_number, "address": legal.address}  # fmt: skip
    search = {"@type": "SearchAction", "query-input": "required name=q",
              "target": {"@type": "EntryPoint", "urlTemplate": f"{market.base_url}/freelancers?q={{q}}"}}  # fmt: skip
    site = {"@type": "WebSite", "name": market.name, "url": market.base_url, "potentialAction": search,
            "publisher": {"@id": about["@id"]}}  # fmt: skip
    return {"@graph": [{k: v for k, v in about.items() if v}, site]}


@pages.get("/", PUBLIC)
def home() -> Response:
    """The front page."""
    describe("/", data=_organisation())
    the_house = house()
    blocks = blocks_now(reading(), the_house.marketplace, current_locale(), the_house.clock.business())
    return render("content/landing.html", LandingPage(front(blocks)))


@pages.get("/fees", PUBLIC)
def fees() -> Response:
    """What the marketplace keeps, and by which rules."""
    currency = house().marketplace.currency
    rate = Money(EXAMPLE_RATE * 10 ** exponent(currency), currency)
    price = _example()
    silent = price is None and bool(house().plugins.pricing_rules)
    return render("content/fees.html", FeesPage(price, EXAMPLE_DAYS, rate, silent))
