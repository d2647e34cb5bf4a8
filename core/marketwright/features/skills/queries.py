"""Finding skills by any of their names, and walking up and down a taxonomy."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from marketwright.features.skills.tables import MergedSkill, Skill, SkillLabel, SkillParent
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.words import key, stems

_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One skill with its label in the reader's language; ``matched`` is the other name that found it, if one did."""

    id: str
    label: str
    matched: str = ""


def label_column(locale: str) -> ColumnElement[str]:
    """The label of ``Skill`` in ``locale``; the English one where the other is missing. For joins."""
    if locale != "fr":
        return Skill.label_en.expression
    return case((Skill.label_fr != "", Skill.label_fr), else_=Skill.label_en)


def find(session: Session, text: str, locale: str, limit: int = 10) -> list[SkillRow]:
    """The skills that ``text`` may mean, best first: accents, plurals, little words and the language are forgiven."""
    words = stems(text)[:8]
    if not words:
        return []
    wanted = " ".join(words)
    query = select(
        Skill.id, label_column(locale), SkillLabel.label, SkillLabel.key, SkillLabel.preferred,
        SkillLabel.language, Skill.taxonomy,
    ).join(Skill, Skill.id == SkillLabel.skill_id)  # fmt: skip
    for word in words:
        query = query.where(SkillLabel.key.contains(word, autoescape=True))
    query = query.order_by(func.length(SkillLabel.key), SkillLabel.skill_id).limit(_CANDIDATES)
    best: dict[str, tuple[tuple[object, ...], SkillRow]] = {}
    for skill, label, name, word, preferred, language, taxonomy in session.execute(query):
        rank = (_distance(word, wanted), not preferred, language != locale, taxonomy == "esco", len(word), word, skill)
        if skill not in best or rank < best[skill][0]:
            shown = "" if key(label) == word else name
            best[skill] = (rank, SkillRow(skill, label, shown))
    ordered = sorted(best.values(), key=lambda pair: pair[0])
    return [row for _, row in ordered[:limit]]


def _distance(word: str, wanted: str) -> int:
    if word == wanted:
        return 0
    if word.startswith(wanted + " "):
        return 1
    if f" {wanted} " in f" {word} ":
        return 2
    return 3 if word.startswith(wanted) else 4


def exact(session: Session, texts: Iterable[str], locale: str) -> dict[str, SkillRow]:
    """For each of ``texts`` that is a name of a skill (or its key), that skill; the others are left out."""
    keys = {text: key(text) for text in texts if text.strip()}
    if not keys:
        return {}
    query = (
        select(Skill.id, label_column(locale), SkillLabel.key)
        .join(SkillLabel, SkillLabel.skill_id == Skill.id)
        .where(SkillLabel.key.in_(set(keys.values())))
        .order_by(
            SkillLabel.preferred.desc(), case((Skill.taxonomy == "esco", 1), else_=0),
            case((SkillLabel.language == locale, 0), else_=1), Skill.id,
        )
    )  # fmt: skip
    by_key: dict[str, SkillRow] = {}
    for skill, label, word in session.execute(query):
        by_key.setdefault(word, SkillRow(skill, label))
    by_id = {row.id: row for row in rows(session, keys, locale)}
    return {text: by_id.get(text) or by_key[word] for text, word in keys.items() if text in by_id or word in by_key}


def near(session: Session, text: str, locale: str, limit: int = 3) -> list[SkillRow]:
    """Skills that a misspelt ``text`` may mean: what contains its words, else what is spelt like it."""
    found = find(session, text, locale, limit)
    if found:
        return found
    wanted = key(text)
    pairs = [(word, skill) for word, skill in session.execute(select(SkillLabel.key, SkillLabel.skill_id))]
    close = get_close_matches(wanted, sorted({w for w, _ in pairs}), n=limit * 2, cutoff=0.72)
    ids = list(dict.fromkeys(skill for word in close for w, skill in pairs if w == word))[:limit]
    named = labels(session, ids, locale)
    return [SkillRow(i, named[i]) for i in ids]


def rows(session: Session, ids: Iterable[str], locale: str) -> list[SkillRow]:
    """The skills of ``ids`` that exist, by label."""
    wanted = [i for i in set(ids) if i]
    if not wanted:
        return []
    found = session.execute(select(Skill.id, label_column(locale)).where(Skill.id.in_(wanted)))
    return sorted((SkillRow(i, label) for i, label in found), key=lambda r: (r.label.casefold(), r.id))


def labels(session: Session, ids: Iterable[str], locale: str) -> dict[str, str]:
    """Labels by id, of those that exist."""
    return {row.id: row.label for row in rows(session, ids, locale)}


def broader(session: Session, id: str) -> tuple[str, ...]:  # noqa: A002  the word of the domain
    """What is broader than ``id``, nearest first."""
    return tuple(_climb(session, (id,), SkillParent.skill_id, SkillParent.parent_id))


