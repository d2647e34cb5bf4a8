"""Proposing, answering in rounds, accepting. Every offer carries the fee truth that both sides saw."""

from datetime import datetime, timedelta

from sqlalchemy import select

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.needed import need_identity
from marketwright.features.accounts.queries import MemberRow
from marketwright.features.messaging import service as messaging
from marketwright.features.messaging.service import check_gate, take_up
from marketwright.features.messaging.sides import WRITING, need_side
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.tables import Mission
from marketwright.features.pricing import vouchers
from marketwright.features.pricing.wire import quote_to_json
from marketwright.features.proposals import events
from marketwright.features.proposals.agreed import missing
from marketwright.features.proposals.fitting import misfits
from marketwright.features.proposals.offers import Offer, check, from_json, to_json
from marketwright.features.proposals.ports import Courses, Deals
from marketwright.features.proposals.queries import TAKING, due, open_in_thread
from marketwright.features.proposals.tables import Proposal, Round
from marketwright.features.relations.queries import relation
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_, say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote

LONGEST_NOTE, LONGEST_REASON, MOST_DAYS = 4000, 2000, 90
OTHER = {"client": "freelancer", "freelancer": "client"}


def propose(uow: UnitOfWork, *, thread: str, offer: Offer, quote: Quote, process: str = "") -> str:
    """Make a proposal in a conversation, as its freelancer; returns its id.

    ``quote`` is the price of exactly these lines, made before the unit opened. Refused without the freelancer's legal
    identity or behind the gate ``propose`` (``GateClosed``), while another one is open or the mission takes nobody.
    """
    row = uow.session.get(Thread, thread, with_for_update=True)
    if row is None:
        raise NotFound("There is no such conversation.")
    if uow.actor.id != row.freelancer_id:
        need_side(uow.session, row.organisation_id, row.freelancer_id, uow.actor)
        raise NotAllowed("Only the {freelancer} of a conversation makes {proposal.a}; {client.a} answers it.")
    _check_mission(uow, row.mission_id)
    take_up(row, "freelancer")
    if open_in_thread(uow.session, thread):
        raise Conflict("{Proposal.a} is open in this conversation already; answer that one.", state="open")
    if relation(uow.session, row.organisation_id, row.freelancer_id).linked:
        raise NotAllowed("{Mission.a} is not for the people of the {organisation} that published it.")
    _need_identity(uow, "freelancer", row.organisation_id, row.freelancer_id)
    _check_offer(offer, quote)
    chosen = _process(uow, process)
    _check_course(uow, offer, quote, chosen)
    proposal = Proposal(
        id=new_id(), mission_id=row.mission_id, thread_id=thread, organisation_id=row.organisation_id,
        freelancer_id=row.freelancer_id, process=chosen, currency=quote.deal.currency, state="open",
        turn="client", round_count=1, created_at=uow.now, updated_at=uow.now, expires_at=_until(uow, offer),
        closed_by="", closed_side="", reason="", approval_by="", approval_round=0, contract_id="", version=1,
    )  # fmt: skip
    uow.session.add(proposal)
    _add_round(uow, proposal, "freelancer", offer, quote)
    _tell(uow, proposal, "freelancer", N_("%(who)s made {proposal.a}: %(price)s before tax."))
    uow.emit(events.PROPOSED, proposal.id, mission=proposal.mission_id, thread=thread)
    uow.audit("proposal.made", proposal.id, work=offer.work)
    return proposal.id


def counter(uow: UnitOfWork, *, proposal: str, offer: Offer, quote: Quote) -> int:
    """Answer the standing offer with another one, as the side whose turn it is; returns the round's number."""
    row, side = _my_turn(uow, proposal)
    _check_mission(uow, row.mission_id)
    _need_identity(uow, side, row.organisation_id, row.freelancer_id)
    _check_offer(offer, quote)
    _check_course(uow, offer, quote, row.process)
    if _unchanged(uow, row, offer):
        raise InvalidInput({"lines": [say("Nothing differs from the offer that stands: accept it, or change it.")]})
    row.round_count += 1
    row.turn, row.expires_at = OTHER[side], _until(uow, offer)
    row.approval_by, row.approval_at, row.approval_round = "", None, 0
    _touch(uow, row)
    _add_round(uow, row, side, offer, quote)
    _tell(uow, row, side, N_("%(who)s answered with another offer: %(price)s before tax."))
    uow.emit(events.COUNTERED, row.id, round=row.round_count, side=side)
    uow.audit("proposal.countered", row.id, round=row.round_count, side=side, work=offer.work)
    return row.round_count


