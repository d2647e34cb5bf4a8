"""A brief: all that a client says of a mission, before and after it is stored."""

from dataclasses import field
from datetime import date
from typing import Any

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say

REMOTE = ("remote", "hybrid", "onsite")
# Who may do it: anybody, whoever lives within so many kilometres of the town, or these and who works remotely from the
# same country, the union of the marketplace's country, or anywhere.
REACHES = ("", "near", "country", "union", "anywhere")
FARTHEST = 1000
VISIBILITIES = ("public", "members", "invited")
MOST_QUESTIONS = 5
SHORTEST_DESCRIPTION = 60  # characters: below this nobody can tell whether they fit


@dataclass(frozen=True, slots=True)
class Wanted:
    """A skill asked for; ``level`` 1 to 4, or ``None`` for any."""

    skill_id: str
    must: bool = True
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What a client needs; ``budget`` in minor units a day, or for the whole. ``fields`` are the niche's own.

    ``secret_seal`` is what the stored ``confidential`` part lies under, which is empty then.
    """

    title: str = ""
    description: str = ""
    language: str = "en"
    skills: tuple[Wanted, ...] = ()
    start_on: date | None = None
    duration_days: int | None = None
    days_a_week: int | None = None
    budget_kind: str = "day_rate"
    budget: int | None = None
    city: str = ""
    country: str = ""
    remote: str = "hybrid"
    reach: str = ""
    within_km: int | None = None
    languages: tuple[str, ...] = ()
    visibility: str = "public"
    named: bool = True
    public_name: str = ""
    questions: tuple[str, ...] = ()
    confidential: str = ""
    secret_seal: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def lacking(self) -> dict[str, list[str]]:
        """What must be there before others may see it: sentences by field, empty when it is complete."""
        found: dict[str, list[Text]] = {}
        if not self.title:
            found["title"] = [say("Give the {mission} a title that a stranger understands.")]
        if len(self.description) < SHORTEST_DESCRIPTION:
            found["description"] = [say("Say in a few sentences what is to be done and what comes out of it.")]
        if not any(s.must for s in self.skills):
            found["skills"] = [say("Name at least one skill that is a must: it is how people are found.")]
        if not self.budget:
            found["budget"] = [say("Say a budget: {mission.other} without one get few answers.")]
        if not self.duration_days:
            found["duration_days"] = [say("Say roughly how many days of work it is.")]
        if self.remote != "remote" and not self.city:
            found["city"] = [say("Say the town, since the {mission} is at least partly on site.")]
        if self.reach and self.remote != "remote" and not self.within_km:
            found["within_km"] = [say("Say how many kilometres around the town.")]
        return {name: list(sentences) for name, sentences in found.items()}
