"""Declaring after signature that the work is other than the mission said: what it asks for joins the contract."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.needing import declarable, declare, fields_of
from marketwright.features.contracts.pages.base import PARTIES, find
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.service import get
from marketwright.features.facets import forms
from marketwright.features.facets.forms import FieldView
from marketwright.features.papers.pages.base import pages
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class DeclareContext:
    """The fields that something depends on, as they are known now."""

    contract: ContractRow
    form: Form
    views: Sequence[FieldView]


@pages.form("/contracts/<contract>/declare", PARTIES)
def declare_change(contract: str) -> BaseResponse:
    """Say that the work is other than the mission said."""
    seen = find(contract)
    plugins = house().plugins
    fields = declarable(plugins)
    if not fields or seen.side == "operator":
        raise NotFound("There is nothing to declare here.")
    if seen.contract.state == "ENDED":
        raise Conflict("This {contract} has ended.", state=seen.contract.state)
    schema = Schema.from_dict(forms.schema(fields, strict=False) | {"note": TextField(longest=2000, lines=True)})
    form = Form(schema(), forms.initial(fields, fields_of(reading(), get(reading(), contract))))
    if request.method == "POST":
        valid = form.accept(request.form)
        if not forms.press(form, fields, request.form) and valid:
            given = forms.values(fields, form.value)
            values = {f.name: given.get(f.name) for f in fields}
            try:
                with unit() as uow:
                    added = declare(uow, contract=contract, values=values, note=form.value["note"])
                    uow.commit()
            except InvalidInput as error:
                form.refuse(error)
            else:
                told = ngettext("Declared. %(num)s condition was added; both sides were told.",
                                "Declared. %(num)s conditions were added; both sides were told.",
                                len(added))  # fmt: skip
                tell(told if added else gettext("Declared. Nothing more is asked for it."))
                return redirect(url_for("contracts.show", contract=contract), 303)
    context = DeclareContext(seen.contract, form, forms.views(fields, current_locale()))
    return render("papers/declare.html", context, status=422 if form.errors else 200)
