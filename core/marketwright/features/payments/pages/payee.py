"""Getting paid: what the payment provider asks of a freelancer before it may pay them, in our words."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.payments import payees, queries
from marketwright.features.payments.pages.base import pages
from marketwright.features.payments.ports import onboards
from marketwright.features.payments.queries import PayeeRow
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import db, house, reading, the_viewer
from marketwright.web.i18n import _, current_locale
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class GettingPaidPage:
    """``payee`` says how things stand; ``None`` where the provider asks for nothing. ``holder`` is who pays."""

    payee: PayeeRow | None
    holder: str


def _provider() -> str:
    """The provider that must know whom it pays, or ''."""
    chosen = house().marketplace.deal.provider
    return chosen if chosen and onboards(house().ports, chosen) else ""


@pages.get("/account/getting-paid", FREELANCER)
def getting_paid() -> BaseResponse:
    """What is missing before one can be paid, and the way to give it."""
    provider = _provider()
    if not provider:
        return render("payments/getting_paid.html", GettingPaidPage(None, ""))
    row = queries.payee(reading(), provider, the_viewer().account)
    holder = queries.who_holds(house().plugins, provider)
    origins = queries.page_origins(house().plugins, provider)
    return render("payments/getting_paid.html", GettingPaidPage(row, holder), form_action=origins)


@pages.post("/account/getting-paid", FREELANCER)
def getting_paid_go() -> BaseResponse:
    """Go to the provider's page."""
    provider = _provider()
    if not provider:
        raise NotFound("The payment provider asks nothing of you.")
    account = the_viewer().account
    identity = accounts.identity(reading(), "freelancer", account)
    country = identity.country if identity is not None else house().marketplace.country
    back = house().marketplace.base_url + url_for("payments.getting_paid_back")
    language = current_locale()
    db.session.remove()
    page = payees.ask(house(), provider, account, return_to=back, country=country, language=language)
    if page:
        return redirect(page, 303)
    tell(_("The payment provider gives no page right now. The list below shows what it said."), "info")
    return redirect(url_for("payments.getting_paid"), 303)


@pages.get("/account/getting-paid/return", FREELANCER)
def getting_paid_back() -> BaseResponse:
    """Where the provider's page sends them: look at once how they stand."""
    provider, account = _provider(), the_viewer().account
    db.session.remove()
    if provider:
        payees.look(house(), provider, account)
    return redirect(url_for("payments.getting_paid"), 303)
