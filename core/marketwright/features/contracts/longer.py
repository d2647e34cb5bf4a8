"""Going on in a longer contract: the same two, new signatures; of one contract one at a time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts import registry
from marketwright.features.contracts.log import lock
from marketwright.features.contracts.queries import thread_of
from marketwright.features.contracts.tables import Contract
from marketwright.features.proposals.agreeing import agree
from marketwright.features.proposals.offers import Offer
from marketwright.features.proposals.tables import Proposal, Round
from marketwright.kernel.errors import NotFound
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote


def open_longer(session: Session, contract: str) -> str:
    """The contract that ``contract`` goes on in and that has not ended, or ''.

    Drawn up after it between the same two, on a course that it may go on in, and agreed without rounds: whoever offered
    it has closed it too.
    """
    row = session.get(Contract, contract)
    if row is None:
        return ""
    process, p = registry.pinned(session, row.process, row.process_version), Proposal
    return session.scalar(
        select(Contract.id)
        .join(p, p.id == Contract.proposal_id)
        .join(Round, (Round.proposal_id == p.id) & (Round.number == p.round_count))
        .where(
            p.thread_id == thread_of(session, row.proposal_id), Round.by_account == p.closed_by, Contract.id != row.id,
            Contract.process.in_(process.extends_to), Contract.state != "ENDED",
            Contract.created_at >= row.created_at,
        )
        .order_by(Contract.created_at.desc())
        .limit(1)
    ) or ""  # fmt: skip


def go_on(uow: UnitOfWork, *, contract: str, offer: Offer, quote: Quote, process: str, by_side: str) -> str:
    """Draw up the longer contract and return its id; the one that is open already where somebody was first."""
    row = uow.session.get(Contract, contract)
    if row is None:
        raise NotFound("There is no such {contract}.")
    lock(uow, row)
    words = N_("%(who)s goes on in a longer {contract}: %(price)s before tax. It is being prepared.")
    return open_longer(uow.session, contract) or agree(
        uow, thread=thread_of(uow.session, row.proposal_id), offer=offer, quote=quote, process=process,
        by_side=by_side, words=words,
    )  # fmt: skip
