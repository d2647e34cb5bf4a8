"""Forgetting what a person wanted to hear of."""

from sqlalchemy import delete, select

from marketwright.features.alerts.tables import Alert, AlertMatch
from marketwright.store.unit import UnitOfWork


def forget(uow: UnitOfWork, *, account: str) -> None:
    """Delete every alert of ``account``."""
    mine = select(Alert.id).where(Alert.account_id == account)
    uow.session.execute(delete(AlertMatch).where(AlertMatch.alert_id.in_(mine)))
    uow.session.execute(delete(Alert).where(Alert.account_id == account))
