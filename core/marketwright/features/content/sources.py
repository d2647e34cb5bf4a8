"""What a page says now: the console's version in force, else the file of the marketplace's folder."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from marketwright.features.content import queries
from marketwright.features.content.blocks import plain_page, read_blocks
from marketwright.features.content.reader import LANDING, PAGES, TextPage, own_names, read_page
from marketwright.features.content.service import blocks_of
from marketwright.settings.marketplace import Marketplace


def order(marketplace: Marketplace, language: str) -> tuple[str, ...]:
    """The languages in which a page is looked for: the reader's, then the site's own in order."""
    return tuple(dict.fromkeys((language, *marketplace.languages)))


def folder(marketplace: Marketplace) -> Path:
    """Where the files are."""
    return marketplace.folder / "content"


def page_now(session: Session, marketplace: Marketplace, name: str, language: str, now: datetime) -> TextPage | None:
    """The page ``name`` as its reader gets it; ``None`` when nobody has written it."""
    languages = order(marketplace, language)
    kept = queries.in_force(session, name, languages, now)
    for code in languages:
        row = kept.get(code)
        if row is not None and not row.withdrawn:
            return TextPage(name, row.title, row.text)
        found = read_page(folder(marketplace), code, name, code)
        if found is not None:
            return found
    return None


def blocks_now(session: Session, marketplace: Marketplace, language: str, now: datetime) -> list[dict[str, Any]]:
    """The blocks of the front page as its reader gets them; plain ones when nobody has written any."""
    languages = order(marketplace, language)
    kept = queries.in_force(session, LANDING, languages, now)
    for code in languages:
        row = kept.get(code)
        if row is not None and not row.withdrawn:
            return blocks_of(row.text)
        found = read_blocks(folder(marketplace) / code / "landing.toml")
        if found is not None:
            return found
    tagline = marketplace.tagline.get(language) or next(iter(marketplace.tagline.values()), "")
    return plain_page(marketplace.name, tagline)


def own_pages_now(session: Session, marketplace: Marketplace, now: datetime) -> list[str]:
    """Names of the operator's own pages that anybody can open, sorted."""
    found = set(own_names(folder(marketplace), marketplace.languages))
    for name in set(queries.pages_kept(session)) - set(PAGES) - {LANDING} - found:
        rows = queries.in_force(session, name, marketplace.languages, now).values()
        if any(not row.withdrawn for row in rows):
            found.add(name)
    return sorted(found)
