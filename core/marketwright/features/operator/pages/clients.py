"""Clients: who belongs to them, who they legally are, how their checks stand."""

from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.sectors import sector_name
from marketwright.features.operator import queries
from marketwright.features.operator.pages.base import Pager, argument, page_number, pager, pages, reason_form, show
from marketwright.features.operator.pages.people import Vetted, admit, vetted
from marketwright.features.operator.queries import ClientRow, ContractLine, MissionLine
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer
from marketwright.web.i18n import current_locale
from marketwright.web.names import country_name
from marketwright.web.policy import staff


@dataclass(frozen=True, slots=True)
class ClientsContext:
    """Clients that match a search."""

    clients: list[ClientRow]
    total: int
    pager: Pager
    search: str


@dataclass(frozen=True, slots=True)
class ClientContext:
    """One client; parts are empty where the viewer's roles do not reach."""

    client: accounts.OrganisationRow
    line: str
    members: list[accounts.MemberRow]
    identity: accounts.IdentityRow | None
    vetted: Vetted | None
    missions: list[MissionLine]
    contracts: list[ContractLine]
    admitting: Form


@pages.get("/clients", staff("people.read"))
def clients() -> BaseResponse:
    """Every client, by search."""
    search, page = argument("search"), page_number()
    found = queries.clients(reading(), search=search, page=page)
    rows = [replace(row, sector=sector_name(row.sector, current_locale())) for row in found.rows]
    return show("clients.html", ClientsContext(rows, found.total, pager(found.total, page), search))


@pages.get("/clients/<client>", staff("people.read").objects("staff sees every client; none there is 404"))
def clients_one(client: str) -> BaseResponse:
    """One client."""
    return _client(client, reason_form())


def _client(client: str, form: Form, status: int = 200) -> BaseResponse:
    session, me = reading(), the_viewer()
    row = accounts.organisation(session, client)
    if row is None:
        raise NotFound("There is no such {organisation}.")
    parts = (sector_name(row.sector, current_locale()), row.city, country_name(row.country) if row.country else "")
    context = ClientContext(
        client=row, line=", ".join(p for p in parts if p), members=accounts.members(session, client),
        identity=accounts.identity(session, "organisation", client),
        vetted=vetted("client", client) if me.may("vetting.read") else None,
        missions=list(queries.missions(session, organisation=client).rows) if me.may("missions.read") else [],
        contracts=list(queries.contracts(session, owner=client).rows) if me.may("contracts.read") else [],
        admitting=form,
    )  # fmt: skip
    return show("client.html", context, status=status)


@pages.post("/clients/<client>/admit", staff("vetting.decide").objects("not their own organisation"))
def clients_admit(client: str) -> BaseResponse:
    """Let a client in, or refuse it, without having been asked."""
    form = reason_form()
    if accounts.organisation(reading(), client) is None:
        raise NotFound("There is no such {organisation}.")
    if not form.accept(request.form) or not admit(form, "client", client):
        return _client(client, form, 422)
    return redirect(url_for("operator.clients_one", client=client), 303)
