"""The journal for the accountant: every sealed entry of some days, as CSV, JSON, or the form of a country pack."""

from datetime import date
from typing import Any

from flask import Response, request
from marshmallow import Schema, validate
from marshmallow.fields import Str
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.invoicing.books import books_for, journal_lines
from marketwright.features.invoicing.exports import OWN, forms, render
from marketwright.features.ledger import queries as ledger
from marketwright.features.ledger.sealer import unsealed
from marketwright.features.operator.pages.base import pages, show
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_, say
from marketwright.web.fields import DateField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff

_FILE = staff("ledger.read")
OWN_WORDS = {"csv": N_("CSV, for a spreadsheet"), "json": N_("JSON, for a program")}
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class JournalContext:
    """The form, the forms of a journal (value, label), and how far the ledger is sealed."""

    form: Form
    choices: list[tuple[str, str]]
    sealed: int
    waiting: int


@pages.get("/finance/journal", _FILE)
def finance_journal() -> BaseResponse:
    """Which days, in which form."""
    return _page(_form())


@pages.get("/finance/journal/file", _FILE.limited("exports"))
def finance_journal_file() -> BaseResponse:
    """The file; what is wrong with the days is said at their fields."""
    form = _form()
    if form.accept(request.args):
        try:
            return _file(form.value)
        except InvalidInput as error:
            form.refuse(_at_a_field(error))
    return _page(form, status=422)


def _form() -> Form:
    today = house().today
    kinds = forms(house().plugins)
    schema = Schema.from_dict({
        "form": Str(required=True, validate=validate.OneOf(kinds, error=say("There is no such format."))),
        "since": DateField(required=True), "until": DateField(required=True),
    })()  # fmt: skip
    first = next((kind for kind in kinds if kind not in OWN), "csv")
    return Form(schema, {"form": first, "since": f"{today:%Y}-01-01", "until": today.isoformat()})


def _file(asked: dict[str, Any]) -> Response:
    since: date = asked["since"]
    until: date = asked["until"]
    if until < since:
        raise InvalidInput({"until": [say("The last day comes before the first.")]})
    market, form = house().marketplace, str(asked["form"])
    lines = list(journal_lines(reading(), market, since, until))
    name, data = render(house().plugins, form, books_for(reading(), market, house().plugins, form, since, until), lines)
    with unit() as uow:
        uow.audit("ledger.exported", "", form=form, since=since.isoformat(), until=until.isoformat(),
                  entries=len({line.number for line in lines}), by=the_viewer().account)  # fmt: skip
        uow.commit()
    response = Response(data, content_type=TYPES.get(form, "text/plain; charset=utf-8"))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _at_a_field(error: InvalidInput) -> InvalidInput:
    """What a journal refuses, at the field that chose it unless it is about the days."""
    here = ("since", "until")
    others = [m for name, found in error.errors.items() if name not in here for m in found]
    days = {name: found for name, found in error.errors.items() if name in here}
    return InvalidInput({**days, **({"form": others} if others else {})})


def _page(form: Form, *, status: int = 200) -> BaseResponse:
    words = {e.it.name: _(e.it.label) if e.it.label else e.it.name.upper() for e in house().plugins.journals.values()}
    words |= {kind: _(text) for kind, text in OWN_WORDS.items()}
    choices = [(kind, words[kind]) for kind in sorted(words, key=lambda kind: kind in OWN)]
    context = JournalContext(form, choices, ledger.head(reading()).number, unsealed(reading()))
    return show("journal.html", context, status=status)