def with_broader(session: Session, ids: Iterable[str]) -> frozenset[str]:
    """``ids`` and everything broader than any of them."""
    start = tuple(dict.fromkeys(ids))
    return frozenset((*start, *_climb(session, start, SkillParent.skill_id, SkillParent.parent_id)) if start else ())


def narrower(session: Session, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each of ``ids``, itself and everything narrower: what a search for it should find."""
    return {i: frozenset((i, *_climb(session, (i,), SkillParent.parent_id, SkillParent.skill_id))) for i in set(ids)}


def _climb(session: Session, start: Sequence[str], have: object, want: object) -> list[str]:
    here: ColumnElement[str] = have  # type: ignore[assignment]
    there: ColumnElement[str] = want  # type: ignore[assignment]
    first = select(there.label("id")).where(here.in_(start)).cte("walk", recursive=True)
    walk = first.union(select(there).where(here == first.c.id))
    return [i for i in session.scalars(select(walk.c.id)) if i not in start]


def related(session: Session, ids: Iterable[str], locale: str, limit: int = 8) -> list[SkillRow]:
    """Skills beside those of ``ids`` in the taxonomy, not among them: offered when somebody picks."""
    chosen = set(ids)
    if not chosen:
        return []
    parents = select(SkillParent.parent_id).where(SkillParent.skill_id.in_(chosen))
    query = (
        select(Skill.id, label_column(locale))
        .join(SkillParent, SkillParent.skill_id == Skill.id)
        .where(SkillParent.parent_id.in_(parents), Skill.id.not_in(chosen), Skill.taxonomy != "esco")
        .group_by(Skill.id)
        .order_by(func.count().desc(), Skill.id)
        .limit(limit)
    )
    return [SkillRow(i, label) for i, label in session.execute(query)]


def common(session: Session, locale: str, limit: int = 400) -> list[str]:
    """Labels of the marketplace's own taxonomies, sorted: offered by the browser while somebody types."""
    query = select(label_column(locale)).where(Skill.taxonomy != "esco").order_by(Skill.id).limit(limit)
    return sorted(session.scalars(query), key=str.casefold)


@dataclass(frozen=True, slots=True)
class Namesakes:
    """One name that several skills have, best known first."""

    name: str
    skills: tuple[SkillRow, ...]


def namesakes(session: Session, locale: str, limit: int = 50) -> list[Namesakes]:
    """Names, in whatever language, that more than one skill has: two of them may mean the same."""
    shared = (
        select(SkillLabel.language, SkillLabel.key).group_by(SkillLabel.language, SkillLabel.key)
        .having(func.count(func.distinct(SkillLabel.skill_id)) > 1).order_by(SkillLabel.key).limit(limit).subquery()
    )  # fmt: skip
    query = (
        select(SkillLabel.key, SkillLabel.label, Skill.id, label_column(locale))
        .join(shared, (shared.c.key == SkillLabel.key) & (shared.c.language == SkillLabel.language))
        .join(Skill, Skill.id == SkillLabel.skill_id)
        .order_by(SkillLabel.key, Skill.taxonomy == "esco", SkillLabel.preferred.desc(), Skill.id)
    )
    names: dict[str, str] = {}
    found: dict[str, dict[str, SkillRow]] = {}
    for word, name, skill, label in session.execute(query):
        names.setdefault(word, name)
        found.setdefault(word, {}).setdefault(skill, SkillRow(skill, label))
    named: dict[tuple[SkillRow, ...], str] = {}  # those that share several names stand under the first
    for word, skills in found.items():
        named.setdefault(tuple(skills.values()), names[word])
    return [Namesakes(name, skills) for skills, name in named.items()]


def names_of(session: Session, skill: str) -> list[str]:
    """Every name of a skill, in all languages, the preferred ones first."""
    query = select(SkillLabel.label).where(SkillLabel.skill_id == skill)
    return list(dict.fromkeys(session.scalars(query.order_by(SkillLabel.preferred.desc(), SkillLabel.seq))))


def merged_lately(session: Session, locale: str, limit: int = 20) -> list[tuple[str, str, datetime]]:
    """(key that is used no more, label of the skill it means now, when), the latest first."""
    query = (
        select(MergedSkill.id, label_column(locale), MergedSkill.merged_at)
        .join(Skill, Skill.id == MergedSkill.into_id).order_by(MergedSkill.merged_at.desc(), MergedSkill.id)
    )  # fmt: skip
    return [(old, label, at) for old, label, at in session.execute(query.limit(limit))]


def merged_into(session: Session) -> dict[str, str]:
    """By each key that is used no more the skill that it was merged into."""
    return {row.id: row.into_id for row in session.execute(select(MergedSkill.id, MergedSkill.into_id))}


def taxonomies(session: Session) -> dict[str, int]:
    """How many skills each taxonomy has."""
    query = select(Skill.taxonomy, func.count()).group_by(Skill.taxonomy).order_by(Skill.taxonomy)
    return {row[0]: row[1] for row in session.execute(query)}
