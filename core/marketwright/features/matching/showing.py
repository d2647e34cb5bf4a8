"""A ranking in words: parts that sum to the score, blockers, what is missing, what would change it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date

from marketwright.features.matching.columns import SkillRows, Taxonomy
from marketwright.features.matching.ranking import Broken, Part, Ranking
from marketwright.features.skills.levels import skill_level
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import Text
from marketwright.strategies.matching import Reason
from marketwright.web.formats import show_date, show_number, show_round_money
from marketwright.web.i18n import gettext, translate
from marketwright.web.names import language_name

log = logging.getLogger("marketwright.matching")
MOST_ADVICE = 2


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One criterion of one match, as ``match.reasons`` takes it: ``points`` of ``of``."""

    label: str
    share: float
    points: int
    of: int
    why: str
    tone: str


@dataclass(frozen=True, slots=True)
class AskedSkill:
    """A skill asked for, and whether it is held, as ``badges.skill`` takes it."""

    label: str
    must: bool
    level: int = 0
    level_label: str = ""
    hit: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Wants:
    """What one side asks for against the other: skills held or missing, and the names of missing languages."""

    skills: list[AskedSkill]
    languages: list[str]


@dataclass(frozen=True, slots=True)
class MatchView:
    """One match as ``match.card`` and ``match.mission_card`` take it; ``person`` or ``mission`` is the other side."""

    id: str
    score: int | None
    reasons: list[ReasonView]
    person: object = None
    mission: object = None
    missing: str = ""
    advice: str = ""
    note: str = ""
    blockers: list[tuple[str, str]] = field(default_factory=list)
    by_hand: str = ""
    placed: str = ""


@dataclass(frozen=True, slots=True)
class PlacedView:
    """One placement beside a ranking: what it is called, who stands there and why, and those who do."""

    label: str
    about: str
    matches: list[MatchView]


@dataclass(frozen=True, slots=True)
class Group:
    """Near matches that lack the same thing: ``count`` of them, or more with ``least``."""

    title: str
    matches: list[MatchView]
    count: int
    least: bool = False


@dataclass(frozen=True, slots=True)
class OffView:
    """A criterion that did not work this time."""

    label: str
    plugin: str


def told(text: str, params: Mapping[str, object]) -> str:
    """A plugin's sentence in the reader's language, its amounts, dates and numbers in the reader's way."""
    if not text:
        return ""
    try:
        return gettext(text, **{name: _shown(value) for name, value in params.items()})
    except (KeyError, TypeError, ValueError):
        log.warning("a reason cannot be filled: %r with %r", text, dict(params))
        return text


def _shown(value: object) -> str:
    if isinstance(value, Money):
        return show_round_money(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, int | float):
        return show_number(value)
    return translate(value) if isinstance(value, Text) else str(value)


def reason_views(ranking: Ranking, i: int) -> list[ReasonView]:
    """What each criterion that weighs something gave to row ``i``; the points sum to the score."""
    found = []
    for part, (points, of) in zip(ranking.parts, ranking.points(i), strict=True):
        if part.share > 0:
            reason = ranking.reason(part, i) or Reason("", tone="near")
            why = told(reason.text, reason.params)
            share = float(part.scores[i])
            found.append(ReasonView(gettext(part.entry.it.label), share, points, of, why, reason.tone))
    return found


def advice(ranking: Ranking, i: int) -> str:
    """What would change it most: the criteria's own advice, where the most points are missing first."""
    lost = sorted(ranking.parts, key=lambda p: (-p.share * (1.0 - float(p.scores[i])), p.entry.it.name))
    found: list[str] = []
    for part in lost:
        if part.share * (1.0 - float(part.scores[i])) < 0.01 or len(found) == MOST_ADVICE:
            break
        reason = ranking.reason(part, i)
        if reason is not None and reason.advice:
            found.append(told(reason.advice, reason.params))
    return " ".join(found)


