"""Who stands on which side of a pair: the freelancer, or a member of the client."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Membership
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import NotAllowed, NotFound

WRITING = frozenset({"owner", "buyer", "approver"})


def roles_for(session: Session, organisation: str, account: str) -> frozenset[str]:
    """The roles of ``account`` in ``organisation``; empty for strangers and signatories of one document alone."""
    held = session.scalar(
        select(Membership.roles).where(
            Membership.organisation_id == organisation, Membership.account_id == account, Membership.document == ""
        )
    )
    return frozenset(held or ())


def side_of(session: Session, organisation: str, freelancer: str, account: str) -> str:
    """``freelancer``, ``client`` or '' for a stranger."""
    if account == freelancer:
        return "freelancer"
    return "client" if account and roles_for(session, organisation, account) else ""


def need_side(
    session: Session, organisation: str, freelancer: str, actor: Actor, roles: Collection[str] = WRITING
) -> str:
    """The side that ``actor`` writes for; ``NotFound`` for strangers, ``NotAllowed`` for a member without ``roles``."""
    if actor.is_person and actor.id == freelancer:
        return "freelancer"
    held = roles_for(session, organisation, actor.id) if actor.is_person else frozenset()
    if not held:
        raise NotFound("There is no such conversation.")
    if not held & set(roles):
        raise NotAllowed("Your role in this {organisation} does not reach this. Ask one of its owners.")
    return "client"
