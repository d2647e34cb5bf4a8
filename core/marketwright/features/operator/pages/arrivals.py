"""Money that came by bank transfer and is nobody's: what it is, and sending it back."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator import queries as lists
from marketwright.features.operator.pages.base import pages, reason_form, show
from marketwright.features.payments import incoming
from marketwright.features.payments import service as payments
from marketwright.features.payments.incoming import ArrivalRow
from marketwright.features.payments.queries import CommandRow
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.forms import Form
from marketwright.web.house import actor, reading, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell


@dataclass(frozen=True, slots=True)
class ArrivalContext:
    """One arrival with what was sent back of it; ``client`` is who is known to have sent it, or ''."""

    arrival: ArrivalRow
    client: str
    returns: list[CommandRow]
    form: Form


@pages.get("/arrivals/<arrival>", staff("ledger.read").objects("staff sees every arrival; none there is 404"))
def arrivals_one(arrival: str) -> BaseResponse:
    """One transfer that came in, and what is left of it."""
    return _arrival(arrival, reason_form())


def _arrival(arrival: str, form: Form, status: int = 200) -> BaseResponse:
    found = incoming.arrival(reading(), arrival)
    if found is None:
        raise NotFound("There is no such payment.")
    client = lists.whose(reading(), [f"client:{found.organisation}"]).get(f"client:{found.organisation}", "")
    returns = incoming.returns(reading(), found)
    return show("arrival.html", ArrivalContext(found, client, returns, form), status=status)


@pages.post("/arrivals/<arrival>/give-back", staff("payments.decide").objects("arrivals of which something is open"))
def arrivals_give_back(arrival: str) -> BaseResponse:
    """Send what is open of it back to its sender, with a reason."""
    form = reason_form()
    if not form.accept(request.form):
        return _arrival(arrival, form, 422)
    with unit() as uow:
        command = payments.give_back(uow, arrival=arrival, by=actor().label)
        uow.audit("payment.giving_back", arrival, command=command, reason=form.value["reason"])
        uow.commit()
    tell(_("It goes back to its sender."))
    return redirect(url_for("operator.arrivals_one", arrival=arrival), 303)
