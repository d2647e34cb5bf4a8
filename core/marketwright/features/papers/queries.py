"""Reads of papers: what was handed in, who signs, what waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts.tables import Contract, ContractDocument, Signature
from marketwright.features.facets import forms
from marketwright.features.papers.tables import EarlyAnswer, Handing, OutsideSignature, OutsideSigner
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.conditions import Condition


@dataclass(frozen=True, slots=True)
class SignerRow:
    """One outsider: ``state`` is asked, signed or refused."""

    id: str
    handing: str
    kind: str
    name: str
    company: str
    email: str
    state: str
    asked_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class HandingRow:
    """What was handed in for a condition: ``state`` is waiting, met, refused, withdrawn or lapsed.

    ``signed`` are the sides of ``parties`` that have signed, with when.
    """

    id: str
    contract: str
    name: str
    number: int
    values: dict[str, Any]
    document: str
    parties: tuple[str, ...]
    confidential: bool
    sign_by: datetime | None
    state: str
    by_name: str
    at: datetime
    closed_at: datetime | None
    closed_why: str
    seal: str
    signers: tuple[SignerRow, ...] = ()
    signed: tuple[tuple[str, str, datetime], ...] = ()

    @property
    def left(self) -> int:
        """How many signatures are missing."""
        return sum(s.state != "signed" for s in self.signers) + len(set(self.parties) - {s[0] for s in self.signed})


@dataclass(frozen=True, slots=True)
class OutsideSignatureRow:
    """One signature of somebody outside: as they gave it."""

    kind: str
    name: str
    title: str
    company: str
    email: str
    sha256: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What an outsider is asked, as their page says it."""

    signer: str
    kind: str
    name: str
    company: str
    email: str
    link: int
    code_until: datetime | None
    wrong_codes: int
    handing: str
    condition: str
    document: str
    title: str
    language: str
    sha256: str
    sign_by: datetime | None
    asked_by: str
    reference: str


_SIGNER: tuple[Any, ...] = (
    OutsideSigner.id, OutsideSigner.handing_id, OutsideSigner.kind, OutsideSigner.name, OutsideSigner.company,
    OutsideSigner.email, OutsideSigner.state, OutsideSigner.asked_at, OutsideSigner.opened_at,
    OutsideSigner.closed_at, OutsideSigner.reason,
)  # fmt: skip


def handings_of(session: Session, contract: str) -> list[HandingRow]:
    """Everything handed in for the conditions of a contract, the newest first."""
    rows = session.scalars(
        select(Handing).where(Handing.contract_id == contract).order_by(Handing.at.desc(), Handing.number.desc())
    ).all()
    return _with_signers(session, list(rows))


def handing(session: Session, id: str) -> HandingRow | None:  # noqa: A002
    """The handing ``id``."""
    row = session.get(Handing, id)
    return _with_signers(session, [row])[0] if row else None


def latest(session: Session, contract: str, name: str) -> HandingRow | None:
    """What was handed in last for the condition ``name``, or ``None``."""
    row = session.scalar(
        select(Handing).where(Handing.contract_id == contract, Handing.name == name)
        .order_by(Handing.number.desc()).limit(1)
    )  # fmt: skip
    return _with_signers(session, [row])[0] if row else None


def _with_signers(session: Session, rows: list[Handing]) -> list[HandingRow]:
    ids, papers = [r.id for r in rows], [r.document_id for r in rows if r.document_id]
    asked = session.execute(
        select(*_SIGNER).where(OutsideSigner.handing_id.in_(ids)).order_by(OutsideSigner.kind, OutsideSigner.id)
    ).all()
    signed = session.execute(
        select(Signature.document_id, Signature.side, Signature.name, Signature.at).where(
            Signature.document_id.in_(papers)
        )
    ).all()
    return [
        HandingRow(
            r.id, r.contract_id, r.name, r.number, dict(r.values), r.document_id, tuple(r.parties), r.confidential,
            r.sign_by, r.state, r.by_name, r.at, r.closed_at, r.closed_why, r.seal,
            tuple(SignerRow(*a) for a in asked if a.handing_id == r.id),
            tuple((s.side, s.name, s.at) for s in signed if r.document_id and s.document_id == r.document_id),
        )
        for r in rows
    ]  # fmt: skip


def of_document(session: Session, document: str) -> HandingRow | None:
    """The handing that the paper ``document`` was drawn for, or ``None``."""
    row = session.scalar(select(Handing).where(Handing.document_id == document)) if document else None
    return _with_signers(session, [row])[0] if row else None


def outside_signatures(session: Session, document: str) -> list[OutsideSignatureRow]:
    """The signatures of outsiders under a paper, the first one first."""
    s = OutsideSignature
    rows = session.execute(
        select(s.kind, s.name, s.title, s.company, s.email, s.sha256, s.address, s.at)
        .where(s.document_id == document).order_by(s.at, s.id)
    )  # fmt: skip
    return [OutsideSignatureRow(*row) for row in rows]


def request(session: Session, signer: str) -> Request | None:
    """What the signatory is asked, while the paper waits for them; else ``None``."""
    s, h, d, c = OutsideSigner, Handing, ContractDocument, Contract
    row = session.execute(
        select(s.id, s.kind, s.name, s.company, s.email, s.link, s.code_until, s.wrong_codes, h.id, h.name, d.id,
               d.title, d.language, d.sha256, h.sign_by, h.by_name, c.reference)
        .join(h, h.id == s.handing_id).join(d, d.id == h.document_id).join(c, c.id == h.contract_id)
        .where(s.id == signer, s.state == "asked", h.state == "waiting", c.state != "ENDED")
    ).first()  # fmt: skip
    if row is None:
        return None
    values: tuple[Any, ...] = tuple(row)
    return Request(*values)


@dataclass(frozen=True, slots=True)
class Answer:
    """That somebody answered; what they said lies under ``seal``."""

    name: str
    account: str
    person: str
    seal: str
    at: datetime


def asked(plugins: Plugins, stored: Mapping[str, Any]) -> list[Entry[Condition]]:
    """What a mission with these fields asks in confidence, in the plugins' order."""
    return [e for e in plugins.conditions.values() if e.it.early and e.it.concerns(forms.without_sealed(stored))]


def answers_of(session: Session, mission: str, *, account: str = "") -> list[Answer]:
    """Who answered what a mission asks, the first one first; of one freelancer where named."""
    a = EarlyAnswer
    query = select(a.name, a.account_id, a.seal, a.at).where(a.mission_id == mission).order_by(a.at, a.id)
    rows = session.execute(query.where(a.account_id == account) if account else query).all()
    return [Answer(r.name, r.account_id, _name(session, r.account_id), r.seal, r.at) for r in rows]


def _name(session: Session, account: str) -> str:
    found = accounts.account(session, account)
    return found.name if found else ""
