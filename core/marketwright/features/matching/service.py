"""Writing lists: people put there by hand, shortlists, thumbs and notes; and keeping what was shown."""

from datetime import timedelta

from sqlalchemy import delete, insert, select

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.tables import Account, Membership
from marketwright.features.matching import events
from marketwright.features.matching.keeping import Kept, packed
from marketwright.features.matching.tables import (
    HandPick,
    RankingContent,
    ShortlistEntry,
    ShortlistNote,
    ShortlistThumb,
    ShownRanking,
)
from marketwright.features.missions.queries import is_invited
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert

LONGEST_REASON, LONGEST_NOTE = 600, 1000
MOST_ON_A_LIST = 60


def place_by_hand(uow: UnitOfWork, *, mission: str, freelancer: str, reason: str) -> None:
    """Staff put a listed freelancer on a mission's list; a second time writes the reason anew. Both sides read it."""
    _check_staff(uow)
    row = _mission(uow, mission)
    if row.state == "paused":
        raise Conflict("This {mission} is paused, so the {freelancer} would not read your reason. Once it goes on you "
                       "can put them on its list.")  # fmt: skip
    if row.state != "published":
        raise Conflict("Only {mission.a} that people can see has a list of matches.", state=row.state)
    written = reason.strip()
    if not written:
        raise InvalidInput({"reason": [say("Say why: the {client} and the {freelancer} both read it.")]})
    if len(written) > LONGEST_REASON:
        raise InvalidInput({"reason": [say("At most %(n)s characters.", n=LONGEST_REASON)]})
    _listed(uow, freelancer)
    _check_reads(uow, row, freelancer)
    found = uow.session.get(HandPick, (mission, freelancer))
    if found is None:
        found = HandPick(mission_id=mission, freelancer_id=freelancer)
        uow.session.add(found)
    found.by, found.reason, found.at = uow.actor.id, written, uow.now
    uow.flush()
    uow.emit(events.PLACED, mission, freelancer=freelancer)
    uow.audit("match.placed_by_hand", mission, freelancer=freelancer, reason=written)


def take_off(uow: UnitOfWork, *, mission: str, freelancer: str) -> None:
    """Staff take somebody off the list whom staff put there."""
    _check_staff(uow)
    found = uow.session.get(HandPick, (mission, freelancer))
    if found is None:
        raise NotFound("Nobody of that name was put on this list by hand.")
    uow.session.delete(found)
    uow.emit(events.TAKEN_OFF, mission, freelancer=freelancer)
    uow.audit("match.taken_off", mission, freelancer=freelancer)


def shortlist(uow: UnitOfWork, *, mission: str, freelancer: str) -> bool:
    """A member keeps a listed freelancer in mind; false when they are on the shortlist already."""
    _check_member(uow, mission)
    _listed(uow, freelancer)
    if uow.session.get(ShortlistEntry, (mission, freelancer)) is not None:
        return False
    if uow.session.query(ShortlistEntry).filter_by(mission_id=mission).count() >= MOST_ON_A_LIST:
        raise Conflict("A shortlist holds at most %(most)s people; take somebody off first.", most=MOST_ON_A_LIST)
    uow.session.add(ShortlistEntry(mission_id=mission, freelancer_id=freelancer, by=uow.actor.id, at=uow.now))
    uow.flush()
    uow.emit(events.SHORTLISTED, mission, freelancer=freelancer)
    return True


def unlist(uow: UnitOfWork, *, mission: str, freelancer: str) -> None:
    """A member takes somebody off the shortlist; thumbs and notes go with them."""
    _check_member(uow, mission)
    entry = _entry(uow, mission, freelancer)
    for table in (ShortlistThumb, ShortlistNote):
        uow.session.execute(delete(table).where(table.mission_id == mission, table.freelancer_id == freelancer))
    uow.session.delete(entry)
    uow.flush()
    uow.emit(events.UNLISTED, mission, freelancer=freelancer)


def give_thumb(uow: UnitOfWork, *, mission: str, freelancer: str, thumb: int) -> None:
    """A member's thumb: 1 up, -1 down, 0 takes it back."""
    _check_member(uow, mission)
    _entry(uow, mission, freelancer)
    if thumb not in (-1, 0, 1):
        raise InvalidInput({"thumb": [say("Please choose one of the list.")]})
    found = uow.session.get(ShortlistThumb, (mission, freelancer, uow.actor.id))
    if thumb == 0:
        if found is not None:
            uow.session.delete(found)
        return
    if found is None:
        found = ShortlistThumb(mission_id=mission, freelancer_id=freelancer, account_id=uow.actor.id)
        uow.session.add(found)
    found.thumb, found.at = thumb, uow.now


