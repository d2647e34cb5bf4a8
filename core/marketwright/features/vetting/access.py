"""Who may open what was handed in by its own address: the freelancer, or owners and buyers of the client.

Staff, outside assessors and plugins each have a way of their own, which lands in the audit log (S58).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Membership
from marketwright.features.files.queries import FileRow
from marketwright.features.vetting import queries


def may_read_evidence(session: Session, viewer_account: str, file: FileRow) -> bool:
    """The freelancer whom it is about; of a client its owners and buyers today, whoever of them handed it in."""
    run = queries.run(session, file.owner_id) if viewer_account else None
    if run is None:
        return False
    if run.kind == "freelancer":
        return run.owner == viewer_account
    if run.kind != "client":
        return False
    held = session.scalar(
        select(Membership.roles).where(
            Membership.organisation_id == run.owner, Membership.account_id == viewer_account, Membership.document == ""
        )
    )
    return bool({"owner", "buyer"} & set(held or ()))
