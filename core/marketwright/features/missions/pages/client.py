"""The page of a client: who they are, how they deal with people, what they look for."""

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.sectors import sector_name
from marketwright.features.messaging.queries import knows_client
from marketwright.features.missions import queries
from marketwright.features.missions.cards import MissionView, people, view
from marketwright.features.missions.pages.base import pages
from marketwright.features.missions.pages.show import figure_lines
from marketwright.features.missions.ports import ClientFigures, ClientReview, ClientReviews
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Marketplace
from marketwright.web.formats import show_date
from marketwright.web.house import house, reading, viewer
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.names import country_name
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render

_WHO = PUBLIC.objects("clients who gave their name on a mission that the viewer may see, or had a contract with them; "
                      "others only their members and staff")  # fmt: skip
REVIEWS = 20


@dataclass(frozen=True, slots=True)
class ClientContext:
    """The page of a client."""

    id: str
    name: str
    facts: list[tuple[str, str]]
    line: str
    about: str
    figures: list[tuple[str, str]]
    missions: list[MissionView]
    reviews: list[ClientReview]
    mine: bool
    edit_url: str


@pages.get("/clients/<client>", _WHO)
def client(client: str) -> BaseResponse:
    """Sector, size, figures, open missions, reviews."""
    session, looker = reading(), viewer()
    found = accounts.organisation(session, client)
    mine = looker is not None and any(o.id == client for o in looker.organisations)
    if found is None or not (mine or knows_client(session, client, looker)):
        raise NotFound("There is no such {client}.")
    public = looker is not None or house().ports.get(Marketplace).access.public_missions
    ids = queries.named_in_public(session, client) if public else []
    locale = current_locale()
    size, sector = people(found.size), sector_name(found.sector, locale)
    where = ", ".join(p for p in (found.city, country_name(found.country) if found.country else "") if p)
    facts = [(gettext("Sector"), sector), (gettext("Size"), size), (gettext("Place"), where),
             (gettext("Here since"), show_date(found.created_at, "MMMM y"))]  # fmt: skip
    context = ClientContext(
        id=client, name=found.name, facts=[f for f in facts if f[1]],
        line=" · ".join(p for p in (sector, size, where) if p), about=found.about,
        figures=figure_lines(house().ports.get(ClientFigures).of(session, client), client),
        missions=[view(c) for c in queries.mission_cards(session, ids[:30], locale)],
        reviews=list(house().ports.get(ClientReviews).about(session, client, locale, REVIEWS)), mine=mine,
        edit_url=url_for("accounts.edit_organisation", organisation=client) if mine else "",
    )  # fmt: skip
    return render("missions/client.html", context)
