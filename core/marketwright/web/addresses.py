"""Addresses: the stable ones always answer; beside them each language has its own, for people and search engines.

``/missions`` speaks whatever its reader prefers. ``/fr/missions`` speaks French, and so does ``/fr/missions-ouvertes``
where the settings say so. Behind the first lines of a request there is only the stable address.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from flask import current_app

from marketwright.kernel.errors import BadSetting
from marketwright.settings.marketplace import Marketplace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ADDRESSES = "marketwright.addresses"
LANGUAGE = "marketwright.language"
_OWN = re.compile(r"^/[a-z]{2}(?:/[a-z0-9-]+)+$")


class Addresses:
    """The addresses of one marketplace: ``own`` maps a language to {stable address: its own}."""

    def __init__(self, languages: tuple[str, ...], own: Mapping[str, Mapping[str, str]]) -> None:
        self.languages = languages
        self._own = {code: dict(own.get(code, {})) for code in languages}
        self._stable = {
            code: sorted(((its, stable) for stable, its in pairs.items()), key=lambda p: -len(p[0]))
            for code, pairs in self._own.items()
        }

    def inside(self, path: str) -> tuple[str, str]:
        """The stable address behind ``path``, and the language that it speaks ('' for none of its own)."""
        code = path[1:3]
        if path[3:4] not in ("", "/") or code not in self._stable:
            return path, ""
        for its, stable in self._stable[code]:
            if path == its or path.startswith(its + "/"):
                return stable + path[len(its) :], code
        return path[3:] or "/", code

    def outside(self, path: str, language: str) -> str:
        """The address of the stable ``path`` in ``language``: the first language keeps the stable one."""
        own = self._own.get(language, {})
        best = max((s for s in own if path == s or path.startswith((s + "/", s + "?"))), key=len, default="")
        if best:
            return own[best] + path[len(best) :]
        if language == self.languages[0]:
            return path
        return f"/{language}" + path.removesuffix("/")

    def shown(self, path: str, language: str) -> str:
        """``path`` as a link of a page in ``language`` shows it: its own address where the settings name one."""
        address, mark, query = path.partition("?")
        its = self._own.get(language, {}).get(address)
        return its + mark + query if its else path


def addresses() -> Addresses:
    """The addresses of the running application."""
    found: Addresses = current_app.extensions[ADDRESSES]
    return found


class Addressed:
    """WSGI: gives the application stable addresses, and tells it the language that an address speaks."""

    def __init__(self, serve: "WSGIApplication", addresses: Addresses) -> None:
        self._serve, self._addresses = serve, addresses

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request at its stable address."""
        path, language = self._addresses.inside(environ.get("PATH_INFO", "/"))
        if language:
            environ["PATH_INFO"], environ[LANGUAGE] = path, language
        return self._serve(environ, start_response)


def check_addresses(marketplace: Marketplace, answers: Callable[[str], bool]) -> None:
    """Refuse an own address that is none, is given twice, or stands for a page that there is not."""
    for code, pairs in marketplace.addresses.items():
        key = f"addresses.{code}"
        if code not in marketplace.languages:
            raise BadSetting(f"the site does not speak {code!r}.", where=f"marketplace.toml: {key}", key=key,
                             fix="Its languages are in marketplace.languages.")  # fmt: skip
        for stable, its in pairs.items():
            if not answers(stable):
                raise BadSetting(f"there is no page {stable!r}.", where=f"marketplace.toml: {key}", key=key,
                                 fix="On the left stands a stable address, such as /missions.")  # fmt: skip
            if not _OWN.match(its) or its[1:3] != code:
                raise BadSetting(f"{its!r} is no address of its own.", where=f"marketplace.toml: {key}", key=key,
                                 fix=f"Write it like /{code}/some-words: letters, digits and dashes.")  # fmt: skip
        if len(set(pairs.values())) < len(pairs):
            raise BadSetting("one address stands for two pages.", where=f"marketplace.toml: {key}", key=key)
