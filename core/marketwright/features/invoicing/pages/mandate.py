"""The mandate to invoice: read, accepted, withdrawn, by the freelancer alone."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.invoicing import mandates
from marketwright.features.invoicing.mandates import MandateRow
from marketwright.features.invoicing.pages.base import pages
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.countries import Country
from marketwright.web.fields import Checkbox, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell


class MandateSchema(Schema):
    """That it was read, and which text."""

    read = Checkbox()
    sha256 = TextField(longest=64, required=True)


@dataclass(frozen=True, slots=True)
class MandateContext:
    """``standing`` is the mandate in force, ``text`` what is asked now ('' where no country pack asks)."""

    text: Sequence[str]
    sha256: str
    standing: MandateRow | None
    renew: bool
    steps: Sequence[MandateRow]
    form: Form
    has_identity: bool


@pages.form("/accounting/mandate", FREELANCER)
def mandate() -> BaseResponse:
    """Read and accept the mandate to invoice in one's name."""
    form = Form(MandateSchema())
    if request.method == "GET":
        return render("invoicing/mandate.html", _context(form))
    return _accept(form, request.form)


def _accept(form: Form, sent: MultiDict[str, str]) -> BaseResponse:
    country = _country()
    if country is None:
        raise NotFound("No country pack asks for a mandate here.")
    if not form.accept(sent) or not form.value["read"]:
        if not form.errors:
            form.errors["read"] = [gettext(N_("Tick the box when you have read it."))]
        return render("invoicing/mandate.html", _context(form), status=422)
    try:
        with unit() as uow:
            mandates.accept(uow, country=country, marketplace=house().marketplace, language=current_locale(),
                            sha256=form.value["sha256"])  # fmt: skip
            uow.commit()
    except Conflict as conflict:
        form.errors["read"] = [gettext(conflict.template)]
        return render("invoicing/mandate.html", _context(form), status=409)
    tell(gettext(N_("The mandate is recorded. Invoices that waited for it are issued within a minute.")))
    return redirect(url_for("invoicing.documents"), 303)


@pages.post("/accounting/mandate/withdraw", FREELANCER)
def withdraw_mandate() -> BaseResponse:
    """Take the mandate back."""
    with unit() as uow:
        mandates.withdraw(uow)
        uow.commit()
    tell(gettext(N_("The mandate is withdrawn. Nothing is invoiced in your name from now on.")))
    return redirect(url_for("invoicing.mandate"), 303)


def _country() -> Country | None:
    """The pack of the freelancer's own country; of the marketplace's while theirs is not known."""
    found, packs = accounts.identity(reading(), "freelancer", the_viewer().account), house().plugins.countries
    entry = packs.get(found.country if found else house().marketplace.home)
    return entry.it if entry else None


def _context(form: Form) -> MandateContext:
    me, country = the_viewer(), _country()
    text = mandates.text_of(country, house().marketplace, current_locale()) if country else ""
    steps = mandates.steps_of(reading(), me.account)
    standing = steps[0] if steps and steps[0].stands else None
    renew = bool(standing and country and standing.version != country.mandate.version)
    return MandateContext(
        text.split("\n\n") if text else (), mandates.digest(text), standing, renew, steps, form,
        accounts.identity(reading(), "freelancer", me.account) is not None,
    )  # fmt: skip
