"""Findings about signed texts and prices, for ``ledger verify``: C4, C5. The log's own (C2) are in ``log``."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts.paper import digest
from marketwright.features.contracts.tables import Contract, ContractDocument, Milestone, Signature
from marketwright.features.invoicing import verify as invoicing
from marketwright.features.ledger.verify import Finding
from marketwright.store.triggers import missing_triggers

GUARDS = ("documents_", "signatures_", "transition_log_", "contracts_", "milestones_", "bills_", "contract_processes_",
          "invoices_", "mandate_steps_")  # fmt: skip


def verify(session: Session) -> list[Finding]:
    """Every document, signature or price that is not what it was when it was made; every invoice that is wrong."""
    papers = [*_triggers(session), *_texts(session), *_signatures(session), *_prices(session)]
    return [*papers, *invoicing.verify(session)]


def _triggers(session: Session) -> Iterator[Finding]:
    for name in missing_triggers(session.connection()):
        if name.startswith(GUARDS):
            yield Finding("C4", f"trigger {name}", "is not in the database: what it guards is unguarded")


def _texts(session: Session) -> Iterator[Finding]:
    d = ContractDocument  # what is sealed proves itself when it is opened: without the keys nobody reads it here
    rows = session.execute(select(d.id, d.sha256, d.body).where(d.seal == "")).yield_per(50)
    for id_, sha256, body in rows:
        if digest(body) != sha256:
            yield Finding("C4", f"documents {id_}", "its text is not the one that its hash names")


def _signatures(session: Session) -> Iterator[Finding]:
    rows = session.execute(
        select(Signature.id, Signature.document_id)
        .join(ContractDocument, ContractDocument.id == Signature.document_id)
        .where(Signature.sha256 != ContractDocument.sha256)
    )
    for id_, document in rows:
        yield Finding("C4", f"signatures {id_}", f"it names another text than document {document} has")


def _prices(session: Session) -> Iterator[Finding]:
    rows = session.execute(
        select(Contract.id, Contract.work, func.sum(Milestone.work))
        .join(Milestone, Milestone.contract_id == Contract.id)
        .group_by(Contract.id, Contract.work)
    )
    for id_, work, whole in rows:
        if work != whole:
            yield Finding("C5", f"contracts {id_}", f"its price is {work}, its milestones sum to {whole}")
