"""How it is ranked, for everybody: written from the criteria that run, with their weights."""

from werkzeug.wrappers import Response

from marketwright.features.matching.pages.base import pages
from marketwright.features.matching.placing import MOST
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import MatchingCriterion
from marketwright.web.house import house
from marketwright.web.i18n import gettext
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion that runs: ``share`` of the score, whether it has a gate, which plugin brings it."""

    label: str
    about: str
    share: float
    gate: bool
    plugin: str


@dataclass(frozen=True, slots=True)
class PlacementView:
    """Positions beside the ranking: what they are called, who stands there, how many at most, whether they are sold."""

    label: str
    about: str
    most: int
    paid: bool


@dataclass(frozen=True, slots=True)
class HowPage:
    """The criteria, the greatest weight first, and the placements beside them."""

    criteria: list[CriterionView]
    weights: list[tuple[str, float]]
    placements: list[PlacementView]


@pages.get("/how-we-rank", PUBLIC)
def how_we_rank() -> Response:
    """The criteria and their weights, as they run now."""
    entries = house().plugins.matching_criteria
    whole = sum(max(float(e.it.weight), 0.0) for e in entries) or 1.0
    found = [
        CriterionView(
            gettext(e.it.label), gettext(e.it.about) if e.it.about else "", max(float(e.it.weight), 0.0) / whole,
            type(e.it).gate is not MatchingCriterion.gate, e.plugin,
        )
        for e in entries
    ]  # fmt: skip
    found.sort(key=lambda c: -c.share)
    beside = [
        PlacementView(gettext(e.it.label), gettext(e.it.about), min(int(e.it.most), MOST), bool(e.it.entitlement))
        for e in house().plugins.placements
    ]  # fmt: skip
    return render("matching/how.html", HowPage(found, [(c.label, c.share) for c in found if c.share > 0], beside))
