"""Handing in the invoice or credit note that a seller makes themselves."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.files.checks import Checked
from marketwright.features.files.uploads import sent_file
from marketwright.features.invoicing import sent
from marketwright.features.invoicing.pages.base import pages
from marketwright.features.invoicing.sent import DueRow, SentRow
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.fields import DateField, TextField
from marketwright.web.formats import show_date, show_money
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import gettext
from marketwright.web.names import country_name
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell


class SentSchema(Schema):
    """What stands on the document."""

    number = TextField(longest=60, required=True)
    issued_on = DateField(required=True)


@dataclass(frozen=True, slots=True)
class SentContext:
    """What is due of the seller, what they handed in before, and what their document must say."""

    due: DueRow
    before: SentRow | None
    form: Form
    says: Sequence[tuple[str, str]]
    today: str


@pages.form("/accounting/own/<due>", FREELANCER.objects("the freelancer whose document is due"))
def hand_in(due: str) -> BaseResponse:
    """Hand in one's own invoice: its number and day, and its file."""
    row = sent.due_of(reading(), due)
    if row is None or row.freelancer != the_viewer().account:
        raise NotFound("There is no such document.")
    form = Form(SentSchema())
    if request.method == "POST" and _handed_in(form, due):
        tell(gettext(N_("Your document is handed in. The {client} reads it with their invoices and was told.")))
        return redirect(url_for("invoicing.documents"), 303)
    today = house().today.isoformat()
    context = SentContext(row, sent.sent_for(reading(), due), form, _to_say(row), today)
    return render("invoicing/hand_in.html", context, status=422 if form.errors else 200)


def _handed_in(form: Form, due: str) -> bool:
    if not form.accept(request.form):
        return False
    try:
        checked = _file()
        with unit() as uow:
            sent.hand_in(uow, due=due, number=form.value["number"], issued_on=form.value["issued_on"], checked=checked)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True


def _file() -> Checked | None:
    given = request.files.get("file")
    return sent_file(sent.SENT, "file") if given is not None and given.filename else None


def _to_say(row: DueRow) -> list[tuple[str, str]]:
    """Whom the document is to, what for, and the amounts that were signed."""
    buyer = row.buyer
    place = f"{buyer.get('postcode', '')} {buyer.get('city', '')}".strip()
    land = country_name(buyer["country"]) if buyer.get("country") else ""
    where = ", ".join(part for part in (buyer.get("street", ""), place, land) if part)
    found = [
        (gettext(N_("To")), buyer.get("name", "")), (gettext(N_("Address")), where),
        (gettext(N_("Billing address")), buyer.get("billing_address", "")),
        (gettext(N_("VAT number")), buyer.get("vat_number", "")),
        (gettext(N_("What for")), row.title), (gettext(N_("Service done on")), show_date(row.supplied_on)),
        (gettext(N_("{Contract}")), row.reference), (gettext(N_("Purchase order")), row.purchase_order),
        (gettext(N_("Before tax")), show_money(row.net)), (gettext(N_("VAT")), show_money(row.tax)),
        (gettext(N_("With tax")), show_money(row.gross)),
    ]  # fmt: skip
    return [(label, text) for label, text in found if text]
