"""sitemap.xml: what anonymous visitors may see, in files of at most so many addresses, each in every language."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from marketwright.kernel.frozen import dataclass

MOST = 5000  # addresses a file; the protocol allows 50,000
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Place:
    """One page: its address in each language, the first one's own first, and when it last changed."""

    addresses: tuple[tuple[str, str], ...]
    changed: datetime | None = None


def url_set(places: Iterable[Place]) -> str:
    """One file of pages; each language's address is an entry that names the others."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<urlset {_NAMES}>"]
    for place in places:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(code)} href={quoteattr(address)}/>'
            for code, address in place.addresses
        ) if len(place.addresses) > 1 else ""  # fmt: skip
        stamp = f"<lastmod>{place.changed.date().isoformat()}</lastmod>" if place.changed else ""
        lines += [f"<url><loc>{escape(address)}</loc>{stamp}{others}</url>" for _code, address in place.addresses]
    return "\n".join([*lines, "</urlset>", ""])


def site_index(addresses: Sequence[str]) -> str:
    """The file that names the others."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<sitemapindex {_NAMES}>"]
    lines += [f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in addresses]
    return "\n".join([*lines, "</sitemapindex>", ""])
