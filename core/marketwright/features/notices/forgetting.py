"""Forgetting what a person reported in their own words, and what was kept of their content when others did."""

from sqlalchemy import or_, update

from marketwright.features.accounts.forgetting import NOWHERE
from marketwright.features.notices.tables import ContentNotice
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str, address: str, instead: str) -> None:
    """Put ``instead`` in place of the words of ``account``, and of what came from ``address`` before it had one.

    Decisions and their reasons stay: they are the staff's.
    """
    n, run = ContentNotice, uow.session.execute
    run(update(n).where(or_(n.account_id == account, n.email == address)).values(name="", explanation=instead))
    run(update(n).where(n.email == address).values(email=n.id + f"@{NOWHERE}"))
    run(update(n).where(n.about == account, n.seen != "").values(seen=instead))
