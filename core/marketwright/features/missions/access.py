"""Who may read a mission's confidential files."""

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.files.queries import FileRow
from marketwright.features.missions import queries
from marketwright.features.missions.ports import Confidentiality
from marketwright.kernel.ports import Ports


class ConfidentialAccess:
    """The client's members, and freelancers who signed the agreement of that mission."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    def __call__(self, session: Session, viewer_account: str, file: FileRow) -> bool:
        """Whether ``viewer_account`` may read the confidential file ``file``."""
        found = queries.mission(session, file.owner_id)
        if found is None or not viewer_account:
            return False
        member = accounts.member(session, found.organisation_id, viewer_account)
        if member is not None and not member.document:
            return True
        return self.ports.get(Confidentiality).signed(session, found.id, viewer_account)
