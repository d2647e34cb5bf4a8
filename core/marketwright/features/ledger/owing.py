"""Whoever settles what somebody owes waits for the others who do: the same debt is never settled twice (G1)."""

from sqlalchemy import text

from marketwright.store.unit import UnitOfWork


def one_at_a_time(uow: UnitOfWork, who: str) -> None:
    """Let no other unit of work settle debts, send payouts or change the destination of ``who`` meanwhile.

    ``who`` is a freelancer (account) or a client (organisation). Two releases must not both settle the same debt, nor a
    payout one that is noted as paid to our bank; nor may it leave after another bank account was given (E13). What is
    owed is read after this. SQLite writes one at a time anyway.
    """
    if uow.session.get_bind().dialect.name == "postgresql":
        uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"owes:{who}"})