def accept(uow: UnitOfWork, *, proposal: str, round_number: int, quote: Quote) -> str:
    """Accept the offer that stands, as the side whose turn it is; the contract is drawn up in the same commit.

    Returns the contract's id, or '' where the amount exceeds what this member of the client may accept: the wish is
    kept, and those who may are told. So it is where the freelancer accepts an offer that its author could not have
    accepted either. ``quote`` is what was shown; ``round_number`` says which offer was read.
    """
    row, side = _my_turn(uow, proposal)
    if round_number != row.round_count:
        raise Conflict("A newer offer stands by now; please read it first.", state=row.state)
    _check_mission(uow, row.mission_id)
    _need_identity(uow, side, row.organisation_id, row.freelancer_id)
    standing = _standing(uow, row)
    if [(p.title, p.work.amount) for p in quote.deal.parts] != [(ln["title"], ln["amount"]) for ln in standing.lines]:
        raise Conflict("A newer offer stands by now; please read it first.", state=row.state)
    if side == "client" and not accounts.may_approve(uow.session, row.organisation_id, uow.actor.id, standing.work):
        _ask_approval(uow, row, standing)
        return ""
    if side == "freelancer" and not accounts.may_approve(
        uow.session, row.organisation_id, standing.by_account, standing.work
    ):
        _ask_to_confirm(uow, row, standing)
        return ""
    vouchers.redeem(uow, deal=row.id, codes=tuple(v.code for v in quote.deal.vouchers))
    row.quote = quote_to_json(quote)
    _close(uow, row, "accepted", side)
    row.contract_id = uow.ports.get(Deals).draw_up(uow, row.id)
    uow.flush()
    _tell(uow, row, side, N_("%(who)s accepted %(price)s before tax. The {contract} is being prepared."))
    uow.emit(events.ACCEPTED, row.id, contract=row.contract_id, side=side)
    uow.audit("proposal.accepted", row.id, contract=row.contract_id, side=side, work=standing.work)
    return row.contract_id


def _ask_approval(uow: UnitOfWork, row: Proposal, standing: Round) -> None:
    able = approvers(uow, row.organisation_id, standing.work)
    if not able:
        raise Conflict(
            "Nobody in your {organisation} may accept this amount. An owner can raise a limit.", state="open"
        )
    if row.approval_round == row.round_count and row.approval_by == uow.actor.id:
        raise Conflict("Your colleagues who may accept this amount were told already.", state="open")
    row.approval_by, row.approval_at, row.approval_round = uow.actor.id, uow.now, row.round_count
    _touch(uow, row)
    uow.emit(events.APPROVAL_ASKED, row.id, round=row.round_count, approvers=[m.account for m in able])
    uow.audit("proposal.approval_asked", row.id, work=standing.work)


def _ask_to_confirm(uow: UnitOfWork, row: Proposal, standing: Round) -> None:
    """A member of the client offered more than they may accept: after the freelancer's yes a colleague confirms it."""
    row.turn = "client"
    row.expires_at = max(row.expires_at, uow.now + timedelta(days=uow.ports.get(Marketplace).deal.proposal_days))
    row.approval_by, row.approval_at, row.approval_round = standing.by_account, uow.now, row.round_count
    _touch(uow, row)
    _tell(uow, row, "freelancer", N_("%(who)s accepted %(price)s before tax. It is above the limit of who offered it: "
                                     "a colleague of theirs confirms it."))  # fmt: skip
    able = [m.account for m in approvers(uow, row.organisation_id, standing.work)]
    uow.emit(events.APPROVAL_ASKED, row.id, round=row.round_count, approvers=able)
    uow.audit("proposal.approval_asked", row.id, work=standing.work)


