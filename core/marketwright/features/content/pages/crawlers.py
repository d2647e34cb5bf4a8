"""What search engines ask for: robots.txt and sitemap.xml."""

from flask import Response, abort
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.content.pages.base import pages
from marketwright.features.content.pages.texts import own_pages
from marketwright.features.content.sitemap import MOST, Place, site_index, url_set
from marketwright.features.missions import queries as missions
from marketwright.features.profiles import queries as profiles
from marketwright.settings.marketplace import Stage
from marketwright.web.addresses import addresses
from marketwright.web.house import house, reading
from marketwright.web.policy import PUBLIC
from marketwright.web.slugs import with_slug

FIXED = ("/", "/freelancers", "/missions", "/how-it-works", "/fees", "/about", "/how-we-rank", "/terms", "/privacy",
         "/legal")  # fmt: skip
PRIVATE = ("/console", "/contracts", "/files", "/inbox", "/language", "/me", "/missions/new", "/organisations",
           "/sign-in", "/sign-up")  # fmt: skip


@pages.get("/robots.txt", PUBLIC)
def robots() -> BaseResponse:
    """What crawlers may read: nothing below live, so that no rehearsal is ever found."""
    market = house().marketplace
    if market.stage is not Stage.LIVE:
        return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), "", f"Sitemap: {market.base_url}/sitemap.xml"]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@pages.get("/sitemap.xml", PUBLIC)
def sitemap() -> BaseResponse:
    """The files of the sitemap."""
    base = house().marketplace.base_url
    counts = {"missions": _missions_there(), "freelancers": _people_there()}
    files = [f"{base}/sitemap-pages-1.xml"]
    files += [f"{base}/sitemap-{kind}-{n + 1}.xml" for kind, count in counts.items() for n in range(-(-count // MOST))]
    return Response(site_index(files), mimetype="application/xml")


@pages.get("/sitemap-<name>.xml", PUBLIC)
def sitemap_file(name: str) -> BaseResponse:
    """One file of the sitemap: ``pages-1``, ``missions-1`` and on, ``freelancers-1`` and on."""
    kind, _dash, digits = name.partition("-")
    offset = (int(digits) - 1) * MOST if digits.isascii() and digits.isdigit() and len(digits) < 7 else -1
    if kind == "pages" and offset == 0:
        places = [_place(path) for path in (*_fixed(), *own_pages())]
    elif kind == "missions" and 0 <= offset < _missions_there():
        rows = missions.public_pages(reading(), offset, MOST)
        places = [_place(f"/missions/{with_slug(r.id, r.title)}", r) for r in rows]
    elif kind == "freelancers" and 0 <= offset < _people_there():
        people = profiles.public_pages(reading(), offset, MOST)
        places = [_place(f"/freelancers/{with_slug(r.id, r.title)}", r) for r in people]
    else:
        abort(404)
    return Response(url_set(places), mimetype="application/xml")


def _fixed() -> tuple[str, ...]:
    access = house().marketplace.access
    shut = {path for path, open_ in (("/freelancers", access.public_freelancers), ("/missions", access.public_missions))
            if not open_}  # fmt: skip
    return tuple(path for path in FIXED if path not in shut)


def _missions_there() -> int:
    return missions.count_public(reading()) if house().marketplace.access.public_missions else 0


def _people_there() -> int:
    return profiles.count_public(reading()) if house().marketplace.access.public_freelancers else 0


def _place(path: str, row: missions.PublicPage | profiles.PublicPage | None = None) -> Place:
    market, its = house().marketplace, addresses()
    where = tuple((code, market.base_url + its.outside(path, code)) for code in market.languages)
    return Place(where, row.changed if row else None)
