"""Forgetting why a person ended a proposal that led to nothing. Rounds are what was offered: they stay as they are."""

from sqlalchemy import update

from marketwright.features.proposals.tables import Proposal
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str) -> None:
    """Empty the reasons with which ``account`` declined or withdrew."""
    uow.session.execute(
        update(Proposal).where(Proposal.closed_by == account, Proposal.contract_id == "").values(reason="")
    )