def approvers(uow: UnitOfWork, organisation: str, work: int) -> list[MemberRow]:
    """Members who may accept ``work`` minor units."""
    return accounts.approvers(uow.session, organisation, work)


def enter_code(uow: UnitOfWork, *, proposal: str, code: str) -> None:
    """Enter a code for one's own side's fee, while the proposal is open; '' takes it off again.

    It is the price of both sides that changes, so an approval that was asked for is asked anew.
    """
    row, side = _open_row(uow, proposal)
    if not code.strip():
        vouchers.leave_out(uow, deal=row.id, side=side)
    else:
        owner = row.organisation_id if side == "client" else row.freelancer_id
        vouchers.enter(uow, deal=row.id, side=side, owner=owner, code=code, currency=row.currency)
    _touch(uow, row)


def decline(uow: UnitOfWork, *, proposal: str, reason: str) -> None:
    """Say no to the offer that stands, with a reason that the other side reads."""
    row, side = _my_turn(uow, proposal)
    if not reason.strip():
        raise InvalidInput({"reason": [say("Please say why: the other side reads it.")]})
    words = N_("%(who)s declined the offer of %(price)s.")
    if _standing(uow, row).by_side == side:  # the other side has accepted it, and a colleague was to confirm it
        words = N_("%(who)s does not confirm the offer of %(price)s.")
    _end(uow, row, "declined", side, reason, words)
    uow.emit(events.DECLINED, row.id, side=side)


def withdraw(uow: UnitOfWork, *, proposal: str, reason: str = "") -> None:
    """Take back the offer that stands, as the side that made it; the freelancer leaves at any time."""
    row, side = _open_row(uow, proposal)
    own = _standing(uow, row).by_side == side
    if not own and side == "client":
        raise Conflict("The offer that stands is not yours: accept, answer or decline it.", state=row.state)
    words = N_("%(who)s took back the offer of %(price)s.")
    if not own:
        words = N_("%(who)s ended the {proposal}. The offer of %(price)s that stood was the other side's.")
    _end(uow, row, "withdrawn", side, reason, words)
    uow.emit(events.WITHDRAWN, row.id, side=side)


def expire(uow: UnitOfWork, *, proposal: str) -> bool:
    """Close a proposal whose time is over in business time (C7); false where it was answered or is not due."""
    row = uow.session.get(Proposal, proposal, with_for_update=True)
    if row is None or row.state != "open" or row.expires_at > uow.now:
        return False
    _close(uow, row, "expired", "")
    _tell(uow, row, OTHER[row.turn], N_("Nobody answered in time: the offer of %(price)s has expired."))
    uow.emit(events.EXPIRED, row.id, side=row.turn)
    uow.audit("proposal.expired", row.id)
    return True


def expire_due(uow: UnitOfWork) -> int:
    """Close every proposal whose time is over; returns how many. For the periodic job."""
    return sum(expire(uow, proposal=id_) for id_ in due(uow.session, uow.now))


def _end(uow: UnitOfWork, row: Proposal, state: str, side: str, reason: str, text: str) -> None:
    if len(reason) > LONGEST_REASON:
        long = say("At most %(n)s characters, this has %(has)s.", n=LONGEST_REASON, has=len(reason))
        raise InvalidInput({"reason": [long]})
    row.reason = reason.strip()
    _close(uow, row, state, side)
    _tell(uow, row, side, text)
    uow.audit(f"proposal.{state}", row.id, side=side)


def _open_row(uow: UnitOfWork, proposal: str) -> tuple[Proposal, str]:
    """The open proposal, locked, and the side that the actor writes for; ``Conflict`` where it is closed or late."""
    row = uow.session.get(Proposal, proposal, with_for_update=True)
    if row is None:
        raise NotFound("There is no such {proposal}.")
    side = need_side(uow.session, row.organisation_id, row.freelancer_id, uow.actor, WRITING)
    if row.state != "open":
        raise Conflict("This {proposal} is closed.", state=row.state)
    if row.expires_at <= uow.now:
        raise Conflict("This offer has expired. A new {proposal} can be made.", state="expired")
    return row, side


def _my_turn(uow: UnitOfWork, proposal: str) -> tuple[Proposal, str]:
    row, side = _open_row(uow, proposal)
    if side != row.turn:
        raise Conflict("It is the other side's turn to answer.", state=row.state, allowed=("withdraw",))
    return row, side


