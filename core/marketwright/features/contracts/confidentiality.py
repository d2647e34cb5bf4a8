"""Confidentiality agreements: a document a mission and freelancer, signed by the freelancer before anything opens."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import events
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.service import Signer, sign_document, store_document
from marketwright.features.contracts.tables import ContractDocument, Signature
from marketwright.features.contracts.terms import (
    marketplace_terms,
    mission_terms,
    parties,
    party_terms,
    unnamed_terms,
)
from marketwright.features.missions.cards import nameless
from marketwright.features.missions.tables import Mission
from marketwright.features.relations.queries import relation
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


def hides_client(session: Session, mission: Mission, freelancer: str) -> bool:
    """Whether ``freelancer`` does not know the client by name before they sign: as in conversations."""
    return not (mission.named or relation(session, mission.organisation_id, freelancer).has_contract)


def confidentiality_terms(session: Session, marketplace: Marketplace, mission: str, freelancer: str) -> dict[str, Any]:
    """The terms of the agreement; the same until an identity or the mission changes, so that its hash holds.

    ``unnamed`` stands among them where the freelancer does not know the client by name before they sign.
    """
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
        **({"unnamed": True} if hides_client(session, row, freelancer) else {}),
    }


def terms_to_read(session: Session, mission: str, terms: dict[str, Any], locale: str) -> dict[str, Any]:
    """``terms`` as the freelancer reads them before they sign: the client as it describes itself, where it is unnamed.

    Spoken in ``locale``, the language of the document.
    """
    if not terms.get("unnamed"):
        return terms
    row = session.get_one(Mission, mission)
    client = accounts.organisation(session, row.organisation_id)
    assert client is not None
    called = row.public_name or client.public_name(locale) or nameless(client.sector, client.size)
    return {**terms, "client": unnamed_terms(called)}


def sign_confidentiality(
    uow: UnitOfWork, *, mission: str, paper: Paper, read: str, shown: Paper | None = None, method: str = "password"
) -> str:
    """Keep and sign the agreement as the actor. Document's id.

    ``read`` is the hash of the text they were shown: of ``shown``, where that left out who the client is and ``paper``
    names it; the log keeps both hashes.
    """
    if read != (shown or paper).sha256:
        raise Conflict("The text has changed since you opened it; please read it again.", code="C4")
    found = signed_document(uow.session, mission, uow.actor.id)
    if found is not None:
        return found.id
    document = store_document(uow, paper, contract=None, mission=mission, freelancer=uow.actor.id)
    row = uow.session.get_one(ContractDocument, document)
    sign_document(uow, row, Signer("freelancer", party=uow.actor.name, method=method), paper.sha256)
    if shown is not None and shown.sha256 != paper.sha256:
        uow.audit("document.read_unnamed", document, sha256=shown.sha256)
    uow.emit(events.CONFIDENTIALITY_SIGNED, mission, freelancer=uow.actor.id, document=document)
    return document
