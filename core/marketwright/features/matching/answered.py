"""Lists that were answered a moment ago, kept with the index that answered: another index forgets them all. Pure."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import field

from marketwright.features.matching.facets import FacetView
from marketwright.features.matching.ids import Ids
from marketwright.features.matching.index import Index
from marketwright.features.matching.search import PER_PAGE, Found
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array
from marketwright.web.fragments import Piece

MOST, PAGES, RUNS = 64, 50, 64  # answers of one index; pages found at once; such runs of a list whose rows are kept
PIECES = 3  # pages of a list whose text is kept, some 100 kB each
NAMED = 8  # pages of a list whose ids are kept as text


@dataclass(frozen=True, slots=True)
class Answer:
    """One list: how many fit, out of how many, its filters. ``first`` finds the rows of its first n.

    What comes next in the list is asked for next: the rows of fifty pages are found at once and kept.
    """

    total: int
    everything: int
    facets: Sequence[FacetView]
    ids: Ids
    first: Callable[[int], Array]
    drawn: Piece = field(default_factory=Piece, compare=False)  # the filters as the pages of this list show them
    _pieces: dict[tuple[int, str], tuple[Sequence[object], Piece]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _runs: dict[int, Array] = field(default_factory=dict, compare=False, repr=False)
    _named: dict[int, list[str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PER_PAGE))

    def page(self, number: int) -> list[str]:
        """The ids of one page; of the last one where there are fewer."""
        number = min(number, self.last)
        named = self._named.get(number)
        if named is None:
            run, place = divmod(number - 1, PAGES)
            rows = self._runs.get(run)
            if rows is None:
                rows = self.keep(run, self.first)
            if len(self._named) >= NAMED:
                self._named.pop(next(iter([*self._named]), -1), None)
            named = self._named[number] = self.ids.texts(rows[place * PER_PAGE : (place + 1) * PER_PAGE])
        return named

    def piece(self, number: int, audience: str, versions: Sequence[object]) -> Piece:
        """What one page shows an audience, kept while the ``versions`` of its cards are the same."""
        key = number, audience
        kept = self._pieces.get(key)
        if kept is None or kept[0] != versions:
            if len(self._pieces) >= PIECES:
                self._pieces.pop(next(iter([*self._pieces]), key), None)
            kept = (versions, Piece())
        self._pieces.pop(key, None)
        self._pieces[key] = kept  # the one not asked for longest goes first
        return kept[1]

    def keep(self, run: int, first: Callable[[int], Array]) -> Array:
        """The rows of fifty pages, found by ``first`` and kept."""
        size = PAGES * PER_PAGE
        rows = first((run + 1) * size)[run * size :].astype("uint32")
        if len(self._runs) >= RUNS:
            self._runs.pop(next(iter([*self._runs]), -1), None)
        self._runs[run] = rows
        return rows


def answer(index: Index, key: Hashable, ask: Callable[[], Found], facets: Callable[[Found], Sequence[FacetView]]
           ) -> Answer:  # fmt: skip
    """What ``index`` answers, kept under ``key``: all that it depends on besides the index, without the page."""
    kept = index.answers.get(key)
    if isinstance(kept, Answer):
        index.answers[key] = index.answers.pop(key, kept)  # the one not asked for longest goes first
        return kept
    found = ask()
    made = Answer(found.total, found.everything, facets(found), found.listing.side.ids, lambda n: ask().first(n))
    made.keep(0, found.first)
    keep(index, key, made)
    return made


def keep(index: Index, key: Hashable, value: object) -> None:
    """Keep ``value`` with ``index``."""
    if len(index.answers) >= MOST:
        index.answers.pop(next(iter([*index.answers]), None), None)
    index.answers[key] = value
