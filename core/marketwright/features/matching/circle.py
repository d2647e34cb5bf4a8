"""Who is ranked for a mission: the best of all who fit, whoever else must be among them, and who may be placed."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cached_property

import numpy as np
from sqlalchemy.orm import Session

from marketwright.features.matching import queries
from marketwright.features.matching.columns import Wanted, day_number, wanted_of
from marketwright.features.matching.index import Index
from marketwright.features.matching.lists import Chosen
from marketwright.features.matching.meaning import all_of_people
from marketwright.features.matching.nearest import nearest
from marketwright.features.matching.pairs import people_for
from marketwright.features.matching.placing import Placed, eligible, place
from marketwright.features.matching.ranking import Ranking
from marketwright.features.matching.relaxing import Relaxed, rank_best, rank_chosen, rank_rows, relax
from marketwright.features.matching.selecting import bounds_for, near_rows, people_chosen
from marketwright.hooks.manager import Entry
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Candidates
from marketwright.strategies.placements import Placement
from marketwright.web.house import House

FEW = 8  # of so many and fewer who fit the nearest are ranked too
NEAREST = 20_000  # people ranked in full for near matches; of more the first so many are:
FIRST = 1_000
Holders = Callable[[str], Collection[str]]


@dataclass(frozen=True)
class Circle:
    """Everybody in the lists, as one mission looks at them; nobody of the client's own members (``own``, by id)."""

    house: House
    index: Index
    mission: str
    wanted: Wanted
    today: date
    own: Collection[str] = ()

    @cached_property
    def _own(self) -> Array:
        """The rows of the client's members, ascending."""
        return np.array(sorted(self._rows(self.own)), dtype=np.int64)

    def _rows(self, people: Collection[str]) -> list[int]:
        number = self.index.people.side.number
        return [row for one in people if (row := number.get(one)) is not None]

    @property
    def _day(self) -> int:
        return day_number(self.today)

    @cached_property
    def _chosen(self) -> Chosen:
        """Who may pass every gate."""
        bounds = bounds_for(self._criteria, self.wanted)
        return people_chosen(self.index, self.wanted, bounds).without(self._own)

    @property
    def _criteria(self) -> Sequence[Entry]:  # type: ignore[type-arg]
        return self.house.plugins.matching_criteria

    def best(self, most: int, also: Sequence[str] = ()) -> Ranking:
        """Who fits in everything, the best ``most`` alone where that is given, and ``also``; where few fit, the
        nearest too. Raises ``GateBroken``."""
        people = self.index.people
        rows = [row for row in self._rows(set(also).difference(self.own)) if people.shown[row]]
        ranking = rank_best(self.index, self.wanted, self._criteria, self._chosen, self._day, most,
                            lambda some: all_of_people(self.house, self.index, self.mission, some))  # fmt: skip
        if ranking.total > FEW:
            return self.beside(ranking, rows)
        near = np.setdiff1d(near_rows(self.index, self.wanted, NEAREST), self._own, assume_unique=True)
        if len(near) > NEAREST:
            near = nearest(self._criteria, Chosen.of(near), self._candidates, FIRST)
        return self._ranked(_together(self._chosen.rows, near, np.array(rows, dtype=np.uint32)))

    def these(self, people: Collection[str]) -> Ranking:
        """The ranking of just ``people``, whoever of them the index has. Raises ``GateBroken``."""
        return self._ranked(np.unique(np.array(self._rows(people), dtype=np.uint32)))

    def relaxed(self) -> list[Relaxed]:
        """What opening one condition would bring. Raises ``GateBroken``."""
        return relax(self.index, self.wanted, self._criteria, self._day, self._own)

    def unranked(self, people: Collection[str]) -> Ranking:
        """The same people by no criterion: what is known of each, where nobody can be ranked."""
        rows = np.unique(np.array(self._rows(people), dtype=np.uint32))
        return rank_rows(self.index, self.wanted, (), rows, self._day)

    def beside(self, ranking: Ranking, rows: Sequence[int]) -> Ranking:
        """``ranking`` with ``rows`` of people among its candidates; nobody's score or order changes."""
        assert ranking.rows is not None
        every = _together(ranking.rows, np.array(rows, dtype=np.uint32))
        if len(every) == len(ranking.rows):
            return ranking
        found = self._ranked(every)
        found.beyond = ranking.total - len(found.passing)
        return found

    def placed(self, ranking: Ranking, taken: Sequence[int], holders: Holders) -> tuple[Ranking, list[Placed]]:
        """Draw who stands beside ``ranking``, nobody of ``taken``, and give them with a ranking that has them.

        Of those who fit only who may be placed is scored. ``holders`` says who has an entitlement.
        """
        placements = self.house.plugins.placements
        if not placements or ranking.total <= len(set(taken) & set(ranking.passing.tolist())):
            return ranking, []
        assert ranking.rows is not None
        ids = self.index.people.side.ids
        drawn = place(placements, lambda entry: self._pool(entry, holders), lambda row: ids[row], self.mission,
                      self.today, ranking.rows[list(taken)].tolist())  # fmt: skip
        found = self.beside(ranking, [row for p in drawn for row in p.rows])
        assert found.rows is not None
        return found, [p.at(np.searchsorted(found.rows, p.rows).tolist()) for p in drawn]

    def _pool(self, entry: Entry[Placement], holders: Holders) -> list[int]:
        """Rows of those who fit in everything and may stand there, best first."""
        some = self._chosen
        if entry.it.entitlement:
            paid = sorted(self._rows(holders(entry.it.entitlement)))
            places = _places(some.at, np.array(paid, dtype=np.int64))
            some = some.some(places[places >= 0])
        if not len(some.at):
            return []
        n, c = len(some.at), self._candidates(some)
        fits = entry.ask("eligible", lambda it: eligible(it, c, n))
        some = some.some(fits.nonzero()[0])
        if not len(some.at):
            return []
        more = all_of_people(self.house, self.index, self.mission, some.at)
        ranking = rank_chosen(self.index, self.wanted, self._criteria, some, self._day, more)
        found: list[int] = some.at.take(ranking.order).tolist()
        return found

    def _candidates(self, some: Chosen) -> Candidates:
        more = all_of_people(self.house, self.index, self.mission, some.at)
        return people_for(self.wanted, self.index.people.side, self.index.taxonomy, some, self._day, more)

    def _ranked(self, rows: Array) -> Ranking:
        more = all_of_people(self.house, self.index, self.mission, rows)
        return rank_rows(self.index, self.wanted, self._criteria, rows, self._day, more)


