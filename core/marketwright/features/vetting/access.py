"""Who may open what was handed in: whoever did (the files room sees to it), and the vetting staff."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.tables import Membership, Staff
from marketwright.features.files.queries import FileRow
from marketwright.features.vetting import queries


def may_read_evidence(session: Session, viewer_account: str, file: FileRow) -> bool:
    """Staff with ``vetting.read``, and owners and buyers of the client that handed it in."""
    if not viewer_account:
        return False
    roles = session.scalar(select(Staff.roles).where(Staff.account_id == viewer_account))
    if "vetting.read" in permissions_of(frozenset(roles or ())):
        return True
    run = queries.run(session, file.owner_id)
    if run is None or run.kind != "client":
        return False
    held = session.scalar(
        select(Membership.roles).where(
            Membership.organisation_id == run.owner, Membership.account_id == viewer_account, Membership.document == ""
        )
    )
    return bool({"owner", "buyer"} & set(held or ()))
