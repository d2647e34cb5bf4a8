"""The facts a provider has reported, kept once each (J2); some wait for another that they build on (J3)."""

from collections.abc import Sequence

from sqlalchemy import select, update

from marketwright.features.payments.tables import PaymentFact
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.payments import Answer, Fact, FactKind, Outcome


def note(uow: UnitOfWork, provider: str, fact: Fact, *, way: str, effect: bool, waits: bool = False) -> str:
    """Keep ``fact`` unless it is known, and return the id of its row.

    Who is told of it at the same moment waits here, and finds it known.
    """
    same = select(PaymentFact.id).where(PaymentFact.provider == provider, PaymentFact.fact_id == fact.id[:200])
    known = uow.session.scalar(same)
    if known is not None:
        return known
    answer = fact.answer
    row = uow.session.execute(
        upsert(uow.session, PaymentFact).values(
            id=new_id(), provider=provider, fact_id=fact.id[:200], kind=fact.kind, command_id=fact.key[:80], way=way,
            outcome=answer.outcome, amount=answer.amount, fee=answer.fee, currency=fact.currency[:3],
            payer=fact.payer[:16], reference=answer.reference[:200], reason=str(answer.reason)[:500], due=fact.due,
            had_effect=effect, waits=waits, at=uow.machine_now,
        ).on_conflict_do_nothing().returning(PaymentFact.id)
    ).scalar()  # fmt: skip
    return row if row is not None else uow.session.scalars(same).one()


def known(uow: UnitOfWork, provider: str, fact: str) -> PaymentFact | None:
    """The row of a fact by the provider's id of it."""
    return uow.session.scalar(
        select(PaymentFact).where(PaymentFact.provider == provider, PaymentFact.fact_id == fact[:200])
    )


def waiting(uow: UnitOfWork, provider: str, *, key: str, reference: str) -> Sequence[PaymentFact]:
    """Facts that wait, about the command ``key`` or about the same thing at the provider; in the order of their ids."""
    f = PaymentFact
    about = (f.command_id == key) & (f.command_id != "") | (f.reference == reference) & (f.reference != "")
    return uow.session.scalars(
        select(f).where(f.provider == provider, f.waits.is_(True), about).order_by(f.fact_id)
    ).all()


def settle(uow: UnitOfWork, row: str, *, effect: bool) -> None:
    """Let the fact ``row`` wait no longer."""
    uow.session.execute(update(PaymentFact).where(PaymentFact.id == row).values(waits=False, had_effect=effect))


def as_fact(row: PaymentFact) -> Fact:
    """The fact that ``row`` keeps."""
    answer = Answer(Outcome(row.outcome), row.reference, reason=row.reason, amount=row.amount, fee=row.fee)
    return Fact(row.fact_id, row.command_id, answer, row.at, FactKind(row.kind), row.currency, row.payer, due=row.due)
