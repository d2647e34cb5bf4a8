"""Who may open the files of contracts: deliveries, and what was handed in for a condition."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.tables import Staff
from marketwright.features.contracts.standing import side_of
from marketwright.features.contracts.tables import Contract, Delivery, Milestone
from marketwright.features.files.queries import FileRow


def may_read_contract_file(session: Session, viewer_account: str, file: FileRow) -> bool:
    """Both sides of the contract that the file belongs to, and staff who read contracts."""
    if not viewer_account:
        return False
    roles = session.scalar(select(Staff.roles).where(Staff.account_id == viewer_account))
    if "contracts.read" in permissions_of(frozenset(roles or ())):
        return True
    contract_id = file.owner_id if file.owner_kind == "contract" else session.scalar(
        select(Milestone.contract_id)
        .join(Delivery, Delivery.milestone_id == Milestone.id)
        .where(Delivery.id == file.owner_id)
    )
    contract = session.get(Contract, contract_id) if contract_id else None
    return contract is not None and bool(side_of(session, contract, viewer_account))
