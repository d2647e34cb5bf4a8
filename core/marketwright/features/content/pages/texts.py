"""The pages of text."""

from dataclasses import dataclass

from werkzeug.wrappers import Response

from marketwright.features.content.pages.base import pages
from marketwright.features.content.reader import TextPage, own_names, read_page
from marketwright.kernel.errors import NotFound
from marketwright.kernel.text import N_
from marketwright.web.house import house
from marketwright.web.i18n import current_locale
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render


@dataclass(frozen=True, slots=True)
class TextContext:
    """A page of text."""

    page: TextPage


def _page(name: str) -> TextPage | None:
    marketplace = house().marketplace
    return read_page(marketplace.folder / "content", current_locale(), name, marketplace.languages[0])


def _text(name: str) -> Response:
    page = _page(name)
    if page is None:
        raise NotFound(N_("This page has not been written yet."))
    return render("content/text.html", TextContext(page))


def own_pages() -> list[str]:
    """The addresses of the operator's own pages, sorted."""
    marketplace = house().marketplace
    return [f"/pages/{name}" for name in own_names(marketplace.folder / "content", marketplace.languages)]


@pages.get("/pages/<name>", PUBLIC.objects("pages in force are for everybody"))
def own(name: str) -> Response:
    """A page of the operator's own."""
    if name not in own_names(house().marketplace.folder / "content", house().marketplace.languages):
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
    """The legal notice: the operator's own page, or the settings' lines."""
    page = _page("legal")
    if page is not None:
        return render("content/text.html", TextContext(page))
    return render("content/legal.html", {"legal": house().marketplace.legal})
