"""Who may see a profile."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Membership
from marketwright.features.facets.forms import field_of_file, of
from marketwright.features.files.queries import FileRow
from marketwright.features.profiles import queries
from marketwright.features.profiles.ports import Acquaintance
from marketwright.features.profiles.queries import ProfileRow
from marketwright.hooks.manager import Plugins
from marketwright.kernel.ports import Ports
from marketwright.settings.marketplace import Marketplace
from marketwright.web.viewer import Viewer


def may_see(session: Session, ports: Ports, profile: ProfileRow, viewer: Viewer | None) -> bool:
    """Whether ``viewer`` may see ``profile``; what may not be seen is answered with 404."""
    if viewer is not None and (viewer.account == profile.id or viewer.may("people.read")):
        return True
    if profile.suspended:
        return False
    if profile.listed:
        return viewer is not None or ports.get(Marketplace).access.public_freelancers
    own = [o.id for o in viewer.organisations] if viewer else []
    return bool(own) and ports.get(Acquaintance).knows(session, own, profile.id)


class PhotoAccess:
    """Who may read a photo: whoever may see the profile that it stands on."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    def __call__(self, session: Session, viewer_account: str, file: FileRow) -> bool:
        """Whether ``viewer_account`` may read the photo ``file``."""
        found = queries.profile(session, file.owner_id)
        if found is None or found.photo_file != file.id:
            return False
        return _sees(session, self.ports, found, viewer_account)


class FieldFileAccess:
    """Files of the niche's own fields: whoever may see the profile; a private one is for its owner alone."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    def __call__(self, session: Session, viewer_account: str, file: FileRow) -> bool:
        """Whether ``viewer_account`` may read ``file``; nobody may when no field holds it any more."""
        found = queries.profile(session, file.owner_id)
        if found is None:
            return False
        field = field_of_file(of(self.ports.get(Plugins), file.owner_kind), found.fields, file.id)
        if field is None:
            return False
        return viewer_account == found.id if field.private else _sees(session, self.ports, found, viewer_account)


def _sees(session: Session, ports: Ports, found: ProfileRow, account: str) -> bool:
    if found.listed and not found.suspended:
        return bool(account) or ports.get(Marketplace).access.public_freelancers
    if not account:
        return False
    if account == found.id or any(s.account == account for s in accounts.staff(session)):
        return True
    mine = select(Membership.organisation_id).where(Membership.account_id == account, Membership.document == "")
    own = list(session.scalars(mine))
    return bool(own) and ports.get(Acquaintance).knows(session, own, found.id)
