"""Who may read the files of a mission."""

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.facets.forms import field_of_file, of
from marketwright.features.files.queries import FileRow
from marketwright.features.missions import queries
from marketwright.features.missions.ports import Confidentiality, Talks
from marketwright.features.missions.queries import MissionRow
from marketwright.hooks.manager import Plugins
from marketwright.kernel.ports import Ports
from marketwright.settings.marketplace import Marketplace


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


class FieldFileAccess:
    """Files of the niche's own fields: whoever may see the mission; private ones as its confidential parts."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.confidential = ConfidentialAccess(ports)

    def __call__(self, session: Session, viewer_account: str, file: FileRow) -> bool:
        """Whether ``viewer_account`` may read ``file``; nobody may when no field holds it any more."""
        found = queries.mission(session, file.owner_id)
        if found is None:
            return False
        field = field_of_file(of(self.ports.get(Plugins), file.owner_kind), found.fields, file.id)
        if field is None:
            return False
        if field.private:
            return self.confidential(session, viewer_account, file)
        return self._sees(session, found, viewer_account)

    def _sees(self, session: Session, mission: MissionRow, account: str) -> bool:
        member = accounts.member(session, mission.organisation_id, account) if account else None
        if (member is not None and not member.document) or (account and _reads(session, account)):
            return True
        if mission.published_at is None or mission.state in ("draft", "waiting"):
            return False
        if not account:
            return mission.visibility == "public" and self.ports.get(Marketplace).access.public_missions
        if mission.visibility != "invited":
            return True
        talks = self.ports.get(Talks).has(session, mission.id, account)
        return talks or queries.is_invited(session, mission.id, account)


def _reads(session: Session, account: str) -> bool:
    roles = next((s.roles for s in accounts.staff(session) if s.account == account), ())
    return "missions.read" in permissions_of(frozenset(roles))
