"""Merging two skills of the taxonomy that mean the same: in profiles, missions and saved searches, in one commit."""

from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from marketwright.features.alerts.queries import targets
from marketwright.features.missions.queries import asking_for
from marketwright.features.missions.writing import merge_skill as in_missions
from marketwright.features.profiles.claiming import merge_skill as in_profiles
from marketwright.features.profiles.queries import claiming
from marketwright.features.skills import merging
from marketwright.features.vetting.proofs import FREELANCER, refresh
from marketwright.features.vetting.queries import standing
from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging ``old`` into ``new`` changes: ``both`` of ``profiles`` claim both, ``searches`` ask for ``old``.

    ``was`` and ``becomes`` are the English labels.
    """

    old: str
    new: str
    was: str
    becomes: str
    profiles: int
    both: int
    missions: int
    searches: int


def preview(session: Session, *, old: str, new: str) -> Merging:
    """What would change; ``InvalidInput`` for what cannot be merged."""
    was, becomes = merging.pair(session, old=old, new=new)
    claimed = set(claiming(session, old))
    searches = sum(("skill", old) in parse_qsl(target) for target in targets(session))
    return Merging(
        old, new, was.label_en, becomes.label_en, len(claimed), len(claimed & set(claiming(session, new))),
        len(asking_for(session, old)), searches,
    )  # fmt: skip


def merge(uow: UnitOfWork, *, old: str, new: str) -> Merging:
    """Let ``new`` stand wherever ``old`` stood; the names of ``old`` find it, its key means it. There is no undo."""
    found = preview(uow.session, old=old, new=new)
    two = set(claiming(uow.session, old)) & set(claiming(uow.session, new))
    proved = {v.about for who in two for v in standing(uow.session, FREELANCER, who) if v.holds(uow.now)}
    _, both = in_profiles(uow, old=old, new=new, proved=proved)
    for who in both:
        refresh(uow, kind=FREELANCER, owner=who)
    in_missions(uow, old=old, new=new)
    merging.merge(uow, old=old, new=new)
    uow.audit("skill.merged", old, into=new, label=found.was, profiles=found.profiles, missions=found.missions,
              searches=found.searches)  # fmt: skip
    return found


__all__ = ["Merging", "merge", "preview"]
