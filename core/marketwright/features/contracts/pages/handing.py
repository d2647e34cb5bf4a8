"""Handing over in the form of a deliverable: fields, rows that buttons add and remove, files, a note."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import handform, registry
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.handed import HandedOver, Rows, prepare, read_back
from marketwright.features.contracts.handform import RowsForm
from marketwright.features.contracts.handing import hand_over
from marketwright.features.contracts.pages.base import Seen
from marketwright.features.contracts.pages.reading import record
from marketwright.features.contracts.queries import ContractRow, MilestoneRow
from marketwright.features.contracts.sealed import body_before
from marketwright.features.contracts.steps import Taken
from marketwright.features.contracts.waiting import missing_for
from marketwright.features.facets import forms
from marketwright.features.facets.forms import FieldView, FileView
from marketwright.features.files.checks import Checked
from marketwright.features.files.uploads import received, sent_file
from marketwright.features.proposals.agreed import shown
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import GateClosed, InvalidInput, Missing, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.deliverables import Deliverable
from marketwright.strategies.fields import FieldForm
from marketwright.strategies.processes import Transition
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.render import render
from marketwright.web.rowlists import pressed, tidy

PURPOSE = "delivery"


@dataclass(frozen=True, slots=True)
class HandOverContext:
    """The form of one delivery. ``agreed`` is (label, value) of what was agreed beforehand; ``missing`` comes first."""

    contract: ContractRow
    milestone: MilestoneRow
    title: str
    what: str
    about: str
    sealed: bool
    agreed: Sequence[tuple[str, str]]
    form: Form
    views: Sequence[FieldView]
    files: Sequence[FileView]
    lists_: Sequence[RowsForm]
    labels: Mapping[str, str]
    missing: Sequence[Missing]
    attaches: bool
    here: str


def form_of(seen: Seen, row: MilestoneRow, way: Transition) -> BaseResponse | Taken:
    """The page of a step that hands over; what was taken once it is handed over."""
    entry = house().plugins.deliverables.get(way.delivers)
    if entry is None:
        raise Unavailable("What is handed over here is brought by a plugin that is switched off.")
    agreed, fixed = _agreed(seen, way), _fixed(entry, row)
    form = Form(handform.schema(entry.it))
    missing: Sequence[Missing] = ()
    if request.method == "POST":
        names = [one.name for one in entry.it.rows if not one.fixed]
        valid = form.accept(tidy(request.form, *names))
        form.values |= {name: "1" for name in (f"{n}_add" for n in names) if name in request.form}
        if pressed(request.form, *names):
            form.errors = {}
        elif valid:
            try:
                return _hand_over(row, way, prepare(entry, agreed, form.value, _files(entry.it), fixed=fixed,
                                                    attached=_attached()))  # fmt: skip
            except InvalidInput as error:
                form.refuse(error)
            except GateClosed as closed:
                missing = closed.missing
    return _page(seen, row, way, entry, form, fixed, missing or _unmet(row, way))


def _agreed(seen: Seen, way: Transition) -> Mapping[str, Any]:
    return agreed_in(reading(), seen.contract.proposal).get(way.delivers, {})


def _fixed(entry: Entry[Deliverable], row: MilestoneRow) -> Rows:
    """The rows that an earlier delivery leaves to be answered; empty where this one answers none."""
    if not entry.it.follows:
        return {}
    before = body_before(reading(), house().ports, row.id, entry.it.follows, record)
    if before is None:
        return {}
    body = read_back(before)
    return entry.ask("carried", lambda d: d.carried(body))


def _files(it: Deliverable) -> dict[str, Checked]:
    """The files of the fields, checked before a unit opens; errors by the names of the form."""
    found: dict[str, Checked] = {}
    for field in it.handed:
        name = forms.PREFIX + field.name
        sent = request.files.get(name)
        if field.form is FieldForm.FILE and sent is not None and sent.filename:
            try:
                found[field.name] = sent_file(PURPOSE, name)
            except InvalidInput as error:
                raise InvalidInput({name: [m for ms in error.errors.values() for m in ms]}) from error
    return found


def _attached() -> list[Checked]:
    found: list[Checked] = []
    for upload in request.files.getlist("files"):
        if upload.filename:
            try:
                found.append(received(upload, PURPOSE, "files"))
            except InvalidInput as error:
                raise InvalidInput({"files": [m for ms in error.errors.values() for m in ms]}) from error
    return found


def _hand_over(row: MilestoneRow, way: Transition, handed: HandedOver) -> Taken:
    with unit() as uow:
        taken, _delivery = hand_over(uow, milestone=row.id, transition=way.name, handed=handed)
        uow.commit()
    return taken


def _unmet(row: MilestoneRow, way: Transition) -> Sequence[Missing]:
    found = registry.load(reading(), row.id)[0]
    return missing_for(reading(), house().plugins, found, way.name, house().clock.business())


def _page(
    seen: Seen, row: MilestoneRow, way: Transition, entry: Entry[Deliverable], form: Form, fixed: Rows,
    missing: Sequence[Missing],
) -> BaseResponse:  # fmt: skip
    it = entry.it
    rows = handform.lists(it, form, fixed)
    agreed = shown(house().plugins, {it.name: agreed_in(reading(), seen.contract.proposal).get(it.name, {})})
    context = HandOverContext(
        contract=seen.contract, milestone=row, title=gettext(way.label), what=gettext(it.label),
        about=gettext(it.summary) if it.summary else "", sealed=it.sealed,
        agreed=agreed[0][1] if agreed else (), form=form, views=forms.views(it.handed, current_locale()),
        files=handform.file_views(it), lists_=rows, labels=handform.labels(it, rows), missing=missing,
        attaches="files" in way.asks, here=request.path,
    )  # fmt: skip
    return render("contracts/hand_over.html", context, status=422 if form.errors else 200)