def write_note(uow: UnitOfWork, *, mission: str, freelancer: str, text: str) -> str:
    """A member writes a note that the organisation alone reads; returns its id."""
    _check_member(uow, mission)
    _entry(uow, mission, freelancer)
    written = text.strip()
    if not written:
        raise InvalidInput({"text": [say("Write a few words first.")]})
    if len(written) > LONGEST_NOTE:
        raise InvalidInput({"text": [say("At most %(n)s characters.", n=LONGEST_NOTE)]})
    note = ShortlistNote(
        id=new_id(), mission_id=mission, freelancer_id=freelancer, account_id=uow.actor.id, text=written, at=uow.now
    )
    uow.session.add(note)
    return note.id


def remove_note(uow: UnitOfWork, *, note: str) -> None:
    """A member takes back a note of their own."""
    found = uow.session.get(ShortlistNote, note)
    if found is None or found.account_id != uow.actor.id:
        raise NotFound("There is no such note of yours.")
    _check_member(uow, found.mission_id)
    uow.session.delete(found)


def keep_ranking(uow: UnitOfWork, *, kept: Kept, days: int, picked: str = "") -> str:
    """Keep a ranking as the actor was shown it, for ``days`` of machine time; returns its id.

    With ``picked`` it is the ranking of a named human: the actor put that person on the list, ``kept`` is what the
    engine said at the same moment.
    """
    digest, body = packed(kept)
    until = uow.machine_now + timedelta(days=days)
    content = {"digest": digest, "body": body, "keep_until": until}
    uow.session.execute(upsert(uow.session, RankingContent).values(content).on_conflict_do_nothing())
    shown = new_id()
    uow.session.execute(
        insert(ShownRanking).values(
            id=shown, kind="hand" if picked else kept.kind, subject_id=kept.subject, viewer=uow.actor.id,
            by_name=uow.actor.name if picked else "", picked=picked, content=digest, at=uow.now, keep_until=until,
        )
    )  # fmt: skip
    return shown


def prune_rankings(uow: UnitOfWork) -> int:
    """Forget the rankings whose period is over; how many."""
    now = uow.machine_now
    gone = uow.session.execute(delete(ShownRanking).where(ShownRanking.keep_until <= now)).rowcount  # type: ignore[attr-defined]
    used = select(ShownRanking.content)
    uow.session.execute(delete(RankingContent).where(RankingContent.keep_until <= now,
                                                     RankingContent.digest.not_in(used)))  # fmt: skip
    return int(gone)


def _mission(uow: UnitOfWork, mission: str) -> Mission:
    row = uow.session.get(Mission, mission)
    if row is None:
        raise NotFound("There is no such {mission}.")
    return row


def _check_staff(uow: UnitOfWork) -> None:
    if uow.actor.is_person and "matches.place" not in permissions_of(uow.actor.staff):
        raise NotAllowed("Only staff put people on lists by hand.")


def _check_reads(uow: UnitOfWork, row: Mission, freelancer: str) -> None:
    """Refuse who would not read why they stand on the list of ``row``."""
    if uow.session.get(Membership, (row.organisation_id, freelancer)) is not None:
        raise InvalidInput({"person": [say("They are a member of the {client}: this {mission} is their own.")]})
    if row.visibility == "invited" and not is_invited(uow.session, row.id, freelancer):
        raise InvalidInput({"person": [say("Only who is invited sees this {mission}: the {client} has to invite them "
                                           "first.")]})  # fmt: skip


def _check_member(uow: UnitOfWork, mission: str) -> None:
    row = _mission(uow, mission)
    if uow.actor.is_person and not uow.actor.roles_in(row.organisation_id):
        raise NotFound("There is no such {mission}.")


def _listed(uow: UnitOfWork, freelancer: str) -> None:
    profile = uow.session.get(Profile, freelancer)
    account = uow.session.get(Account, freelancer)
    if profile is None or account is None or not profile.listed or account.suspended_at is not None:
        raise NotFound("There is no such {freelancer} in the lists.")


def _entry(uow: UnitOfWork, mission: str, freelancer: str) -> ShortlistEntry:
    entry = uow.session.get(ShortlistEntry, (mission, freelancer))
    if entry is None:
        raise NotFound("This person is not on the shortlist any more.")
    return entry
