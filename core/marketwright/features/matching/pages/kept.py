"""A list as somebody sees it who is not signed in and brings no cookie: kept whole for a minute, with its index.

What it shows is checked each time: it is given again only where the index, and the version of every card, are the same.
"""

from collections.abc import Hashable, Sequence
from functools import cached_property

from flask import current_app, g, make_response, request, session
from werkzeug.wrappers import Response

from marketwright.features.matching.answered import Answer, keep
from marketwright.features.matching.asking import Ask
from marketwright.features.matching.index import Index
from marketwright.web.fragments import FRAGMENTS, Piece, Version, audience
from marketwright.web.house import House, viewer

Versions = Sequence[tuple[str, Version]]


class Kept:
    """One question, in one language, at one minute of business time."""

    def __init__(self, house: House, index: Index, ask: Ask, locale: str) -> None:
        self._house, self._index, self._ask, self._locale = house, index, ask, locale

    @cached_property
    def _around(self) -> tuple[Hashable, ...]:
        minute = int(self._house.clock.business().timestamp() // 60)
        plugins = tuple(p.name for p in self._house.plugins.enabled)
        dress = current_app.extensions[FRAGMENTS].dress
        return request.path, self._locale, minute, id(self._house), dress, plugins

    @property
    def list_key(self) -> Hashable:
        """All that the list depends on besides the index, without its page."""
        return (*self._around, *self._ask.pairs(self._house.marketplace.currency))

    @cached_property
    def _page_key(self) -> Hashable:
        return ("page", request.scheme, request.host, request.full_path, *self._around)

    @property
    def _plain(self) -> bool:
        """Whether the page is the same for whoever asks for it now; slots of plugins are asked each time."""
        return viewer() is None and "flashes" not in session and not self._house.plugins.slots

    def piece(self, found: Answer, versions: Versions) -> Piece:
        """What one page of ``found`` shows to all of an audience alike: bar, filters and cards."""
        return Piece() if self._house.plugins.slots else found.piece(self._ask.page, audience(), versions)

    def page(self, versions: Versions) -> Response | None:
        """The page that was kept."""
        kept = self._index.answers.get(self._page_key) if self._plain else None
        if not isinstance(kept, tuple) or kept[0] != versions:
            return None
        return make_response(kept[1])

    def keep(self, versions: Versions, page: Response) -> Response:
        """``page``, kept where it holds nothing of whoever asked."""
        own = session or "csrf_token" in g or "nonce" in g  # what holds for one answer or one reader alone
        if self._plain and not own and page.status_code == 200:
            keep(self._index, self._page_key, (versions, page.get_data()))
        return page
