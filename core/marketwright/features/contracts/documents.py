"""Reads of papers and their signatures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.tables import ContractDocument, Signature
from marketwright.features.seals import service as seals
from marketwright.kernel.errors import Conflict
from marketwright.kernel.frozen import dataclass
from marketwright.store.ring import Ring


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature."""

    document: str
    side: str
    name: str
    title: str
    party: str
    method: str
    sha256: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One paper without its text."""

    id: str
    kind: str
    contract: str | None
    mission: str | None
    freelancer: str | None
    amendment: str
    number: int
    title: str
    language: str
    sha256: str
    created_at: datetime
    seal: str
    signatures: tuple[SignatureRow, ...] = ()


_PAPER: tuple[Any, ...] = (
    ContractDocument.id, ContractDocument.kind, ContractDocument.contract_id.label("contract"),
    ContractDocument.mission_id.label("mission"), ContractDocument.freelancer_id.label("freelancer"),
    ContractDocument.amendment_id.label("amendment"), ContractDocument.number, ContractDocument.title,
    ContractDocument.language, ContractDocument.sha256, ContractDocument.created_at, ContractDocument.seal,
)  # fmt: skip


def documents_of(session: Session, contract: ContractRow) -> list[DocumentRow]:
    """The papers of a contract, with the confidentiality agreement of its freelancer; newest first."""
    d = ContractDocument
    secret = (d.mission_id == contract.mission) & (d.freelancer_id == contract.freelancer)
    rows = session.execute(
        select(*_PAPER).where(or_(d.contract_id == contract.id, secret)).order_by(d.created_at.desc(), d.id)
    ).all()
    signed = _signatures(session, [r.id for r in rows])
    return [_document(r, signed) for r in rows]


def document(session: Session, id: str) -> DocumentRow | None:  # noqa: A002
    """The paper ``id``, without its text."""
    row = session.execute(select(*_PAPER).where(ContractDocument.id == id)).first()
    return _document(row, _signatures(session, [id])) if row else None


def sides_signed(session: Session, documents: Iterable[str]) -> dict[str, frozenset[str]]:
    """By document, the sides that have signed it."""
    s = Signature
    rows = session.execute(select(s.document_id, s.side).where(s.document_id.in_(list(documents))))
    found: dict[str, frozenset[str]] = {}
    for document, side in rows:
        found[document] = found.get(document, frozenset()) | {side}
    return found


def _document(row: Any, signed: dict[str, tuple[SignatureRow, ...]]) -> DocumentRow:
    values = (*row, signed.get(row.id, ()))
    return DocumentRow(*values)


def body_of(session: Session, ring: Ring, document: str) -> bytes:
    """The bytes of a paper as they were signed; whoever shows a sealed one records it first. ``Conflict`` once deleted.
    """
    row = session.execute(
        select(ContractDocument.body, ContractDocument.seal).where(ContractDocument.id == document)
    ).one()
    if not row.seal:
        return bytes(row.body)
    found = seals.opened(session, ring, row.seal)
    if found is None:
        raise Conflict("This was deleted, as the {contract} says. Its fingerprint is kept.", state="deleted")
    return found


def _signatures(session: Session, documents: Iterable[str]) -> dict[str, tuple[SignatureRow, ...]]:
    s = Signature
    rows = session.execute(
        select(s.document_id, s.side, s.name, s.title, s.party, s.method, s.sha256, s.address, s.at)
        .where(s.document_id.in_(list(documents)))
        .order_by(s.at)
    )
    found: dict[str, tuple[SignatureRow, ...]] = {}
    for row in rows:
        found[row[0]] = (*found.get(row[0], ()), SignatureRow(*row))
    return found
