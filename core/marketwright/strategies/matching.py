"""Matching: criteria over whole columns of candidates, one function for both directions and for pairs.

A column is a read-only array of length 1 (the one side) or n (the candidates); criteria use broadcasting, so the
same function ranks profiles for a mission, missions for a profile, and pairs. Columns hold no NaN:
``p.known("day_rate")`` says where a value was given, elsewhere it is 0. Nothing here reads messages, or protected or
emotional attributes of people.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from marketwright.kernel.frozen import dataclass

Array = NDArray[Any]

COLUMNS: dict[str, str] = {
    "today": "days since 1970-01-01 on which the ranking is made, int32 (both)",
    "day_rate": "minor units a day, float32 (profile)",
    "day_budget": "minor units a day the mission can pay at most, float32 (mission)",
    "available_from": "days since 1970-01-01, not before today, int32 (profile)",
    "starts": "days since 1970-01-01, not before today, int32 (mission)",
    "days_a_week": "days a week, float32 (both)",
    "years": "years of experience, float32 (profile)",
    "latitude": "degrees, float32 (both)",
    "longitude": "degrees, float32 (both)",
    "remote": "0 on site, 1 hybrid, 2 remote, int8 (both)",
    "country": "small integer a country, int16 (both)",
    "rating": "mean of reviews, 0 to 5, float32 (profile)",
    "reviews": "number of reviews, int32 (profile)",
    "asked": "clients who wrote first in the last year, int32 (profile)",
    "answered": "how many of these had an answer, int32 (profile)",
    "answer_hours": "median hours to that answer, float32 (profile)",
    "joined": "days since 1970-01-01 on which the profile was made, int32 (profile)",
    "proved": "share of claims compared with a source, 0 to 1, float32 (profile)",
}
PAIR_COLUMNS: dict[str, str] = {
    "must_met": "must-have skills met, 0 to 1, float32; one that only a broader skill covers counts for part",
    "must_held": "must-have skills held, int16",
    "must_asked": "must-have skills asked for, int16",
    "nice_met": "nice-to-have skills met, 0 to 1, float32; unknown where none is asked for",
    "nice_held": "nice-to-have skills held, int16",
    "nice_asked": "nice-to-have skills asked for, int16",
    "level_gap": "mean missing levels over the must-have skills held, 0 to 3, float32",
    "must_years": "mean years in the must-have skills held, float32; unknown where none were given",
    "language_met": "languages asked for that are spoken, 0 to 1, float32; 1 where none is asked for",
    "text_met": "words of the brief that stand in headline and bio, rare ones for more, 0 to 1, float32; unknown for a "
                "brief without words",
    "reach_met": "1 where somebody is within the mission's reach (kilometres around its town, or remotely from where "
                 "it allows), else 0, float32; unknown for one that anybody may do",
    "semantic_met": "how near brief and profile are to each other for the `Embedder`, 0 to 1, float32; unknown where "
                    "there is none, or none yet",
    "distance": "great circle kilometres, float32; 0 where the mission is remote",
}

# What no criterion may read, as words of a column's name: messages, and protected or emotional attributes of people.
BANNED: frozenset[str] = frozenset({
    "age", "ages", "birth", "birthday", "birthdate", "gender", "sex", "sexual", "orientation", "pregnancy", "marital",
    "family", "children", "race", "ethnicity", "ethnic", "origin", "nationality", "religion", "belief", "health",
    "disability", "genetic", "biometric", "union", "political", "politics", "opinion", "emotion", "emotions", "mood",
    "sentiment", "feeling", "message", "messages", "photo", "portrait", "name",
})  # fmt: skip


def banned_words(column: str) -> frozenset[str]:
    """The words of ``column`` that no criterion may read; empty for one that it may."""
    return BANNED & set(column.removeprefix("x_").replace(".", "_").lower().split("_"))


class Columns(Mapping[str, Array]):
    """Read-only columns of one side, all of one length, 1 or n."""

    __slots__ = ("_known", "_values")

    def __init__(self, values: Mapping[str, Array], known: Mapping[str, Array] | None = None) -> None:
        self._values = {name: _locked(column) for name, column in values.items()}
        self._known = {name: _locked(mask) for name, mask in (known or {}).items()}

    def __getitem__(self, name: str) -> Array:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def known(self, name: str) -> Array:
        """Booleans: where ``name`` was given; all true for a column without gaps."""
        mask = self._known.get(name)
        return np.ones(self._values[name].shape, dtype=bool) if mask is None else mask

    def missing(self, name: str) -> Array | None:
        """Booleans: where ``name`` was not given; ``None`` where all were."""
        mask = self._known.get(name)
        return None if mask is None or mask.all() else ~mask

    def at(self, name: str, i: int) -> float | None:
        """The value of ``name`` for candidate ``i``, the one value of a column of length 1, ``None`` if not given."""
        column, mask = self._values[name], self._known.get(name)
        here = i if len(column) > 1 else 0
        if mask is not None and not mask[here if len(mask) > 1 else 0]:
            return None
        return float(column[here])

    def each(self, name: str, n: int) -> Sequence[float | None]:
        """What ``at`` gives for each of the ``n`` candidates, in their order."""
        same = self.same(name)
        return [self.at(name, i) for i in range(n)] if same is None else [same] * n

    def same(self, name: str) -> float | None:
        """The one value that ``name`` has for all candidates; ``None`` where they may differ, or it is not given."""
        return self.at(name, 0) if len(self[name]) == 1 else None


def _locked(column: Array) -> Array:
    view = column.view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, slots=True)
class Candidates:
    """One ranking: mission columns ``m``, profile columns ``p``, ``pair`` columns that the engine computed.

    Of ``m`` and ``p`` one has length 1 and the other n (or both n, for pairs); ``pair`` has length n.
    """

    m: Columns
    p: Columns
    pair: Columns


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a criterion gave what it gave, for one candidate; both sides read it.

    ``text`` is a sentence with ``%(name)s`` places, translated by the plugin's catalogue; ``params`` fills it, and
    amounts (``Money``), dates and numbers in it are shown in the reader's way. ``tone`` is ``good``, ``near`` or
    ``miss``; ``advice`` says what would change it (same places), or is empty.
    """

    text: str
    params: Mapping[str, object] = field(default_factory=dict)
    tone: str = "good"
    advice: str = ""


