"""A document whose tax no rule explains: both sides beside the quote, and the decision how it goes out."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.invoicing.deciding import TaxWaiting, decide_tax, tax_waiting
from marketwright.features.operator.pages.base import pages, reason_form, show
from marketwright.features.operator.pages.invoices import KIND_WORDS
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.forms import Form
from marketwright.web.house import reading, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell


@dataclass(frozen=True, slots=True)
class TaxContext:
    """One document that waits for ``tax``; ``what`` it is in words."""

    found: TaxWaiting
    what: str
    form: Form


@pages.get("/invoices/waiting/<due>", staff("ledger.read").objects("documents that wait for their tax; else 404"))
def invoices_tax(due: str) -> BaseResponse:
    """What the quote taxes, what the contract names, and both sides as they are today."""
    return _tax(due, reason_form())


def _tax(due: str, form: Form) -> BaseResponse:
    found = tax_waiting(reading(), due)
    if found is None:
        raise NotFound("There is no such document.")
    context = TaxContext(found, _(KIND_WORDS[found.waits.kind]), form)
    return show("invoice_tax.html", context, status=422 if form.errors else 200)


@pages.post("/invoices/waiting/<due>", staff("pricing.change").objects("documents that wait for their tax; else 404"))
def invoices_tax_decide(due: str) -> BaseResponse:
    """Let it go out, with a reason."""
    form = reason_form()
    if not form.accept(request.form):
        return _tax(due, form)
    try:
        with unit() as uow:
            decide_tax(uow, due=due, reason=form.value["reason"])
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _tax(due, form)
    tell(_("Noted. It goes out within a minute, or its seller is asked for it."))
    return redirect(url_for("operator.invoices", state="waiting"), 303)
