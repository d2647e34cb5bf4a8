"""Confidentiality agreements: a document a mission and freelancer, signed by the freelancer before anything opens."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import events
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.service import Signer, sign_document, store_document
from marketwright.features.contracts.tables import ContractDocument, Signature
from marketwright.features.contracts.terms import marketplace_terms, mission_terms, parties, party_terms
from marketwright.features.missions.tables import Mission
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

KIND = "confidentiality"


def signed(session: Session, mission: str, account: str) -> bool:
    """Whether ``account`` has signed the agreement of ``mission``."""
    return signed_document(session, mission, account) is not None


def signed_document(session: Session, mission: str, account: str) -> ContractDocument | None:
    """The agreement that ``account`` signed for ``mission``, or ``None``."""
    d = ContractDocument
    return session.scalar(
        select(d)
        .join(Signature, Signature.document_id == d.id)
        .where(d.mission_id == mission, d.freelancer_id == account, d.kind == KIND, Signature.side == "freelancer")
        .limit(1)
    )


def confidentiality_terms(session: Session, marketplace: Marketplace, mission: str, freelancer: str) -> dict[str, Any]:
    """The terms of the agreement; the same until an identity or the mission changes, so that its hash holds."""
    row = session.get(Mission, mission)
    if row is None:
        raise NotFound("There is no such {mission}.")
    both = parties(session, row.organisation_id, freelancer)
    person = accounts.account(session, freelancer)
    return {
        "client": party_terms(both.client),
        "freelancer": party_terms(both.freelancer, person.name if person else ""),
        "marketplace": marketplace_terms(marketplace),
        "mission": mission_terms(row),
    }


def sign_confidentiality(uow: UnitOfWork, *, mission: str, paper: Paper, read: str, method: str = "password") -> str:
    """Keep and sign the agreement as the actor; ``read`` is the hash of the text they were shown. Document's id."""
    if read != paper.sha256:
        raise Conflict("The text has changed since you opened it; please read it again.", code="C4")
    found = signed_document(uow.session, mission, uow.actor.id)
    if found is not None:
        return found.id
    document = store_document(uow, paper, contract=None, mission=mission, freelancer=uow.actor.id)
    row = uow.session.get_one(ContractDocument, document)
    sign_document(uow, row, Signer("freelancer", party=uow.actor.name, method=method), paper.sha256)
    uow.emit(events.CONFIDENTIALITY_SIGNED, mission, freelancer=uow.actor.id, document=document)
    return document
