"""Reads of relations."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Membership
from marketwright.features.relations.tables import Relation
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class RelationRow:
    """What a client organisation and a freelancer are to each other; a pair that never met has the defaults."""

    organisation: str
    freelancer: str
    own_network: bool = False
    linked: bool = False
    first_contract_at: datetime | None = None
    cumulated: int = 0  # minor units of work agreed so far, before tax

    @property
    def has_contract(self) -> bool:
        """Whether they ever signed a contract here."""
        return self.first_contract_at is not None


def relation(session: Session, organisation: str, freelancer: str) -> RelationRow:
    """The relation of a pair; ``linked`` also when the freelancer is a member of the organisation."""
    row = session.execute(
        select(Relation.own_network, Relation.linked, Relation.first_contract_at, Relation.cumulated).where(
            Relation.organisation_id == organisation, Relation.freelancer_id == freelancer
        )
    ).first()
    member = session.scalar(
        select(Membership.account_id).where(
            Membership.organisation_id == organisation, Membership.account_id == freelancer
        )
    )
    if row is None:
        return RelationRow(organisation, freelancer, linked=member is not None)
    return RelationRow(
        organisation, freelancer, row.own_network, row.linked or member is not None, row.first_contract_at,
        row.cumulated,
    )  # fmt: skip
