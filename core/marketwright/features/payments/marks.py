"""Fingerprints of cards and bank accounts: whoever pays must not be whoever is paid (E16)."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select, update

from marketwright.features.payments import events
from marketwright.features.payments.booking import tell
from marketwright.features.payments.tables import Hold, PaymentMark
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert


def paid_by(uow: UnitOfWork, hold: Hold, marks: Sequence[str]) -> None:
    """Keep what the client paid ``hold`` with; when its freelancer is paid on the same, freeze it for staff to see."""
    keep(uow, hold.provider, "payer", hold.organisation_id, marks)
    if not hold.frozen and same_account(uow, hold.organisation_id, hold.freelancer_id):
        uow.session.execute(update(Hold).where(Hold.id == hold.id).values(frozen=True, version=Hold.version + 1))
        uow.session.refresh(hold)
        tell(uow, hold, events.SAME_ACCOUNT)


def keep(uow: UnitOfWork, provider: str, side: str, owner: str, marks: Sequence[str]) -> None:
    """Keep the fingerprints of ``owner`` on ``side`` (``payer`` or ``payee``), hashed."""
    for mark in marks[:10]:
        digest = sha256(f"{provider}:{mark}".encode()).hexdigest()
        uow.session.execute(
            upsert(uow.session, PaymentMark)
            .values(mark=digest, side=side, owner=owner, at=uow.machine_now)
            .on_conflict_do_nothing()
        )


def same_account(uow: UnitOfWork, organisation: str, freelancer: str) -> bool:
    """Whether a client has paid with what a freelancer is paid on."""
    payer, payee = PaymentMark.__table__.alias("payer"), PaymentMark.__table__.alias("payee")
    return uow.session.scalar(
        select(payer.c.mark)
        .join(payee, payee.c.mark == payer.c.mark)
        .where(payer.c.side == "payer", payer.c.owner == organisation, payee.c.side == "payee",
               payee.c.owner == freelancer)
        .limit(1)
    ) is not None  # fmt: skip
