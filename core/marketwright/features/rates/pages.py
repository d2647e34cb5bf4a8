"""Market rates for everybody: of a skill, seniority, country and mode."""

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketwright.features.rates.publishing import LEAST, Cell
from marketwright.features.rates.queries import Answer, published, rate_for
from marketwright.features.rates.words import note, told
from marketwright.features.skills.tables import Skill
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render
from marketwright.web.routing import Pages

pages = Pages("rates")
SENIORITY = (("", N_("Any experience")), ("junior", N_("Up to 3 years")), ("confirmed", N_("4 to 9 years")),
             ("senior", N_("10 years and more")))  # fmt: skip
MODES = (("", N_("Anywhere")), ("onsite", N_("On site")), ("hybrid", N_("Partly remote")), ("remote", N_("Remote")))
MOST = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One skill in the chart: shares of the width, and the figures in words."""

    label: str
    start: float
    width: float
    middle: float
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class RatesPage:
    """What was asked for and its rate; ``answer`` is ``None`` where too few people share what was asked."""

    skills: list[tuple[str, str]]
    seniority: list[tuple[str, str]]
    modes: list[tuple[str, str]]
    asked: dict[str, str]
    answer: str
    note: str
    bars: list[Bar]
    least: int


@pages.get("/rates", PUBLIC)
def rates() -> Response:
    """The rates of this month."""
    cells = published(reading())
    names = _names({k[0] for k in cells if k[0]})
    asked = {n: request.args.get(n, "")[:40] for n in ("skill", "seniority", "mode")}
    found = None
    if asked["skill"] in names or not asked["skill"]:
        country = house().marketplace.country if asked["mode"] else ""
        found = rate_for(reading(), [asked["skill"]] if asked["skill"] else [], asked["seniority"], country,
                         asked["mode"], cells=cells)  # fmt: skip
    widest = [c for k, c in cells.items() if k[0] and not any(k[1:])]
    context = RatesPage(
        sorted(names.items(), key=lambda pair: pair[1].casefold()), [(v, gettext(t)) for v, t in SENIORITY],
        [(v, gettext(t)) for v, t in MODES], asked, told(found, _currency()), note(found), _bars(widest, names), LEAST,
    )  # fmt: skip
    return render("rates/rates.html", context)


def _currency() -> str:
    return house().marketplace.currency


def _names(ids: set[str]) -> dict[str, str]:
    french = current_locale() == "fr"
    rows = reading().execute(select(Skill.id, Skill.label_en, Skill.label_fr))
    return {i: (fr or en) if french else en for i, en, fr in rows if i in ids}


def _bars(cells: list[Cell], names: dict[str, str]) -> list[Bar]:
    best = sorted((c for c in cells if c.key[0] in names), key=lambda c: (-c.n, c.key))[:MOST]
    most = max((c.high for c in best), default=1)
    return [
        Bar(names[c.key[0]], c.low / most, max((c.high - c.low) / most, 0.01), c.median / most,
            told(Answer(c.key, c), _currency()), note(Answer(c.key, c)))
        for c in sorted(best, key=lambda c: -c.median)
    ]  # fmt: skip
