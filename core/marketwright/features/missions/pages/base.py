"""What the pages of missions share."""

from flask import current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.missions import queries
from marketwright.features.missions.pending import KEPT, pending_brief
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.sight import RUNS, may_see, runs
from marketwright.kernel.errors import NotAllowed, NotFound
from marketwright.store.ring import Ring
from marketwright.web.house import house, reading, the_viewer, viewer
from marketwright.web.routing import Pages
from marketwright.web.viewer import Membership

pages = Pages("missions")


def seen_mission(mission: str) -> MissionRow:
    """The mission, where the viewer may see it; ``NotFound`` otherwise."""
    found = queries.mission(reading(), mission)
    if found is None or not may_see(reading(), house().ports, found, viewer()):
        raise NotFound("There is no such {mission}.")
    return found


def my_mission(mission: str) -> MissionRow:
    """The mission, where the viewer runs it; ``NotFound`` to strangers, ``NotAllowed`` to other members."""
    found = queries.mission(reading(), mission)
    mine = [o.id for o in the_viewer().organisations]
    if found is None or found.organisation_id not in mine:
        raise NotFound("There is no such {mission}.")
    if not runs(found, the_viewer()):
        raise NotAllowed("Only owners and buyers of the {organisation} run {mission.other}.")
    return found


def running_for() -> list[Membership]:
    """The organisations for which the viewer may run missions."""
    found = viewer()
    return [o for o in found.organisations if o.roles & RUNS] if found else []


def there(path: str) -> bool:
    """Whether some room answers at ``path`` on this site."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except MethodNotAllowed:
        return True
    except HTTPException:
        return False
    return True


def _cookie() -> str:
    return f"{house().marketplace.slug}-brief"


def brief_token() -> str:
    """The token of the brief that this browser left here; '' where there is none."""
    return request.cookies.get(_cookie(), "")[:100]


def has_pending() -> bool:
    """Whether this browser left a brief."""
    return pending_brief(reading(), house().ports.get(Ring), brief_token()) is not None


def remember_brief(response: BaseResponse, token: str) -> BaseResponse:
    """Let this browser find its brief again."""
    secure = house().marketplace.base_url.startswith("https://")
    response.set_cookie(
        _cookie(), token, max_age=int(KEPT.total_seconds()), httponly=True, secure=secure, samesite="Lax"
    )
    return response


def forget_brief(response: BaseResponse) -> BaseResponse:
    """The brief has become a mission, or was thrown away."""
    response.delete_cookie(_cookie(), httponly=True, samesite="Lax")
    return response
