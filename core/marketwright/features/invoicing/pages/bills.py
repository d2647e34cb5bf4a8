"""One bill on its own sheet."""

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.queries import member
from marketwright.features.invoicing import queries
from marketwright.features.invoicing.invoices import invoice_of_bill
from marketwright.features.invoicing.pages.base import pages
from marketwright.features.invoicing.queries import BillRow
from marketwright.features.invoicing.sent import by_seller
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render

PARTIES = SIGNED_IN.objects("both sides of the bill, and staff who read contracts")


@dataclass(frozen=True, slots=True)
class BillContext:
    """A bill, and whether its day has passed; ``document`` and ``number`` are those of the invoice issued for it.

    Both are '' while it waits: until then the bill asks for the payment under a number of its own.

    ``by_seller`` says that the invoice is made by the seller: the bill asks for the payment alone.
    """

    bill: BillRow
    late: bool
    document: str
    number: str
    by_seller: bool


@pages.get("/bills/<bill>", PARTIES)
def show(bill: str) -> BaseResponse:
    """Read a bill."""
    row, me = queries.bill(reading(), bill), the_viewer()
    if row is None:
        raise NotFound("There is no such bill.")
    held = member(reading(), row.organisation, me.account)
    party = row.freelancer == me.account or (held is not None and not held.document)
    if not party and "contracts.read" not in permissions_of(me.staff_roles):
        raise NotFound("There is no such bill.")
    late = row.state == "open" and house().marketplace.day_of(row.due_at) < house().today
    issued = invoice_of_bill(reading(), row.id)
    document, number = (issued.id, issued.number) if issued else ("", "")
    context = BillContext(row, late, document, number, bool(by_seller(reading(), [row.id])))
    return render("invoicing/bill.html", context)
