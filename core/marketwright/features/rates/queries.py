"""Market rates as they were published last: of the group asked for, or of the next wider one that has enough people."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from marketwright.features.rates.publishing import Cell, Key, chain, names_of, skills_of
from marketwright.features.rates.service import newest
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The rate of ``cell``; ``asked`` is the group asked for, of all its skills: ``cell.key`` may be a wider one."""

    asked: Key
    cell: Cell

    @property
    def wider(self) -> bool:
        """Whether the group asked for has too few people, so that a wider one speaks."""
        return self.cell.key != self.asked


def published(session: Session) -> dict[Key, Cell]:
    """Every group that has a rate now, without its members; empty before the first month was drawn up."""
    return {c.key: c for c in newest(session, members=False)}


def rate_for(
    session: Session, skills: Sequence[str], seniority: str = "", country: str = "", mode: str = "", *,
    cells: Mapping[Key, Cell] | None = None,
) -> Answer | None:  # fmt: skip
    """The rate for a set of skills: of the one or two of them that are answered most narrowly; ``None`` with too few.

    ``cells`` are those of :func:`published` where the caller has read them already.
    """
    cells = published(session) if cells is None else cells
    found: list[tuple[int, int, int, Answer]] = []
    asked = (" ".join(sorted(set(skills))), seniority, country, mode)
    for name in names_of(skills) or [""]:
        for steps, key in enumerate(chain(name, seniority, country, mode)):
            if key in cells:
                found.append((steps, -len(skills_of(key)), cells[key].n, Answer(asked, cells[key])))
                break
    return min(found, key=lambda f: f[:3])[3] if found else None