class MatchingCriterion(ABC):
    """One criterion of a match: a gate that lets candidates through, a score from 0 to 1, a reason for each.

    ``label`` names it on the page and ``about`` says in a sentence what it compares, for the public page on ranking.
    ``weight`` is its share; a criterion may set it from its settings, and one of weight 0 only keeps its gate.
    ``bounded`` says that ``bounds`` tell all that the gate does: then it is not asked about who was chosen by them.
    ``alone`` says that the score is made of columns of the profile alone, without dates, whatever the mission and the
    day: it is reckoned once for each profile and kept.
    Where a column in ``reads`` was not given the engine puts ``unknown`` instead of the score and leaves the gate open.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str] = ""
    weight: float = 0.1
    unknown: float = 0.5
    reads: ClassVar[tuple[str, ...]] = ()
    bounded: ClassVar[bool] = False
    alone: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    def gate(self, c: Candidates) -> Array | None:  # noqa: ARG002
        """Booleans of length n (or 1), false keeps a candidate out; ``None`` lets all through."""
        return None

    def bounds(self, m: Columns | None) -> Mapping[str, tuple[float | None, float | None]]:  # noqa: ARG002
        """What the gate surely refuses: by column the least and the greatest value that it lets through, or ``None``.

        The engine then leaves most candidates out unseen. A promise, kept or not given: a value outside is never let
        through, and what was not given is. ``m`` is the one mission, or ``None`` where a person's missions are ranked:
        then only what holds for every mission. Used are ``must_met``, ``language_met``, ``remote``, ``available_from``.
        Asked once for a mission and a day: made of ``m`` and the settings, and of nothing that changes meanwhile.
        """
        return {}

    @abstractmethod
    def score(self, c: Candidates) -> Array:
        """float32 of length n (or 1), each from 0 to 1."""

    @abstractmethod
    def reason(self, c: Candidates, i: int, score: float) -> Reason:
        """The reason for candidate ``i``, called for the few that are shown; ``at`` is ``None`` for what is unknown."""

    def reasons(self, c: Candidates, scores: Sequence[float]) -> Sequence[Reason]:
        """The reasons of all of ``c``, the few that are shown, a score each: what ``reason`` gives for one by one.

        A criterion that finds them with less work brings its own; ``each`` gives the values of a column as a list.
        """
        return [self.reason(c, i, score) for i, score in enumerate(scores)]
