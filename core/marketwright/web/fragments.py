"""Cards of lists, kept as rendered text in one application, so that a list costs one query of ids and versions.

A card holds nothing of its viewer. What plugins show in its slots is not kept: it is filled in each time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple, cast

from flask import current_app, g
from jinja2 import Environment, pass_environment
from markupsafe import Markup

from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, viewer
from marketwright.web.i18n import current_locale
from marketwright.web.slots import HOLES, filled

FRAGMENTS = "marketwright.fragments"
MOST = 4_000  # cards of one application, some 2 kB each

Version = tuple[Hashable, ...]


class Key(NamedTuple):
    """All that a card depends on. ``version`` changes with what it shows, ``day`` with words such as "free now"."""

    kind: str
    id: str
    version: Version
    locale: str
    dress: str
    plugins: tuple[str, ...]
    audience: str
    day: date
    marked: frozenset[str] = frozenset()  # skills that were asked for
    place: str = "list"


class Fragments:
    """Texts by key, at most ``most``: the one that was not asked for longest goes first. Threads may share it.

    ``dress`` gives a stamp of theme and brand, asked for once, with the first card.
    """

    def __init__(self, dress: Callable[[], str], *, most: int = MOST) -> None:
        self._dress, self._most, self._lock = dress, most, Lock()
        self._stamp = ""
        self._texts: OrderedDict[Key, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def dress(self) -> str:
        """The stamp of theme and brand."""
        if not self._stamp:
            self._stamp = self._dress()
        return self._stamp

    def get(self, key: Key) -> str | None:
        """The text kept under ``key``."""
        with self._lock:
            text = self._texts.get(key)
            if text is not None:
                self._texts.move_to_end(key)
            return text

    def keep(self, key: Key, text: str) -> None:
        """Keep ``text`` under ``key``."""
        with self._lock:
            self._texts[key] = text
            self._texts.move_to_end(key)
            while len(self._texts) > self._most:
                self._texts.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a list, for ``card()`` in templates: ``view`` is ``None`` where its text is kept."""

    id: str
    key: Key
    view: object = None
    text: str | None = None


class Piece:
    """A part of a page that many pages share: its text, once it was made. It holds nothing of its viewer.

    ``context`` is what it was made from, where a page keeps that too.
    """

    __slots__ = ("context", "text")

    def __init__(self) -> None:
        self.text: Markup | None = None
        self.context: object = None


@pass_environment
def piece(environment: Environment, it: Piece, caller: Callable[[], Markup]) -> Markup:
    """The text of ``it``; what stands in the call block where there is none yet."""
    if it.text is not None:
        return it.text
    text = caller()
    if environment is cast("Environment", current_app.jinja_env):  # as in `card`
        it.text = text
    return text


def audience() -> str:
    """Whom the page is for: ``anonymous``, ``member`` or ``staff``."""
    found = viewer()
    if found is None:
        return "anonymous"
    return "staff" if found.is_staff else "member"


def cards(
    kind: str, versions: Iterable[tuple[str, Version]], make: Callable[[Sequence[str]], Mapping[str, object]], *,
    marked: frozenset[str] = frozenset(), place: str = "list",
) -> list[Card]:  # fmt: skip
    """A card for each of ``versions`` (id and version, in the order of the list).

    ``make`` gives the views by id of those whose text is not kept. Read the versions first: a view may then be newer
    than the version it is kept under, which nobody asks for again, and never older.
    """
    kept: Fragments = current_app.extensions[FRAGMENTS]
    plugins = tuple(p.name for p in house().plugins.enabled)
    rest = (current_locale(), kept.dress, plugins, audience(), house().clock.business().date(), marked, place)
    keys = [Key(kind, id_, version, *rest) for id_, version in versions]
    texts = {key: kept.get(key) for key in keys}
    missing = [key.id for key, text in texts.items() if text is None]
    views = make(missing) if missing else {}
    return [Card(k.id, k, views.get(k.id), t) for k, t in texts.items() if t is not None or k.id in views]


@pass_environment
def card(environment: Environment, it: Card, macro: Callable[..., Any], among: Sequence[str] = ()) -> Markup:
    """The text of ``it``, made by ``macro`` where it is not kept; ``among`` are the ids of all cards of the page."""
    text = it.text
    if text is None:
        g.holes = True
        try:
            text = str(macro(it.view, among=among))
        finally:
            g.holes = False
        if environment is cast("Environment", current_app.jinja_env):  # core's own stands in for a failing theme's
            current_app.extensions[FRAGMENTS].keep(it.key, text)
    return filled(text, it.id, among) if HOLES in text else Markup(text)  # noqa: S704  rendered and escaped above
