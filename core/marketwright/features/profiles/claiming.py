"""Writing claims: a list replaces what stood there, and what stays the same keeps its id and its proof."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from marketwright.features.profiles.claims import KINDS, ClaimDraft
from marketwright.features.profiles.events import CHANGED
from marketwright.features.profiles.parts import LISTS, list_parts, substance
from marketwright.features.profiles.ports import Proofs
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.features.skills import queries as skills
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.late import Began, joined
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

MOST = 60


def replace_claims(
    uow: UnitOfWork, *, profile: str, claims: Sequence[ClaimDraft], kind: str = "", began: Began | None = None
) -> tuple[str, ...]:
    """Let ``claims`` be the claims of ``kind`` (or all) of a profile, in this order; returns their ids.

    A claim whose substance stands already keeps its id, and so its proof; one that changed gets a new id. A skill that
    was merged meanwhile counts as what it is now; ``InvalidInput`` at ``skills`` for a key that means none. ``began``
    is what the editor of one kind began with: what somebody else saved meanwhile stays where the editor changed
    nothing, and is ``Overtaken`` where they did.
    """
    _check_owner(uow, profile, lock=began is not None)
    if any(c.kind not in KINDS or (kind and c.kind != kind) for c in claims) or len(claims) > MOST * len(KINDS):
        raise InvalidInput({"claims": [say("These claims cannot be kept.")]})
    if kind and began:
        typed = {LISTS[kind]: [c.substance for c in claims]}
        if joined(typed, stored=list_parts(uow.session, profile, kind), began=began)[1]:
            return tuple(row.id for row in uow.session.scalars(_stored(profile, kind).order_by(Claim.position)))
    claims = _by_present_keys(uow.session, claims)
    stored = list(uow.session.scalars(_stored(profile, kind)))
    known = {substance(row): row for row in reversed(stored)}
    kept: dict[str, Claim] = {}
    ids: list[str] = []
    new: list[dict[str, Any]] = []
    for position, draft in enumerate(claims):
        row = known.pop(draft.substance, None)
        if row is not None:
            kept[row.id] = row
            row.position = position
        else:
            new.append(_values(uow, profile, position, draft))
        ids.append(row.id if row is not None else new[-1]["id"])
    gone = [row.id for row in stored if row.id not in kept]
    if gone:
        uow.session.execute(delete(Claim).where(Claim.id.in_(gone)))
    if new:
        uow.session.execute(insert(Claim), new)
    _recount(uow, profile)
    if gone or new:
        uow.audit("profile.edited", profile, changed=[LISTS[kind] if kind else "claims"])
    if gone:
        uow.ports.get(Proofs).gone(uow, profile, gone)
    return tuple(ids)


def _by_present_keys(session: Session, claims: Sequence[ClaimDraft]) -> list[ClaimDraft]:
    """``claims`` with merged skills by the key of today: of two that are one now the higher level stays."""
    keys = {c.skill_id for c in claims if c.kind == "skill" and c.skill_id}
    there = skills.labels(session, keys, "en") if keys else {}
    if keys <= there.keys():
        return list(claims)
    into = skills.merged_into(session)
    if any(key not in into for key in keys - there.keys()):
        raise InvalidInput({"skills": [say("One of these skills is none any more. Choose it again.")]})
    found: dict[object, ClaimDraft] = {}
    for position, draft in enumerate(claims):
        if draft.kind != "skill" or not draft.skill_id:
            found[position] = draft
            continue
        new = replace(draft, skill_id=into.get(draft.skill_id, draft.skill_id))
        same = found.get(new.skill_id)
        if same is None or (same.level or 0) < (new.level or 0):
            found[new.skill_id] = new
    return list(found.values())


def claim_in_bulk(uow: UnitOfWork, claims: Mapping[str, Sequence[ClaimDraft]]) -> dict[str, tuple[str, ...]]:
    """Write the first claims of many profiles that have none yet (imports, seeding); ids by profile, in order."""
    rows = [
        _values(uow, profile, position, draft)
        for profile, drafts in claims.items()
        for position, draft in enumerate(drafts)
    ]
    if rows:
        uow.session.execute(insert(Claim), rows)
    counts = [{"id": profile, "claims": len(drafts)} for profile, drafts in claims.items()]
    if counts:
        uow.session.execute(update(Profile), counts)
    found: dict[str, list[str]] = {profile: [] for profile in claims}
    for row in rows:
        found[row["profile_id"]].append(row["id"])
    return {profile: tuple(ids) for profile, ids in found.items()}


def merge_skill(uow: UnitOfWork, *, old: str, new: str, proved: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """Let whoever claims the skill ``old`` claim ``new`` instead: who did, and of these who claimed both.

    A claim keeps its id, and so its proof. Of two claims the one of ``proved`` (ids) stays, else that of the higher
    level, with the years of both at most.
    """
    rows = uow.session.scalars(select(Claim).where(Claim.skill_id.in_((old, new)), Claim.kind == "skill")).all()
    held: dict[str, dict[str | None, Claim]] = {}
    for row in rows:
        held.setdefault(row.profile_id, {})[row.skill_id] = row
    changed = sorted(profile for profile, claims in held.items() if old in claims)
    both = [profile for profile in changed if new in held[profile]]
    left: dict[str, list[str]] = {}
    for profile in changed:
        mine = held[profile].values()
        stays = max(mine, key=lambda c: (c.id in proved, c.level or 0, c.skill_id == new))
        stays.years = max((c.years for c in mine if c.years is not None), default=None)
        stays.skill_id = new
        for gone in mine:
            if gone is not stays:
                uow.session.delete(gone)
                left.setdefault(profile, []).append(gone.id)
    uow.flush()
    for profile in changed:
        _recount(uow, profile, touch=False)
        if profile in left:
            uow.ports.get(Proofs).gone(uow, profile, left[profile])
    return changed, both


def _check_owner(uow: UnitOfWork, profile: str, *, lock: bool) -> None:
    if uow.session.get(Profile, profile, with_for_update=lock or None) is None:
        raise NotFound("There is no such {profile}.")
    if uow.actor.is_person and uow.actor.id != profile and not uow.actor.staff & {"admin", "moderator"}:
        raise NotAllowed("Only its owner edits {profile.a}.")


def _stored(profile: str, kind: str) -> Any:
    query = select(Claim).where(Claim.profile_id == profile)
    return query.where(Claim.kind == kind) if kind else query


def _values(uow: UnitOfWork, profile: str, position: int, draft: ClaimDraft) -> dict[str, Any]:
    return {
        "id": new_id(), "profile_id": profile, "kind": draft.kind, "position": position, "skill_id": draft.skill_id,
        "level": draft.level, "years": draft.years, "label": draft.label, "organisation": draft.organisation,
        "from_month": draft.from_month, "to_month": draft.to_month, "issuer": draft.issuer, "number": draft.number,
        "issued": draft.issued, "expires": draft.expires, "summary": draft.summary, "declared_at": uow.now,
    }  # fmt: skip


def _recount(uow: UnitOfWork, profile: str, *, touch: bool = True) -> None:
    uow.flush()
    count = uow.session.scalar(select(func.count()).select_from(Claim).where(Claim.profile_id == profile)) or 0
    row = uow.session.get(Profile, profile)
    assert row is not None
    row.claims, row.updated_at = count, uow.now if touch else row.updated_at
    row.proved = min(row.proved, count)
    row.version += 1
    uow.flush()
    uow.emit(CHANGED, profile)


def merged(claims: Iterable[ClaimDraft]) -> list[ClaimDraft]:
    """``claims`` without those that say the same thing twice; the first stays."""
    found: dict[tuple[object, ...], ClaimDraft] = {}
    for draft in claims:
        found.setdefault(draft.what, draft)
    return list(found.values())
