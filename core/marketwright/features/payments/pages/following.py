"""The payer's waiting page, and the way back from a provider's page."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.payments import queries
from marketwright.features.payments.pages.base import pages
from marketwright.features.payments.queries import CommandRow
from marketwright.features.payments.running import give_up, may_be_left, run_waited_for
from marketwright.features.payments.tables import CommandState
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.strategies.payments import CommandKind
from marketwright.web.house import db, house, reading, the_viewer
from marketwright.web.i18n import _
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell

_PAYERS = SIGNED_IN.objects("members of the organisation that pays")
REFRESH_SECONDS = 4


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """What the waiting page shows: ``state`` is ``page``, ``waiting``, ``done``, ``refused`` or ``over``."""

    command: str
    state: str
    describe: str
    amount: Money
    holder: str
    reason: str
    page: str
    contract_url: str
    check_url: str
    give_up_url: str


def _mine(command: str) -> CommandRow:
    row = queries.command(reading(), command)
    if row is None or row.kind is not CommandKind.FUND:
        raise NotFound("There is no such payment.")
    if row.organisation not in {o.id for o in the_viewer().organisations}:
        raise NotFound("There is no such payment.")
    return row


@pages.get("/payments/<command>", _PAYERS)
def show(command: str) -> BaseResponse:
    """Follow one payment; the page comes back by itself while something is under way."""
    row = _mine(command)
    held = queries.hold(reading(), row.hold)
    plugins = house().plugins
    page = PaymentPage(
        command=command, state=_state(row), describe=held.describe if held else "", amount=row.amount,
        holder=queries.who_holds(plugins, row.provider), reason=row.reason, page=row.page,
        contract_url=f"/contracts/{row.contract}", check_url=url_for("payments.come_back", command=command),
        give_up_url=url_for("payments.pay_later", command=command),
    )  # fmt: skip
    response = render("payments/show.html", page)
    if page.state == "waiting" and not page.page:  # what a bank transfer takes is days
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _state(row: CommandRow) -> str:
    if row.state is CommandState.CONFIRMED:
        return "over" if row.given_up else "done"
    if row.state is CommandState.FAILED:
        return "over" if row.given_up else "refused"
    if row.given_up:
        return "over"
    return "page" if row.state is CommandState.PAGE else "waiting"


@pages.get("/payments/return/<command>", _PAYERS)
def come_back(command: str) -> BaseResponse:
    """Where the provider's page sends the payer: look at once how it stands, then show it."""
    row = _mine(command)
    if not row.settled:
        db.session.remove()
        run_waited_for(house(), command)
        row = _mine(command)
    if row.state is CommandState.CONFIRMED and not row.given_up:
        tell(_("Paid. The money is held until you approve the work."))
        return redirect(f"/contracts/{row.contract}", 303)
    return redirect(url_for("payments.show", command=command), 303)


@pages.post("/payments/<command>/later", _PAYERS)
def pay_later(command: str) -> BaseResponse:
    """Leave the provider's page for good; the milestone can be funded again."""
    row = _mine(command)
    db.session.remove()
    if may_be_left(row.state, row.page) and not row.given_up and give_up(house(), command):
        tell(_("Nothing was paid. You can pay later from the {contract}."), "info")
        return redirect(f"/contracts/{row.contract}", 303)
    return redirect(url_for("payments.show", command=command), 303)
