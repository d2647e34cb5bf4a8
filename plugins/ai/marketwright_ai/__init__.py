"""The AI niche: its skills, briefs that say how a model is measured, and what its contracts must settle."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marketwright.plugin import Field, Manifest, Taxonomy, hookimpl
from marketwright_ai.fields import MISSION, PROFILE

manifest = Manifest(
    name="ai", summary="Skills, brief, evaluation protocol and clauses of AI work.", niche=True, core=">=0.1,<0.2",
)
_HERE = Path(__file__).parent


@hookimpl
def register_taxonomies(settings: Mapping[str, Any]) -> Sequence[Taxonomy]:
    """219 skills of AI work, in English and French, with synonyms and hierarchy."""
    return [Taxonomy("ai", "Artificial intelligence", _HERE / "taxonomy" / "skills.csv")]


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> Sequence[Field]:
    """What an AI brief says of its model, its measure and its data; what a profile says of tools and public work."""
    return [*MISSION, *PROFILE]
