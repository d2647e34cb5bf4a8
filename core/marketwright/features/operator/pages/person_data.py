"""What is kept of one person, for staff who answer a request: to hand out, and to erase."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.operator.pages.base import pages, reason_form, show
from marketwright.features.privacy import queries, service
from marketwright.features.privacy.archive import archive
from marketwright.features.privacy.pages import DataPage, as_file, data_of
from marketwright.features.privacy.tables import Erasure
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import gettext as _
from marketwright.web.policy import staff
from marketwright.web.render import tell

_ERASE = staff(service.PERMISSION).objects("everybody; nobody there is 404")


@dataclass(frozen=True, slots=True)
class PersonDataContext:
    """One person, what is kept of them (``here``), and that they were ``erased``."""

    person: accounts.AccountRow
    here: DataPage
    erased: Erasure | None


@pages.get("/people/<person>/data", _ERASE)
def people_data(person: str) -> BaseResponse:
    """What is kept of one person, what would go, what stands in the way."""
    return _page(person)


def _page(person: str, form: Form | None = None, status: int = 200) -> BaseResponse:
    row = _person(person)
    page = data_of(person, form or reason_form())
    return show("person_data.html", PersonDataContext(row, page, queries.erasure(reading(), person)), status=status)


def _person(person: str) -> accounts.AccountRow:
    row = accounts.account(reading(), person)
    if row is None:
        raise NotFound("There is no such person.")
    return row


@pages.get("/people/<person>/data.zip", _ERASE.limited("exports"))
def people_data_file(person: str) -> Response:
    """All of it as one file; noted in the log."""
    _person(person)
    made = archive(house(), person)
    with unit() as uow:
        uow.audit("account.data_handed_out", person)
        uow.commit()
    return as_file(made, f"data-{person}")


@pages.post("/people/<person>/erase", _ERASE)
def people_erase(person: str) -> BaseResponse:
    """Erase somebody on their request, in writing."""
    row, form = _person(person), reason_form()
    if row.persona:
        form.refuse(InvalidInput({"reason": [say("People of the demo stay: others act as them too.")]}))
    elif form.accept(request.form):
        try:
            with unit() as uow:
                service.erase(uow, house(), account=person, reason=form.value["reason"])
                uow.commit()
        except Conflict as standing:
            form.refuse(InvalidInput({"reason": [say(standing.template, **standing.params)]}))
    if form.errors:
        return _page(person, form, 422)
    tell(_("Erased. The log says so; nothing of it can be undone."))
    return redirect(url_for("operator.people_data", person=person), 303)