def _together(*some: Array) -> Array:
    """Rows ascending, each once. By sorting: of many numbers a set of them takes NumPy far longer."""
    every = np.sort(np.concatenate(some).astype(np.uint32))
    first = np.ones(len(every), dtype=bool)
    np.not_equal(every[1:], every[:-1], out=first[1:])
    found: Array = every[first]
    return found


def _places(rows: Array, wanted: Array) -> Array:
    """Where each of ``wanted`` stands among ``rows``, both ascending; -1 for one that is not there."""
    at = rows.searchsorted(wanted)
    there = at < len(rows)
    there[there] = rows[at[there]] == wanted[there]
    return np.where(there, at, -1)


def circle_of(house: House, session: Session, index: Index, mission: str, today: date) -> Circle | None:
    """The circle of ``mission``; ``None`` for one that has ended."""
    row = index.missions.side.number.get(mission)
    if row is None:
        return None
    own = queries.members_of(session, index.missions.organisations[row].decode())
    return Circle(house, index, mission, wanted_of(index.missions.side, row, day_number(today)), today, own)


def rank_people(house: House, session: Session, index: Index, mission: str, today: date, also: Sequence[str] = (),
                most: int = 0) -> Ranking | None:  # fmt: skip
    """The ranking for ``mission`` as :meth:`Circle.best`; ``None`` for a mission that has ended."""
    circle = circle_of(house, session, index, mission, today)
    return None if circle is None else circle.best(most, also)