def gate_advice(ranking: Ranking, i: int) -> str:
    """What would open the gates that keep row ``i`` out, in the criteria's own words; not for what is named anyhow."""
    found = []
    for part in ranking.failed(i):
        reason = None if is_about_skills(part) or is_about_languages(part) else ranking.reason(part, i)
        if reason is not None and reason.advice:
            found.append(told(reason.advice, reason.params))
    return " ".join(found)


def is_about_languages(part: Part) -> bool:
    """Whether a gate is about languages: then what is missing are languages by name."""
    return "language_met" in part.entry.it.reads


def is_about_skills(part: Part) -> bool:
    """Whether a gate is about must-have skills: then what is missing are skills by name."""
    return "must_met" in part.entry.it.reads


def blockers(ranking: Ranking, i: int, wants: Wants) -> list[tuple[str, str]]:
    """Why row ``i`` is no match: (what, which skills or languages are missing, else in the criterion's words)."""
    return [
        (gettext("%(label)s:", label=gettext(part.entry.it.label)), _blocking(ranking, part, i, wants))
        for part in ranking.failed(i)
    ]


def _blocking(ranking: Ranking, part: Part, i: int, wants: Wants) -> str:
    names = missing_at(part, wants)
    if names:
        return gettext("%(names)s missing", names=", ".join(names))
    reason = ranking.reason(part, i)
    return told(reason.text, reason.params) if reason else ""


def missing_at(part: Part, wants: Wants) -> list[str]:
    """The skills or languages by name that a failed gate is about; empty for any other gate."""
    if is_about_skills(part):
        return [s.label for s in wants.skills if s.must and s.missing]
    return list(wants.languages) if is_about_languages(part) else []


def missing_musts(skills: Sequence[AskedSkill]) -> str:
    """The must-haves that are not held, by name."""
    return ", ".join(s.label for s in skills if s.must and s.missing)


def missing_nices(skills: Sequence[AskedSkill]) -> str:
    """The nice-to-haves that are not held, by name."""
    return ", ".join(s.label for s in skills if not s.must and s.missing)


def missing_languages(languages: Mapping[str, int], asks: int, speaks: int) -> list[str]:
    """The languages asked for and not spoken, by name; ``asks`` and ``speaks`` are bit masks."""
    return [language_name(code) for code, bit in languages.items() if (asks & ~speaks) >> bit & 1]


def asked_skills(taxonomy: Taxonomy, asked: SkillRows, level_of: Callable[[int], int | None], locale: str
                 ) -> list[AskedSkill]:  # fmt: skip
    """What is asked for, musts first, each held (itself or a narrower one) or missing; levels are the ones held.

    ``level_of`` a skill is 0 where it is held and no level was said, ``None`` where it is not held.
    """
    order = sorted(range(len(asked.skill)), key=lambda k: not asked.must[k])
    named = [(int(asked.skill[k]), bool(asked.must[k])) for k in order]
    return [_asked(taxonomy.label(skill, locale), must, level_of(skill)) for skill, must in named]


def _asked(label: str, must: bool, level: int | None) -> AskedSkill:  # noqa: FBT001
    word = skill_level(level or 0)
    return AskedSkill(label, must, level or 0, gettext(word) if word else "", level is not None, level is None)


def off(ranking: Ranking, labels: Mapping[str, str]) -> list[OffView]:
    """The criteria that were switched off for this ranking."""
    return [_off(b, labels) for b in ranking.broken]


def _off(broken: Broken, labels: Mapping[str, str]) -> OffView:
    return OffView(gettext(labels.get(broken.criterion, broken.criterion)), broken.plugin)


def weights(ranking: Ranking) -> list[tuple[str, float]]:
    """How the list is made: (criterion, share), the greatest first."""
    shares = [(gettext(p.entry.it.label), p.share) for p in ranking.parts if p.share > 0]
    return sorted(shares, key=lambda pair: -pair[1])
