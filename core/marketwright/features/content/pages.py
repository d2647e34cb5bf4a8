"""The front page, the pages of text, and the fees explained with a real quote."""

from dataclasses import dataclass
from datetime import date

from werkzeug.wrappers import Response

from marketwright.features.content.ports import Figures, Showcase
from marketwright.features.content.reader import Landing, TextPage, read_landing, read_page
from marketwright.features.pricing import service as pricing
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.kernel.errors import MarketwrightError, NotFound
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_
from marketwright.strategies.pricing import Deal, Part, Party
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render
from marketwright.web.routing import Pages

pages = Pages("content")
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
class TextContext:
    """A page of text."""

    page: TextPage


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


@pages.get("/", PUBLIC)
def home() -> Response:
    """The front page."""
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


def _text(name: str) -> Response:
    marketplace = house().marketplace
    page = read_page(marketplace.folder / "content", current_locale(), name, marketplace.languages[0])
    if page is None:
        raise NotFound(N_("This page has not been written yet."))
    return render("content/text.html", TextContext(page))


@pages.get("/about", PUBLIC)
def about() -> Response:
    """Who runs the marketplace."""
    return _text("about")


@pages.get("/how-it-works", PUBLIC)
def how_it_works() -> Response:
    """The course of a deal."""
    return _text("how-it-works")


@pages.get("/terms", PUBLIC)
def terms() -> Response:
    """Terms of use."""
    return _text("terms")


@pages.get("/privacy", PUBLIC)
def privacy() -> Response:
    """Privacy."""
    return _text("privacy")


@pages.get("/legal", PUBLIC)
def legal() -> Response:
    """The legal notice: the operator's own page, or the settings' lines."""
    marketplace = house().marketplace
    page = read_page(marketplace.folder / "content", current_locale(), "legal", marketplace.languages[0])
    if page is not None:
        return render("content/text.html", TextContext(page))
    return render("content/legal.html", {"legal": marketplace.legal})
