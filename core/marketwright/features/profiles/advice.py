"""What a profile lacks, and what filling it in would bring: advice, never a gate."""

from collections.abc import Sequence

from marketwright.features.profiles.queries import ClaimRow, ProfileRow
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do: ``section`` of the form it leads to, what to do, what it brings, how much of the whole it is."""

    section: str
    title: Text
    brings: Text
    weight: int
    done: bool


def advise(profile: ProfileRow | None, claims: Sequence[ClaimRow]) -> list[Advice]:
    """Everything that makes a profile whole, the heaviest first among what is still to do."""
    have = {kind: [c for c in claims if c.kind == kind] for kind in ("skill", "experience", "certificate", "language")}
    p = profile
    found = [
        Advice("about", say("Write a headline"), say("It is the one line that everybody reads in a list."), 15,
               bool(p and p.headline)),
        Advice("skills", say("Name five skills or more"),
               say("{Mission.other} find you by your skills before anything else."),
               20, len(have["skill"]) >= 5),
        Advice("skills", say("Say how well you have each skill"),
               say("{Mission.a} that asks for a level passes over skills without one."), 8,
               bool(have["skill"]) and all(c.level for c in have["skill"])),
        Advice("availability", say("Give your day rate"),
               say("Most searches filter by rate; without one you are not in."), 15, bool(p and p.day_rate)),
        Advice("availability", say("Say from when you are free"),
               say("{Client.other} look first for people who can begin in time."), 10, bool(p and p.available_from)),
        Advice("about", say("Tell what you do, in your own words"),
               say("Eight lines or more: what you like to be called for, and an example."), 12,
               bool(p and len(p.bio) >= 200)),
        Advice("about", say("Say where you are"), say("{Mission.other} on site look for people nearby."), 4,
               bool(p and p.city)),
        Advice("experience", say("List your last positions"), say("It shows where your skills come from."), 8,
               bool(have["experience"])),
        Advice("languages", say("Name your languages"), say("{Mission.a} asks for the language of its reports."), 4,
               bool(have["language"])),
        Advice("certificates", say("Add your certificates"),
               say("They can be compared with their issuer, which stands on your {profile} for everybody to see."), 2,
               bool(have["certificate"])),
        Advice("photo", say("Add a photo"), say("A drawing stands in until then."), 2, bool(p and p.photo_file)),
    ]  # fmt: skip
    return sorted(found, key=lambda a: (a.done, -a.weight))


def share(advice: Sequence[Advice]) -> float:
    """How whole the profile is, from 0 to 1."""
    return sum(a.weight for a in advice if a.done) / sum(a.weight for a in advice)
