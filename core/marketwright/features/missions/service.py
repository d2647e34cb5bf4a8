"""The life of a mission: drafted, published, edited, paused, filled, closed; and whom it invites."""

from dataclasses import replace
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.ports import Gate
from marketwright.features.accounts.tables import Account
from marketwright.features.facets import filing
from marketwright.features.facets import forms as own_fields
from marketwright.features.facets import service as facets
from marketwright.features.files.checks import Checked
from marketwright.features.missions import events, sealing
from marketwright.features.missions.brief import Brief
from marketwright.features.missions.ports import UnderContract
from marketwright.features.missions.sight import RUNS
from marketwright.features.missions.tables import Mission, MissionInvitation
from marketwright.features.missions.writing import OWNER, changed_parts, check_fields, declared, stored_brief, write
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

EDITABLE = ("draft", "waiting", "published", "paused")
LONGEST_REASON = 1000


def draft(uow: UnitOfWork, *, organisation: str, brief: Brief, created_by: str = "") -> str:
    """Store a brief as a draft that only the client's members see; returns the mission's id.

    Nothing need be complete. ``created_by`` is the actor unless the system acts for somebody (imports, seeding).
    """
    _check_runs(uow, organisation)
    currency = uow.ports.get(Marketplace).currency
    mission = Mission(
        id=new_id(), organisation_id=organisation, created_by=created_by or uow.actor.id, state="draft",
        currency=currency, close_reason="", refusal="", created_at=uow.now, updated_at=uow.now, version=1,
    )  # fmt: skip
    write(uow, mission, brief)
    uow.audit("mission.drafted", mission.id)
    return mission.id


def edit(uow: UnitOfWork, *, mission: str, brief: Brief, version: int | None = None) -> tuple[str, ...]:
    """Write the brief anew; returns what changed. Where others see the mission, they are told, and it stays complete.

    ``version`` is the one that the editor began with: somebody else's later change is a ``Conflict``.
    """
    row = _mine(uow, mission, EDITABLE)
    if version is not None and version != row.version:
        raise Conflict(
            "Somebody changed this {mission} while you were writing. What you typed stands here, theirs on the page of "
            "the {mission}: saving again puts yours in its place.", state=row.state,
        )  # fmt: skip
    brief = replace(brief, fields=own_fields.with_files(declared(uow), row.fields or {}, brief.fields))
    seen = row.state in ("published", "paused", "waiting")
    if seen:
        _check_complete(uow, brief)
    brief = replace(brief, fields=sealing.unchanged(uow, row, declared(uow), brief.fields))
    brief = sealing.unchanged_text(uow, row.id, brief)
    changed = changed_parts(stored_brief(uow.session, row), brief)
    if not changed:
        return ()
    row.updated_at = uow.now
    row.version += 1
    write(uow, row, brief)
    if row.state in ("published", "paused"):
        uow.emit(events.CHANGED, mission, changed=list(changed))
    if "fields" in changed:
        uow.ports.get(UnderContract).mission_changed(uow, mission)
    uow.audit("mission.edited", mission, changed=list(changed))
    return changed


def set_field_file(uow: UnitOfWork, *, mission: str, name: str, checked: Checked | None) -> None:
    """Put a file that ``files.service.prepare`` let through into a field of the niche's own; ``None`` takes it away.

    What others see keeps the files that it needs, and whoever is concerned hears of another one.
    """
    row, fields = _mine(uow, mission, EDITABLE), declared(uow)
    if checked is None and row.state != "draft" and any(f.name == name and f.required for f in fields):
        seen = say("Others see this {mission}, and it needs this file. Send another in its place.")
        raise InvalidInput({name: [seen]})
    row.fields = filing.put(uow, fields=fields, stored=row.fields or {}, name=name, owner_kind=OWNER,
                            owner_id=mission, checked=checked)  # fmt: skip
    row.updated_at, row.version = uow.now, row.version + 1
    write(uow, row, stored_brief(uow.session, row))
    if row.state in ("published", "paused"):
        uow.emit(events.CHANGED, mission, changed=["fields"])
    uow.ports.get(UnderContract).mission_changed(uow, mission)
    uow.audit("mission.file_added" if checked else "mission.file_removed", mission, field=name)


