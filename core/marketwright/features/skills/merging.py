"""Merging one skill into another: names, what is broader, and the key that is used no more."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from marketwright.features.skills.tables import MergedSkill, Skill, SkillLabel, SkillParent
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork


def pair(session: Session, *, old: str, new: str) -> tuple[Skill, Skill]:
    """Both skills; ``InvalidInput`` names the key that is none, was merged already, or is the other one."""
    found = []
    for name, key in (("old", old), ("new", new)):
        row = session.get(Skill, key)
        if row is None:
            into = session.get(MergedSkill, key)
            if into is not None:
                gone = say("The skill %(key)s was merged into %(into)s already.", key=key, into=into.into_id)
                raise InvalidInput({name: [gone]})
            raise InvalidInput({name: [say("There is no skill %(key)s.", key=key)]})
        found.append(row)
    if old == new:
        raise InvalidInput({"new": [say("A skill is not merged into itself.")]})
    return found[0], found[1]


def merge(uow: UnitOfWork, *, old: str, new: str) -> None:
    """Let ``old`` be another name of ``new``. No row of another room may name ``old`` any more."""
    taxonomy = pair(uow.session, old=old, new=new)[0].taxonomy
    run = uow.session.execute
    _names(uow, old, new)
    _tree(uow, old, new)
    run(update(MergedSkill).where(MergedSkill.into_id == old).values(into_id=new))
    run(insert(MergedSkill).values(id=old, into_id=new, taxonomy=taxonomy, merged_at=uow.now))
    run(delete(Skill).where(Skill.id == old))


def _names(uow: UnitOfWork, old: str, new: str) -> None:
    """Every name of ``old`` finds ``new``; the label of ``new`` stays."""
    run = uow.session.execute
    known = {(language, key) for language, key in
             run(select(SkillLabel.language, SkillLabel.key).where(SkillLabel.skill_id == new))}  # fmt: skip
    rows = run(select(SkillLabel.seq, SkillLabel.language, SkillLabel.key).where(SkillLabel.skill_id == old)).all()
    double = [seq for seq, language, key in rows if (language, key) in known]
    run(delete(SkillLabel).where(SkillLabel.seq.in_(double)))
    run(update(SkillLabel).where(SkillLabel.skill_id == old).values(skill_id=new, preferred=False))


def _tree(uow: UnitOfWork, old: str, new: str) -> None:
    """What was narrower than ``old`` is narrower than ``new``; if that came round, than what is above ``old``."""
    run = uow.session.execute
    edges = [tuple(row) for row in run(select(SkillParent.skill_id, SkillParent.parent_id))]
    over = _above(new, edges)
    parents = {b for a, b in edges if a == old}
    children = {a for a, b in edges if b == old}
    wanted = {(child, parent) for child in children if child == new or child in over for parent in parents}
    wanted |= {(child, new) for child in children if child != new and child not in over}
    wanted -= {(a, b) for a, b in wanted if a == b or b == old}
    run(delete(SkillParent).where(or_(SkillParent.skill_id == old, SkillParent.parent_id == old)))
    fresh = sorted(wanted - set(edges))
    if fresh:
        run(insert(SkillParent), [{"skill_id": a, "parent_id": b} for a, b in fresh])


def _above(skill: str, edges: Iterable[tuple[str, ...]]) -> set[str]:
    found, here = set[str](), {skill}
    edges = list(edges)
    while here:
        here = {b for a, b in edges if a in here} - found
        found |= here
    return found


__all__ = ["merge", "pair"]
