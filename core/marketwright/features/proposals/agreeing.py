"""What both agree to without rounds: a service bought as offered, a contract that goes on in a longer one."""

from marketwright.features.accounts import queries as accounts
from marketwright.features.messaging import service as messaging
from marketwright.features.messaging.sides import WRITING, need_side
from marketwright.features.messaging.tables import Thread
from marketwright.features.pricing.wire import quote_to_json
from marketwright.features.proposals import events
from marketwright.features.proposals.offers import Offer, check, to_json
from marketwright.features.proposals.ports import Deals
from marketwright.features.proposals.tables import Proposal, Round
from marketwright.features.relations.queries import relation
from marketwright.kernel.errors import Conflict, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote


def agree(
    uow: UnitOfWork, *, thread: str, offer: Offer, quote: Quote, process: str, by_side: str, words: str
) -> str:
    """Keep ``offer`` as agreed and draw the contract up from it, as a member of either side; returns the contract's id.

    Nothing binds before both have signed. ``by_side`` is whose offer it was, ``words`` the line that the conversation
    gets (a message to translate, with ``who`` and ``price``). A member of the client buys within their limit only.
    """
    row = uow.session.get(Thread, thread, with_for_update=True)
    if row is None:
        raise NotFound("There is no such conversation.")
    side = need_side(uow.session, row.organisation_id, row.freelancer_id, uow.actor, WRITING)
    if relation(uow.session, row.organisation_id, row.freelancer_id).linked:
        raise NotAllowed("{Mission.a} is not for the people of the {organisation} that published it.")
    if side == "client" and not accounts.may_approve(uow.session, row.organisation_id, uow.actor.id, offer.work):
        able = ", ".join(m.name for m in accounts.approvers(uow.session, row.organisation_id, offer.work))
        raise Conflict("This is above your limit. These colleagues may: %(who)s.", who=able or "—")
    check(offer)
    if [p.work.amount for p in quote.deal.parts] != [line.amount for line in offer.lines]:
        msg = "the quote prices other lines than the offer's"
        raise ValueError(msg)
    proposal = Proposal(
        id=new_id(), mission_id=row.mission_id, thread_id=thread, organisation_id=row.organisation_id,
        freelancer_id=row.freelancer_id, process=process, currency=quote.deal.currency, state="accepted",
        turn="client", round_count=1, created_at=uow.now, updated_at=uow.now, expires_at=uow.now, closed_at=uow.now,
        closed_by=uow.actor.id, closed_side=side, reason="", approval_by="", approval_round=0,
        quote=quote_to_json(quote), contract_id="", version=1,
    )  # fmt: skip
    uow.session.add(proposal)
    uow.flush()
    uow.session.add(Round(
        id=new_id(), proposal_id=proposal.id, number=1, by_side=by_side, by_account=uow.actor.id,
        lines=to_json(offer), work=offer.work, note=offer.note.strip(), start_on=offer.start_on,
        quote=quote_to_json(quote), agreed={k: dict(v) for k, v in offer.agreed.items()}, at=uow.now,
    ))  # fmt: skip
    uow.flush()
    proposal.contract_id = uow.ports.get(Deals).draw_up(uow, proposal.id)
    uow.flush()
    messaging.note(uow, thread=thread, side=side, text=words, who=uow.actor.name,
                   price=Money(offer.work, quote.deal.currency))  # fmt: skip
    uow.emit(events.ACCEPTED, proposal.id, contract=proposal.contract_id, side=side)
    uow.audit("proposal.agreed", proposal.id, contract=proposal.contract_id, side=side, work=offer.work)
    return proposal.contract_id
