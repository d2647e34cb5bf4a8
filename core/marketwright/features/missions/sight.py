"""Who may see a mission, its confidential part, and who runs it."""

from sqlalchemy.orm import Session

from marketwright.features.missions import queries
from marketwright.features.missions.ports import Confidentiality, Talks
from marketwright.features.missions.queries import MissionRow
from marketwright.kernel.ports import Ports
from marketwright.settings.marketplace import Marketplace
from marketwright.web.viewer import Viewer

RUNS = frozenset(("owner", "buyer"))


def belongs(mission: MissionRow, viewer: Viewer | None) -> bool:
    """Whether ``viewer`` is a member of the client."""
    return viewer is not None and any(o.id == mission.organisation_id for o in viewer.organisations)


def runs(mission: MissionRow, viewer: Viewer | None) -> bool:
    """Whether ``viewer`` may edit the mission, publish it, end it and invite people."""
    if viewer is None:
        return False
    return any(o.id == mission.organisation_id and o.roles & RUNS for o in viewer.organisations)


def may_see(session: Session, ports: Ports, mission: MissionRow, viewer: Viewer | None) -> bool:
    """Whether ``viewer`` may know of the mission at all; what may not be seen is answered with 404."""
    if belongs(mission, viewer) or (viewer is not None and viewer.may("missions.read")):
        return True
    if mission.state in ("draft", "waiting"):
        return False
    if mission.published_at is None and mission.visibility != "invited":  # an order is seen by its two sides alone
        return False
    if mission.visibility == "public" and (viewer is not None or ports.get(Marketplace).access.public_missions):
        return True
    if viewer is None:
        return False
    if mission.visibility != "invited":
        return True
    return queries.is_invited(session, mission.id, viewer.account) or ports.get(Talks).has(
        session, mission.id, viewer.account
    )


def may_see_confidential(session: Session, ports: Ports, mission: MissionRow, viewer: Viewer | None) -> bool:
    """Whether the confidential part is open to ``viewer``: the client's members, and who signed the agreement."""
    if viewer is None:
        return False
    return belongs(mission, viewer) or ports.get(Confidentiality).signed(session, mission.id, viewer.account)
