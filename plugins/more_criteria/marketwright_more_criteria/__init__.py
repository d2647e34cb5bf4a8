"""Criteria beyond the core ones: how people answer, the words of the brief, and its meaning where that can be read."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Manifest, MatchingCriterion, hookimpl
from marketwright_more_criteria.answers import Responsiveness
from marketwright_more_criteria.area import Area
from marketwright_more_criteria.settings import MoreSettings
from marketwright_more_criteria.words import Semantic, Text

manifest = Manifest(
    name="more_criteria",
    summary="Ranks by how people answer who writes first, and by the words of the brief in headline and bio.",
    settings=MoreSettings,
    core=">=0.1,<0.2",
)


@hookimpl
def register_matching_criteria(settings: Mapping[str, Any]) -> list[type[MatchingCriterion]]:
    """All criteria."""
    return [Responsiveness, Text, Semantic, Area]
