"""Writing reviews. Neither side reads the other's before both wrote, or 14 days after the first one."""

from datetime import timedelta

from sqlalchemy import select

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.rights import need
from marketwright.features.messaging.sides import WRITING, need_side, side_of
from marketwright.features.profiles.service import set_rating
from marketwright.features.relations.queries import relation
from marketwright.features.reviews import events
from marketwright.features.reviews.queries import Opening, opening, stars, uncounted
from marketwright.features.reviews.tables import Review
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

WAIT = timedelta(days=14)  # business time
SHORTEST, LONGEST = 20, 3000


def write(uow: UnitOfWork, *, contract: str, rating: int, text: str) -> str:
    """Review the other side of ``contract``, as the side of the actor; returns the review's id (C9).

    ``Conflict`` before any work was paid and where this side has written; ``NotAllowed`` between linked people.
    """
    found = opening(uow.session, contract)
    if found is None:
        raise NotFound("There is no such {contract}.")
    side = need_side(uow.session, found.organisation, found.freelancer, uow.actor, WRITING)
    _check(uow, found, side)
    if rating not in range(1, 6):
        raise InvalidInput({"rating": [say("Please choose from one to five stars.")]})
    text = text.strip()
    if len(text) < SHORTEST:
        raise InvalidInput({"text": [say("Please write a sentence or two, at least %(n)s characters.", n=SHORTEST)]})
    if len(text) > LONGEST:
        raise InvalidInput({"text": [say("At most %(n)s characters, this has %(has)s.", n=LONGEST, has=len(text))]})
    row = Review(
        id=new_id(), contract_id=contract, milestone_id=found.milestone, mission_id=found.mission,
        organisation_id=found.organisation, freelancer_id=found.freelancer, by_side=side, by_account=uow.actor.id,
        rating=rating, text=text, at=uow.now, shows_at=uow.now + WAIT, counted=False, answer="", hidden_reason="",
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    uow.emit(events.WRITTEN, row.id, contract=contract, side=side)
    uow.audit("review.written", row.id, contract=contract, side=side, rating=rating)
    _show_both(uow, row)
    return row.id


def _check(uow: UnitOfWork, found: Opening, side: str) -> None:
    if relation(uow.session, found.organisation, found.freelancer).linked:
        raise NotAllowed("People who are linked do not review each other.")
    if not found.milestone:
        raise Conflict("A review can be written once {milestone.a} is released or paid.", state="unpaid")
    written = select(Review.id).where(Review.contract_id == found.contract, Review.by_side == side)
    if uow.session.scalar(written):
        raise Conflict("Your side has reviewed this {contract} already.", state="written")


def _show_both(uow: UnitOfWork, row: Review) -> None:
    """Once the second side wrote, both are read at once."""
    other = uow.session.scalar(
        select(Review).where(Review.contract_id == row.contract_id, Review.by_side != row.by_side).with_for_update()
    )
    if other is None:
        return
    row.shows_at = uow.now
    other.shows_at = min(other.shows_at, uow.now)
    uow.flush()
    for shown in (row, other):
        _count(uow, shown)


def show_due(uow: UnitOfWork) -> int:
    """Count reviews whose 14 days are over (C7); returns how many. For the periodic job."""
    due = uncounted(uow.session, uow.now)
    for id_ in due:
        _count(uow, uow.session.get_one(Review, id_))
    return len(due)


def _count(uow: UnitOfWork, row: Review) -> None:
    """Tell that a review is shown, once, and let it count in the freelancer's rating; one that is hidden is neither."""
    if row.counted:
        return
    row.counted = True
    uow.flush()
    if row.hidden_at is not None:
        return
    _rate(uow, row)
    uow.emit(events.SHOWN, row.id, contract=row.contract_id, side=row.by_side)


def _rate(uow: UnitOfWork, row: Review) -> None:
    if row.by_side == "client":
        total, count = stars(uow.session, row.freelancer_id, uow.now)
        set_rating(uow, profile=row.freelancer_id, stars=total, count=count)


def answer(uow: UnitOfWork, *, review: str, text: str) -> None:
    """Answer a shown review, once, as the side that it is about."""
    row = uow.session.get(Review, review, with_for_update=True)
    side = side_of(uow.session, row.organisation_id, row.freelancer_id, uow.actor.id) if row else ""
    if row is None or not side or row.shows_at > uow.now:
        raise NotFound("There is no such review.")
    need_side(uow.session, row.organisation_id, row.freelancer_id, uow.actor, WRITING)
    if side == row.by_side:
        raise NotAllowed("A review is answered by whom it is about.")
    if row.answer:
        raise Conflict("This review has an answer already.", state="answered")
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInput({"answer": [say("Please write from 1 to %(n)s characters.", n=LONGEST)]})
    row.answer, row.answered_at = text, uow.now
    uow.flush()
    uow.emit(events.ANSWERED, row.id, side=side)


def hide(uow: UnitOfWork, *, review: str, reason: str) -> None:
    """Take a review off the pages, as staff, with a reason that is kept."""
    need(uow.actor, "reviews.moderate")
    row = uow.session.get(Review, review, with_for_update=True)
    if row is None:
        raise NotFound("There is no such review.")
    if not reason.strip():
        raise InvalidInput({"reason": [say("Please give a reason: it is kept.")]})
    about = row.freelancer_id if row.by_side == "client" else row.organisation_id
    if uow.actor.is_person and accounts.is_theirs(uow.session, uow.actor.id, about):
        raise NotAllowed("Nobody decides about themselves. Ask a colleague.")
    row.hidden_at, row.hidden_reason = uow.now, reason.strip()
    uow.flush()
    _rate(uow, row)
    uow.audit("review.hidden", row.id, reason=reason.strip())
