"""A correction of money that two people decided on, for tests of what follows from one."""

from sqlalchemy import insert, update

from marketwright.features.corrections.tables import Correction
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork


def decided(uow: UnitOfWork, *, hold: str, amount: Money) -> str:
    """The cause of a refund after release of ``hold``: asked for by Anna, confirmed by Ben."""
    made = new_id()
    uow.session.execute(
        insert(Correction).values(
            id=made, kind="refund", body={"hold": hold, "contract": ""}, amount=amount.amount,
            currency=amount.currency, reason="Half of it was never done.", asked_by="person:anna", asked_at=uow.now,
            state="asked", alone=False,
        )
    )  # fmt: skip
    uow.session.execute(
        update(Correction)
        .where(Correction.id == made)
        .values(state="done", decided_by="person:ben", decided_at=uow.now)
    )
    return f"decision:{made}"
