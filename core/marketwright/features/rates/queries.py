"""Market rates as they were published last: of the group asked for, or of the next wider one that has enough people."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.rates.publishing import Cell, Key, chain, names_of, skills_of
from marketwright.features.rates.service import cells_of
from marketwright.features.rates.tables import RateSnapshot
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The rate of ``cell``; ``asked`` is the group asked for, wider than it where ``cell.key`` differs."""

    asked: Key
    cell: Cell

    @property
    def wider(self) -> bool:
        """Whether the group asked for has too few people, so that a wider one speaks."""
        return self.cell.key != self.asked


def published(session: Session) -> dict[Key, Cell]:
    """Every group that has a rate now, without its members; empty before the first month was drawn up."""
    last = session.scalar(select(RateSnapshot).order_by(RateSnapshot.month.desc()).limit(1))
    return {c.key: c for c in cells_of(last.body, members=False)} if last else {}


def rate_for(
    session: Session, skills: Sequence[str], seniority: str = "", country: str = "", mode: str = "", *,
    cells: Mapping[Key, Cell] | None = None,
) -> Answer | None:  # fmt: skip
    """The rate for a set of skills: of the one or two of them that are answered most narrowly; ``None`` with too few.

    ``cells`` are those of :func:`published` where the caller has read them already.
    """
    cells = published(session) if cells is None else cells
    found: list[tuple[int, int, int, Answer]] = []
    names = names_of(skills) or [""]
    for name in names:
        keys = chain(name, seniority, country, mode)
        asked = keys[0] if len(names) > 3 else chain(names[-1], seniority, country, mode)[0]  # of two skills both
        for steps, key in enumerate(keys):
            if key in cells:
                found.append((steps, -len(skills_of(key)), cells[key].n, Answer(asked, cells[key])))
                break
    return min(found, key=lambda f: f[:3])[3] if found else None
