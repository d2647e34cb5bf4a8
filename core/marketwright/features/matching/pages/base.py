"""What the pages of matching share: whose mission it is, its tabs, the index, and keeping what they show."""

import logging

from flask import url_for
from sqlalchemy.exc import SQLAlchemyError

from marketwright.features.matching import queries, service
from marketwright.features.matching.index import Index
from marketwright.features.matching.keeping import Kept
from marketwright.features.matching.renewing import Indexes
from marketwright.features.missions.queries import MissionRow, mission
from marketwright.kernel.errors import NotFound, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import gettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.routing import Pages

log = logging.getLogger("marketwright.matching")
pages = Pages("matching")
MEMBERS = SIGNED_IN.objects("members of the mission's organisation and staff; others get 404")
Tab = tuple[str, str, bool, int | None]


@dataclass(frozen=True, slots=True)
class MissionHead:
    """The mission above its lists: where it stands, and what the viewer may do."""

    id: str
    title: str
    url: str
    state: str
    runs: bool
    member: bool
    places: bool


def index() -> Index:
    """The index of now."""
    return house().ports.get(Indexes).current(reading())


def own_mission(id: str) -> tuple[MissionRow, MissionHead]:  # noqa: A002  the word of the domain
    """The mission, where the viewer is a member of its organisation or staff; ``NotFound`` for anybody else."""
    found, me = mission(reading(), id), the_viewer()
    if found is None:
        raise NotFound("There is no such {mission}.")
    roles = next((o.roles for o in me.organisations if o.id == found.organisation_id), frozenset[str]())
    if not roles and not me.may("missions.read"):
        raise NotFound("There is no such {mission}.")
    head = MissionHead(
        id=found.id, title=found.title or gettext("Without a title yet"), url=f"/missions/{found.id}",
        state=found.state, runs=bool(roles & {"owner", "buyer"}), member=bool(roles), places=me.may("matches.place"),
    )  # fmt: skip
    return found, head


def tabs(head: MissionHead, current: str, matches: int | None = None) -> list[Tab]:
    """The pages of one mission as tabs."""
    kept = queries.shortlist_size(reading(), head.id)
    found: list[Tab] = [
        (gettext("Brief"), head.url, False, None),
        (gettext("Matches"), url_for("matching.matches", mission=head.id), current == "matches", matches),
        (gettext("Shortlist"), url_for("matching.shortlist", mission=head.id), current == "shortlist", kept),
    ]
    return found


def keep(kept: Kept | None) -> None:
    """Keep the ranking that this page shows. A database that cannot be written now does not take the page away."""
    if kept is None or not kept.criteria:
        return
    try:
        with unit() as uow:
            service.keep_ranking(uow, kept=kept, days=house().marketplace.ranking.keep_days)
            uow.commit()
    except (SQLAlchemyError, Unavailable):
        log.exception("the ranking of %s that was shown could not be kept", kept.subject)
