"""Which customer and which connected account at Stripe stand for whom. Stripe's ids only, no personal data."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.plugin import Desk, core_ref, plugin_base

if TYPE_CHECKING:  # a checker of types takes no base that a function made
    from sqlalchemy.orm import DeclarativeBase

    Base = DeclarativeBase
else:
    Base = plugin_base("stripe")


class ConnectedAccount(Base):
    """A freelancer's account at Stripe; ``live`` keeps accounts of the two modes apart."""

    __tablename__ = "x_stripe_accounts"
    __table_args__ = (UniqueConstraint("payee", "live"),)

    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    payee: Mapped[str] = core_ref("account")
    live: Mapped[bool] = mapped_column(Boolean)


class Customer(Base):
    """A client's customer at Stripe."""

    __tablename__ = "x_stripe_customers"
    __table_args__ = (UniqueConstraint("payer", "live"),)

    customer: Mapped[str] = mapped_column(String(80), primary_key=True)
    payer: Mapped[str] = core_ref("organisation")
    live: Mapped[bool] = mapped_column(Boolean)


class Lying(Base):
    """Money on a customer's cash balance that was told of as nobody's: when it is used, that is told as well."""

    __tablename__ = "x_stripe_lying"

    reference: Mapped[str] = mapped_column(String(200), primary_key=True)
    customer: Mapped[str] = mapped_column(String(80), index=True)


def account_of(desk: Desk, payee: str, *, live: bool) -> str:
    """The connected account of a freelancer, '' where there is none."""
    with desk.tables.reading() as session:
        wanted = select(ConnectedAccount.account)
        return session.scalar(wanted.where(ConnectedAccount.payee == payee, ConnectedAccount.live == live)) or ""


def accounts(desk: Desk, *, live: bool) -> list[str]:
    """Every connected account."""
    with desk.tables.reading() as session:
        wanted = select(ConnectedAccount.account).where(ConnectedAccount.live == live)
        return list(session.scalars(wanted.order_by(ConnectedAccount.account)))


def customer_of(desk: Desk, payer: str, *, live: bool) -> str:
    """The customer of a client, '' where there is none."""
    with desk.tables.reading() as session:
        wanted = select(Customer.customer).where(Customer.payer == payer, Customer.live == live)
        return session.scalar(wanted) or ""


def customers(desk: Desk, *, live: bool) -> list[str]:
    """Every customer."""
    with desk.tables.reading() as session:
        wanted = select(Customer.customer).where(Customer.live == live)
        return list(session.scalars(wanted.order_by(Customer.customer)))


def payer_of(desk: Desk, customer: str) -> str:
    """The client for whom a customer stands, '' for one that is not ours."""
    with desk.tables.reading() as session:
        return session.scalar(select(Customer.payer).where(Customer.customer == customer)) or ""


def remember_account(desk: Desk, payee: str, account: str, *, live: bool) -> str:
    """Keep the account of ``payee``; returns the one that counts, should another process have been first."""
    _add(desk, ConnectedAccount(account=account, payee=payee, live=live))
    return account_of(desk, payee, live=live)


def remember_customer(desk: Desk, payer: str, customer: str, *, live: bool) -> str:
    """Keep the customer of ``payer``; returns the one that counts."""
    _add(desk, Customer(customer=customer, payer=payer, live=live))
    return customer_of(desk, payer, live=live)


def lying_of(desk: Desk, customer: str) -> set[str]:
    """The references under which money of ``customer`` was told of as nobody's."""
    with desk.tables.reading() as session:
        return set(session.scalars(select(Lying.reference).where(Lying.customer == customer)))


def remember_lying(desk: Desk, customer: str, references: Iterable[str]) -> None:
    """Keep that ``references`` are told of as nobody's."""
    for reference in references:
        _add(desk, Lying(reference=reference, customer=customer))


def _add(desk: Desk, row: Any) -> None:
    with desk.tables.unit() as unit:
        unit.add(row)
        try:
            unit.commit()
        except IntegrityError:
            unit.rollback()


def export(person: str, desk: Desk) -> Mapping[str, Any]:
    """What is kept of a person: the ids of their accounts at Stripe."""
    with desk.tables.reading() as session:
        found = session.scalars(select(ConnectedAccount.account).where(ConnectedAccount.payee == person)).all()
    return {"stripe_accounts": list(found)} if found else {}


def erase(person: str, desk: Desk) -> None:
    """Forget which account at Stripe was theirs; Stripe itself keeps what the law has it keep."""
    with desk.tables.unit() as unit:
        unit.execute(delete(ConnectedAccount).where(ConnectedAccount.payee == person))
        unit.commit()
