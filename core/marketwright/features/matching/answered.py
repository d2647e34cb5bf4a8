"""Lists that were answered a moment ago, kept with the index that answered: another index forgets them all. Pure."""

from collections.abc import Callable, Hashable, Sequence

from marketwright.features.matching.facets import FacetView
from marketwright.features.matching.index import Index
from marketwright.features.matching.search import PER_PAGE, Found
from marketwright.kernel.frozen import dataclass

MOST, PAGES = 64, 50  # answers of one index; pages of a list whose ids are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """One list: how many fit, out of how many, the ids of its first pages, its filters."""

    total: int
    everything: int
    ids: Sequence[str]
    facets: Sequence[FacetView]
    more: Callable[[int], Sequence[str]]

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PER_PAGE))

    def page(self, number: int) -> Sequence[str]:
        """The ids of one page."""
        number = min(number, self.last)
        found = self.ids[(number - 1) * PER_PAGE : number * PER_PAGE]
        return found if found or not self.total else self.more(number)


def answer(index: Index, key: Hashable, ask: Callable[[], Found], facets: Callable[[Found], Sequence[FacetView]]
           ) -> Answer:  # fmt: skip
    """What ``index`` answers, kept under ``key``: all that it depends on besides the index, without the page."""
    kept = index.answers.get(key)
    if isinstance(kept, Answer):
        index.answers[key] = index.answers.pop(key, kept)  # the one not asked for longest goes first
        return kept
    found = ask()
    made = Answer(found.total, found.everything, found.top(PAGES * PER_PAGE), facets(found), lambda n: ask().page(n))
    keep(index, key, made)
    return made


def keep(index: Index, key: Hashable, value: object) -> None:
    """Keep ``value`` with ``index``."""
    if len(index.answers) >= MOST:
        index.answers.pop(next(iter([*index.answers]), None), None)
    index.answers[key] = value