def set_field(uow: UnitOfWork, *, mission: str, name: str, value: Any) -> None:
    """Set one of the niche's fields that no form asks, whatever state the mission is in; who runs it may."""
    row = uow.session.get(Mission, mission, with_for_update=True)
    if row is None:
        raise NotFound("There is no such {mission}.")
    _check_runs(uow, row.organisation_id)
    fields = declared(uow)
    checked = own_fields.check(fields, {**(row.fields or {}), name: value})
    if checked == (row.fields or {}):
        return
    row.fields = checked
    facets.rewrite(uow, owner_kind=OWNER, owner_id=row.id, fields=fields, values=checked)
    _touch(uow, row)
    if row.state in ("published", "paused"):
        uow.emit(events.CHANGED, mission, changed=["fields"])
    uow.ports.get(UnderContract).mission_changed(uow, mission)
    uow.audit("mission.field_set", mission, field=name)


def publish(uow: UnitOfWork, *, mission: str) -> str:
    """Let others see a draft; returns the new state: ``published``, or ``waiting`` where staff approve missions.

    ``InvalidInput`` names what the brief lacks, ``GateClosed`` what the gate ``publish`` still asks for.
    """
    row = _mine(uow, mission, ("draft",))
    _check_complete(uow, stored_brief(uow.session, row))
    _check_gate(uow, row)
    row.refusal = ""
    if uow.ports.get(Marketplace).access.missions == "approval":
        _move(uow, row, "waiting", events.WAITING)
    else:
        _publish(uow, row)
    return row.state


def take_back(uow: UnitOfWork, *, mission: str) -> None:
    """Make a mission that waits for approval a draft again."""
    row = _mine(uow, mission, ("waiting",))
    row.state = "draft"
    _touch(uow, row)
    uow.audit("mission.taken_back", mission)


def approve(uow: UnitOfWork, *, mission: str, reason: str = "") -> None:
    """Staff let a waiting mission be seen; nobody one of their own organisation's."""
    row = _waiting(uow, mission)
    if uow.actor.is_person and accounts.is_theirs(uow.session, uow.actor.id, row.organisation_id):
        raise NotAllowed("Nobody decides about themselves. Ask a colleague.")
    _publish(uow, row)
    uow.audit("mission.approved", mission, reason=reason)


def refuse(uow: UnitOfWork, *, mission: str, reason: str) -> None:
    """Staff send a waiting mission back to its author, with a reason that the author reads."""
    row = _waiting(uow, mission)
    row.refusal = checked_reason(reason)
    _move(uow, row, "draft", events.REFUSED)
    uow.audit("mission.refused", mission, reason=row.refusal)


def pause(uow: UnitOfWork, *, mission: str) -> None:
    """Take no new applicants for now; conversations go on."""
    _move(uow, _mine(uow, mission, ("published",)), "paused", events.PAUSED)


def resume(uow: UnitOfWork, *, mission: str) -> None:
    """Take applicants again; the gate ``publish`` must be open."""
    row = _mine(uow, mission, ("paused",))
    _check_gate(uow, row)
    _move(uow, row, "published", events.RESUMED)


def fill(uow: UnitOfWork, *, mission: str) -> None:
    """Say that somebody was found; every other applicant hears."""
    _move(uow, _mine(uow, mission, ("published", "paused")), "filled", events.FILLED)


def close(uow: UnitOfWork, *, mission: str, reason: str) -> None:
    """End a mission without anybody; every applicant hears the reason."""
    row = _mine(uow, mission, EDITABLE)
    row.close_reason = checked_reason(reason)
    _move(uow, row, "closed", events.CLOSED)


