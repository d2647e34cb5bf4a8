"""The criteria that most marketplaces rank by, from skills to proof."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Manifest, MatchingCriterion, hookimpl
from marketwright_core_matching.person import Experience, Proof, Rating
from marketwright_core_matching.place import Language, Place
from marketwright_core_matching.settings import MatchingSettings
from marketwright_core_matching.skills import Skills
from marketwright_core_matching.work import Availability, DayRate

manifest = Manifest(
    name="core_matching",
    summary="Ranks by skills, day rate, availability, experience, place, languages, reviews and proof.",
    settings=MatchingSettings,
    core=">=0.1,<0.2",
)

CRITERIA: tuple[type[MatchingCriterion], ...] = (
    Skills, DayRate, Availability, Experience, Place, Language, Rating, Proof,
)  # fmt: skip


@hookimpl
def register_matching_criteria(settings: Mapping[str, Any]) -> list[type[MatchingCriterion]]:
    """All criteria."""
    return list(CRITERIA)
