"""The pages of text."""

from dataclasses import replace

from werkzeug.wrappers import Response

from marketwright.features.content.pages.base import pages
from marketwright.features.content.reader import LANDING, PAGES, TextPage
from marketwright.features.content.sources import own_pages_now, page_now
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Legal
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, in_words
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render


@dataclass(frozen=True, slots=True)
class TextContext:
    """A page of text."""

    page: TextPage


@dataclass(frozen=True, slots=True)
class LegalPage:
    """The legal notice: the lines of the settings, and the operator's text where one is written."""

    legal: Legal
    page: TextPage | None


def _page(name: str) -> TextPage | None:
    found = page_now(reading(), house().marketplace, name, current_locale(), house().clock.business())
    return spoken(found) if found else None


def spoken(page: TextPage) -> TextPage:
    """The page with the terms of its text in the site's words."""
    return replace(page, title=in_words(page.title), text=in_words(page.text))


def _text(name: str) -> Response:
    page = _page(name)
    if page is None:
        raise NotFound(N_("This page has not been written yet."))
    return render("content/text.html", TextContext(page))


def own_pages() -> list[str]:
    """The addresses of the operator's own pages, sorted."""
    return [f"/pages/{name}" for name in own_pages_now(reading(), house().marketplace, house().clock.business())]


@pages.get("/pages/<name>", PUBLIC.objects("pages in force are for everybody"))
def own(name: str) -> Response:
    """A page of the operator's own."""
    if name in (*PAGES, LANDING) or _page(name) is None:
        raise NotFound(N_("There is no such page."))
    return _text(name)


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
    """The legal notice: who runs the site as the settings say it, then the operator's own page."""
    return render("content/legal.html", LegalPage(house().marketplace.legal, _page("legal")))
