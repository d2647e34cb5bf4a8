"""The front page, and the fees explained with a real quote."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from marketwright.features.content.pages.base import pages
from marketwright.features.content.ports import Figures, Showcase
from marketwright.features.content.reader import Landing, read_landing
from marketwright.features.pricing import service as pricing
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_
from marketwright.strategies.pricing import Deal, Part, Party
from marketwright.web.head import describe
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render

EXAMPLE_DAYS, EXAMPLE_RATE = 10, 890


@dataclass(frozen=True, slots=True)
class LandingPage:
    """The front page: the operator's words, and what is in the marketplace today."""

    words: Landing
    figures: Figures
    people: tuple[object, ...]
    missions: tuple[object, ...]
    price: Truth | None


@dataclass(frozen=True, slots=True)
class FeesPage:
    """What each side pays and receives, on an example."""

    price: Truth | None
    days: int
    rate: Money


_PLAIN = Landing(
    title="", lead="", placeholder="", often=(), steps_title="", steps_lead="", steps=(), people_title="",
    people_lead="", fees_title="", fees_lead="", trust_title="", trust_lead="", trust=(), questions=(), start_title="",
)  # fmt: skip


def _words() -> Landing:
    marketplace = house().marketplace
    folder = marketplace.folder / "content"
    for code in (current_locale(), *marketplace.languages):
        found = read_landing(folder, code)
        if found is not None:
            return found
    return _PLAIN


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
                             "url": market.base_url, "legalName": f"{legal.name} {legal.form}".strip(),
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
    showcase = house().ports.get(Showcase)
    session = reading()
    return render(
        "content/landing.html",
        LandingPage(
            words=_words(), figures=showcase.figures(session), people=showcase.people(session, 3),
            missions=showcase.missions(session, 4), price=_example(),
        ),
    )  # fmt: skip


@pages.get("/fees", PUBLIC)
def fees() -> Response:
    """What the marketplace keeps, and by which rules."""
    currency = house().marketplace.currency
    rate = Money(EXAMPLE_RATE * 10 ** exponent(currency), currency)
    return render("content/fees.html", FeesPage(_example(), EXAMPLE_DAYS, rate))
