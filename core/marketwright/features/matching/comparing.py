"""People side by side: one row a fact, and who does best in it."""

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from marketwright.features.matching.index import Index
from marketwright.features.matching.ranking import Ranking
from marketwright.features.matching.showing import AskedSkill, reason_views
from marketwright.features.profiles.cards import PersonView
from marketwright.kernel.frozen import dataclass
from marketwright.web.formats import show_number, show_round_money
from marketwright.web.i18n import gettext, ngettext
from marketwright.web.names import capital, language_name

MOST = 5
Row = tuple[str, list[str], int | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """One person in the comparison: place in the ranking, row in the index, card, and the skills asked for."""

    place: int
    row: int
    person: PersonView
    skills: list[AskedSkill]


def rows(index: Index, ranking: Ranking, people: Sequence[Compared]) -> list[Row]:
    """The score, then terms, then each skill asked for, then the parts of the score."""
    scores = [None if ranking.failed(p.place) else ranking.score(p.place) for p in people]
    shown = [gettext("not ranked") if s is None else gettext("%(n)s of 100", n=s) for s in scores]
    found: list[Row] = [(gettext("Score"), shown, _best(scores))] if ranking.ranks else []
    return [*found, *_facts(index, people), *_skills(people), *_parts(ranking, people)]


def _parts(ranking: Ranking, people: Sequence[Compared]) -> list[Row]:
    views = [reason_views(ranking, p.place) for p in people]
    found: list[Row] = []
    for k, first in enumerate(views[0] if views else []):
        of = [v[k] for v in views]
        label = gettext("Points: %(label)s", label=first.label)
        found.append((label, [_with_why(r.points, r.of, r.why) for r in of], _best([r.points for r in of])))
    return found


def _with_why(points: int, of: int, why: str) -> str:
    line = Markup("{} <span class='small muted'>{}</span>")
    return line.format(gettext("%(points)s of %(most)s", points=points, most=of), why)


def _facts(index: Index, people: Sequence[Compared]) -> list[Row]:
    side = index.people.side
    rates = [p.person.rate for p in people]
    days = [side.values["days_a_week"][p.row] if side.known["days_a_week"][p.row] else None for p in people]
    years = [side.values["years"][p.row] if side.known["years"][p.row] else None for p in people]
    stars = [p.person.rating for p in people]
    return [
        (gettext("Day rate"), [show_round_money(r) if r else "–" for r in rates],
         _best([-r.amount if r else None for r in rates])),
        (gettext("Available"), [p.person.free or "–" for p in people], None),
        (gettext("Days a week"), [show_number(int(d)) if d is not None else "–" for d in days], _best(days)),
        (gettext("Place"), [p.person.place or "–" for p in people], None),
        (gettext("Languages"), [_spoken(index, p.row) for p in people], None),
        (gettext("Years in the trade"), [show_number(int(y)) if y is not None else "–" for y in years], _best(years)),
        (gettext("Reviews"), [_stars(p.person) for p in people], _best(stars)),
        (gettext("Claims checked at their source"), [show_number(p.person.checked) for p in people],
         _best([p.person.checked for p in people])),
    ]  # fmt: skip


def _spoken(index: Index, row: int) -> str:
    mask = int(index.people.side.languages[row])
    names = [language_name(code) for code, bit in index.languages.items() if mask >> bit & 1]
    return capital(", ".join(names)) or "–"


def _stars(person: PersonView) -> str:
    if person.rating is None:
        return gettext("No review yet")
    count = ngettext("%(n)s review", "%(n)s reviews", person.reviews)
    return gettext("%(rating)s (%(count)s)", rating=show_number(person.rating), count=count)


def _skills(people: Sequence[Compared]) -> list[Row]:
    found: list[Row] = []
    for k, asked in enumerate(people[0].skills if people else []):
        held = [p.skills[k] for p in people]
        label = asked.label if asked.must else gettext("%(skill)s (nice to have)", skill=asked.label)
        cells = [_level(s) for s in held]
        found.append((label, cells, _best([s.level if s.hit else None for s in held])))
    return found


def _level(skill: AskedSkill) -> str:
    if skill.missing:
        return escape(gettext("missing"))
    return skill.level_label or gettext("declared, no level")


def _best(values: Sequence[float | None], key: Callable[[float], float] = float) -> int | None:
    """Who does best; nobody where all are alike or too few are known."""
    known = [key(v) for v in values if v is not None]
    if len(known) < 2 or min(known) == max(known):
        return None
    top = max(known)
    winners = [i for i, v in enumerate(values) if v is not None and key(v) == top]
    return winners[0] if len(winners) == 1 else None
