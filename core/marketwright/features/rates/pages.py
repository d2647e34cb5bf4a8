"""Market rates for everybody: of one or two skills, seniority, country and mode."""

from collections.abc import Mapping, Sequence

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketwright.features.rates.publishing import LEAST, Cell, Key, around, skills_of
from marketwright.features.rates.queries import Answer, published, rate_for
from marketwright.features.rates.words import MODES, SENIORITY, brief_note, group, narrowed, note, told
from marketwright.features.skills.queries import merged_into
from marketwright.features.skills.tables import Skill
from marketwright.kernel.frozen import dataclass
from marketwright.web.formats import show_date
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.names import country_name
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render
from marketwright.web.routing import Pages

pages = Pages("rates")
ASKED = ("skill", "other", "seniority", "country", "mode")
TWO = ("skill", "other")  # of them those that name a skill
MOST = 40
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One group in a chart: shares of the width, and the figures in words."""

    label: str
    low: float
    middle: float
    high: float
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class RatesPage:
    """What was asked for and its rate; ``answer`` is empty where too few people share what was asked.

    ``narrower`` are the groups within the one that answers, ``bars`` the skills with most people, ``unknown`` what was
    asked for as a skill and is none, ``day`` when it was all drawn up.
    """

    choices: dict[str, Choices]
    asked: dict[str, str]
    answer: str
    note: str
    narrower: list[Bar]
    bars: list[Bar]
    least: int
    unknown: str = ""
    day: str = ""


@pages.get("/rates", PUBLIC)
def rates() -> Response:
    """The rates of this month."""
    cells = published(reading())
    every = _names()
    names = {skill: every[skill] for key in cells for skill in skills_of(key) if skill in every}
    asked, unknown = _asked(every)
    chosen = {asked[n]: every[asked[n]] for n in TWO if asked[n]}
    found = _answer(asked, cells)
    widest = [c for k, c in cells.items() if k[0] in names and not any(k[1:])]
    most = sorted(widest, key=lambda c: (-c.n, c.key))[:MOST]
    inner = [c for k, c in cells.items() if found and found.cell.key in around(k)]
    context = RatesPage(
        _choices(cells, names | chosen), asked, told(found, _currency()),
        note(found, group(reading(), found.cell.key) if found else ""),
        _bars([(_beyond(c.key, found.cell.key), c) for c in sorted(inner, key=lambda c: c.key)] if found else []),
        _bars([(names[c.key[0]], c) for c in sorted(most, key=lambda c: -c.median)]), LEAST, ", ".join(unknown),
        show_date(max(c.day for c in cells.values())) if cells else "",
    )  # fmt: skip
    return render("rates/rates.html", context)


def _asked(every: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What is asked for, and what of it is no skill; a key of before a merge means what it became."""
    asked = {n: request.args.get(n, "")[:40] for n in ASKED}
    if not {asked[n] for n in TWO} <= {"", *every}:
        became = merged_into(reading())
        asked |= {n: became.get(asked[n], asked[n]) for n in TWO}
    unknown = [asked[n] for n in TWO if asked[n] and asked[n] not in every]
    return asked | {n: "" for n in TWO if asked[n] in unknown}, unknown


def _beyond(key: Key, wider: Key) -> str:
    """What narrows ``key`` beyond ``wider``, in words."""
    _, seniority, country, mode = ("" if one == other else one for one, other in zip(key, wider, strict=True))
    return "".join(narrowed(("", seniority, country, mode)))


def _answer(asked: Mapping[str, str], cells: Mapping[Key, Cell]) -> Answer | None:
    skills = [one for one in dict.fromkeys((asked["skill"], asked["other"])) if one]
    return rate_for(reading(), skills, asked["seniority"], asked["country"], asked["mode"], cells=cells)


def _choices(cells: Mapping[Key, Cell], names: Mapping[str, str]) -> dict[str, Choices]:
    skills = sorted(names.items(), key=lambda pair: pair[1].casefold())
    countries = sorted(((c, country_name(c)) for c in {key[2] for key in cells if key[2]}), key=lambda pair: pair[1])
    return {
        "skill": [("", gettext("All skills")), *skills], "other": [("", gettext("No second skill")), *skills],
        "seniority": [("", gettext("Any experience")), *((v, gettext(t)) for v, t in SENIORITY.items())],
        "country": [("", gettext("Any country")), *countries],
        "mode": [("", gettext("Anywhere")), *((v, gettext(t)) for v, t in MODES.items())],
    }  # fmt: skip


def _currency() -> str:
    return house().marketplace.currency


def _names() -> dict[str, str]:
    french = current_locale() == "fr"
    rows = reading().execute(select(Skill.id, Skill.label_en, Skill.label_fr))
    return {i: (fr or en) if french else en for i, en, fr in rows}


def _bars(some: Sequence[tuple[str, Cell]]) -> list[Bar]:
    most = max((c.high for _, c in some), default=1)
    return [
        Bar(label, c.low / most, c.median / most, c.high / most, told(Answer(c.key, c), _currency()),
            brief_note(c))
        for label, c in some
    ]  # fmt: skip
