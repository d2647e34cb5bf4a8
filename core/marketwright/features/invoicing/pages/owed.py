"""What a freelancer is owed and what a client owes: invoices paid between the two, open and late ones first."""

from collections.abc import Sequence

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.invoicing.owed import OwedRow, owed, sums
from marketwright.features.invoicing.pages.base import pages
from marketwright.features.invoicing.sent import MONEY_ROLES
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render


@dataclass(frozen=True, slots=True)
class OwedContext:
    """``side`` is freelancer or client, ``sides`` (label, address, chosen) where the viewer stands on both."""

    side: str
    sides: Sequence[tuple[str, str, bool, int | None]]
    tabs: Sequence[tuple[str, str, bool, int | None]]
    rows: Sequence[OwedRow]
    open: Sequence[Money]
    late: Sequence[Money]
    chosen: str
    account: str


@pages.get("/invoices", SIGNED_IN)
def owed_invoices() -> BaseResponse:
    """The viewer's invoices of deals in which nobody holds the money."""
    me, session, here = the_viewer(), reading(), house()
    clients = [o.id for o in me.organisations if o.roles & MONEY_ROLES]
    both = me.is_freelancer and bool(clients)
    side = "client" if clients and (request.args.get("side") == "client" or not me.is_freelancer) else "freelancer"
    everything = owed(session, here.today, here.marketplace, freelancer=me.account if side == "freelancer" else "",
                      organisations=clients if side == "client" else ())  # fmt: skip
    chosen = "closed" if request.args.get("show") == "closed" else "open"
    rows = [r for r in everything if (r.state == "open") == (chosen == "open")]
    waiting = sum(r.state == "open" for r in everything)
    kept = side if both else None
    tabs = [
        (gettext(N_("To be paid")), url_for("invoicing.owed_invoices", side=kept), chosen == "open", waiting),
        (gettext(N_("Settled ones")), url_for("invoicing.owed_invoices", show="closed", side=kept), chosen == "closed",
         len(everything) - waiting),
    ]  # fmt: skip
    sides = [
        (gettext(N_("Owed to me")), url_for("invoicing.owed_invoices", side="freelancer"), side == "freelancer", None),
        (gettext(N_("What we owe")), url_for("invoicing.owed_invoices", side="client"), side == "client", None),
    ] if both else []  # fmt: skip
    open_rows = [r for r in everything if r.state == "open"]
    late = sums([r for r in open_rows if r.late])
    context = OwedContext(side, sides, tabs, rows, sums(open_rows), late, chosen, me.account)
    return render("invoicing/owed.html", context)