def invite(uow: UnitOfWork, *, mission: str, freelancer: str, note: str = "") -> bool:
    """Ask a freelancer by name, which opens the mission to them; false when they were asked already."""
    row = _mine(uow, mission, ("published", "paused"))
    person = uow.session.get(Account, freelancer)
    if person is None or not person.is_freelancer or person.suspended_at is not None:
        raise NotFound("There is no such {freelancer}.")
    if uow.session.get(MissionInvitation, (mission, freelancer)) is not None:
        return False
    uow.session.add(
        MissionInvitation(
            mission_id=mission, freelancer_id=freelancer, by=_inviter(uow, row), at=uow.now, note=note.strip()
        )
    )
    uow.flush()
    uow.emit(events.INVITED, mission, freelancer=freelancer)
    return True


def _inviter(uow: UnitOfWork, row: Mission) -> str:
    return uow.actor.id if uow.actor.is_person else row.created_by


def _mine(uow: UnitOfWork, mission: str, states: tuple[str, ...]) -> Mission:
    """The mission, locked, where the actor runs it and it is in one of ``states``."""
    row = uow.session.get(Mission, mission, with_for_update=True)
    if row is None:
        raise NotFound("There is no such {mission}.")
    _check_runs(uow, row.organisation_id)
    if row.state not in states:
        raise Conflict("This cannot be done any more: the {mission} is in another state by now.", state=row.state)
    return row


def _waiting(uow: UnitOfWork, mission: str) -> Mission:
    row = uow.session.get(Mission, mission, with_for_update=True)
    if row is None:
        raise NotFound("There is no such {mission}.")
    if uow.actor.is_person and not uow.actor.staff:
        raise NotAllowed("Only staff approve {mission.other}.")
    if row.state != "waiting":
        raise Conflict("This {mission} does not wait for approval any more.", state=row.state)
    return row


def _check_runs(uow: UnitOfWork, organisation: str) -> None:
    if not uow.actor.is_person:
        return
    member = accounts.member(uow.session, organisation, uow.actor.id)
    if member is None or member.document:
        raise NotFound("There is no such {mission}.")
    if not RUNS & set(member.roles):
        raise NotAllowed("Only owners and buyers of the {organisation} run {mission.other}.")


def _check_complete(uow: UnitOfWork, brief: Brief) -> None:
    lacking = brief.lacking() | check_fields(declared(uow), brief)
    if lacking:
        raise InvalidInput(lacking)


def publish_gate(session: Session, gate: Gate, organisation: str, mission: str) -> tuple[Missing, ...]:
    """What the gate ``publish`` still asks of the client and of the mission itself."""
    found: dict[str, Missing] = {}
    for kind, subject in (("organisation", organisation), ("mission", mission)):
        found |= {m.check: m for m in gate.missing(session, "publish", kind, subject)}
    return tuple(found.values())


def _check_gate(uow: UnitOfWork, row: Mission) -> None:
    missing = publish_gate(uow.session, uow.ports.get(Gate), row.organisation_id, row.id)
    if missing:
        raise GateClosed("publish", missing)


def checked_reason(text: str) -> str:
    """A reason without the blanks around it; ``InvalidInput`` for an empty one and one that is too long."""
    reason = text.strip()
    if not reason:
        raise InvalidInput({"reason": [say("Please give a reason: the people concerned read it.")]})
    if len(reason) > LONGEST_REASON:
        long = say("At most %(n)s characters, this has %(has)s.", n=LONGEST_REASON, has=len(reason))
        raise InvalidInput({"reason": [long]})
    return reason


def _publish(uow: UnitOfWork, row: Mission) -> None:
    row.published_at = row.published_at or uow.now
    _move(uow, row, "published", events.PUBLISHED)


def _move(uow: UnitOfWork, row: Mission, state: str, event: str) -> None:
    row.state = state
    _touch(uow, row)
    told = {"reason": row.close_reason} if event == events.CLOSED else {}
    uow.emit(event, row.id, **told)
    uow.audit(event, row.id)


def _touch(uow: UnitOfWork, row: Mission) -> None:
    row.updated_at = uow.now
    row.version += 1
    uow.flush()


def set_confidential(uow: UnitOfWork, *, mission: str, confidential: bool) -> None:
    """Say that a mission has (or has no longer) something that opens only after the agreement: its files changed."""
    uow.session.execute(update(Mission).where(Mission.id == mission).values(confidential=confidential))