def _check_mission(uow: UnitOfWork, mission: str) -> None:
    state = uow.session.get_one(Mission, mission).state
    if state not in TAKING:
        raise Conflict("This {mission} takes nobody any more.", state=state)


def _need_identity(uow: UnitOfWork, side: str, organisation: str, freelancer: str) -> None:
    """The acting side's legal identity, then what the gate ``propose`` asks of it."""
    kind, subject = ("organisation", organisation) if side == "client" else ("freelancer", freelancer)
    need_identity(uow.session, "propose", kind, subject)
    check_gate(uow, "propose", kind, subject)


def _check_offer(offer: Offer, quote: Quote) -> None:
    check(offer)
    if len(offer.note) > LONGEST_NOTE:
        long = say("At most %(n)s characters, this has %(has)s.", n=LONGEST_NOTE, has=len(offer.note))
        raise InvalidInput({"note": [long]})
    if not 0 <= offer.valid_days <= MOST_DAYS:
        raise InvalidInput({"valid_days": [say("From 1 to %(n)s days.", n=MOST_DAYS)]})
    if [p.work.amount for p in quote.deal.parts] != [line.amount for line in offer.lines]:
        msg = "the quote prices other lines than the offer's"
        raise ValueError(msg)


def _check_course(uow: UnitOfWork, offer: Offer, quote: Quote, process: str) -> None:
    """What the course asks of an offer: by the day whole periods, and nothing that is held too long (E12)."""
    course = next((c for c in uow.ports.get(Courses).offered() if c.name == process), None)
    if course is None:
        return
    today = uow.ports.get(Marketplace).day_of(uow.now)
    wrong = misfits(offer, quote, course, today) | missing(uow.ports.get(Plugins), course, offer.agreed)
    if wrong:
        raise InvalidInput(wrong)


def _process(uow: UnitOfWork, name: str) -> str:
    names = [choice.name for choice in uow.ports.get(Courses).offered()]
    if not name:
        return names[0]
    if name not in names:
        raise InvalidInput({"process": [say("Please choose one of the list.")]})
    return name


def _until(uow: UnitOfWork, offer: Offer) -> datetime:
    days = offer.valid_days or uow.ports.get(Marketplace).deal.proposal_days
    return uow.now + timedelta(days=days)


def _unchanged(uow: UnitOfWork, row: Proposal, offer: Offer) -> bool:
    standing = _standing(uow, row)
    same = from_json(standing.lines) == from_json(to_json(offer)) and standing.start_on == offer.start_on
    return same and (standing.agreed or {}) == {k: dict(v) for k, v in offer.agreed.items()}


def _standing(uow: UnitOfWork, row: Proposal) -> Round:
    found = select(Round).where(Round.proposal_id == row.id, Round.number == row.round_count)
    return uow.session.scalars(found).one()


def _add_round(uow: UnitOfWork, row: Proposal, side: str, offer: Offer, quote: Quote) -> None:
    uow.flush()
    uow.session.add(
        Round(
            id=new_id(), proposal_id=row.id, number=row.round_count, by_side=side, by_account=uow.actor.id,
            lines=to_json(offer), work=offer.work, note=offer.note.strip(), start_on=offer.start_on,
            quote=quote_to_json(quote), agreed={k: dict(v) for k, v in offer.agreed.items()}, at=uow.now,
        )
    )  # fmt: skip
    uow.flush()


def _close(uow: UnitOfWork, row: Proposal, state: str, side: str) -> None:
    row.state, row.closed_at, row.closed_side = state, uow.now, side
    row.closed_by = uow.actor.id if uow.actor.is_person else ""
    _touch(uow, row)


def _touch(uow: UnitOfWork, row: Proposal) -> None:
    row.updated_at, row.version = uow.now, row.version + 1
    uow.flush()


def _tell(uow: UnitOfWork, row: Proposal, side: str, text: str) -> None:
    price = Money(_standing(uow, row).work, row.currency)
    messaging.note(uow, thread=row.thread_id, side=side, text=text, who=uow.actor.name, price=price)
