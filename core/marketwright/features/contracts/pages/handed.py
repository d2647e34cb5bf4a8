"""Reading what was handed over: the judgement with its figures, fields, rows with a chart, files, the fingerprint."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import handovers
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.handed import canonical
from marketwright.features.contracts.handovers import HandoverRow, Said
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.facets import forms
from marketwright.features.files import queries as files
from marketwright.features.proposals.agreed import shown
from marketwright.kernel.errors import NotFound
from marketwright.strategies.deliverables import Deliverable, HandedRows
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.formats import show_number
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.render import render

Pair = tuple[str, str, bool]  # label, text, whether it is long


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: its label, how many, and how much of the longest it takes in percent."""

    label: str
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: its heading, what it says, and the value that the chart counts."""

    title: str
    pairs: list[Pair]
    mark: str


@dataclass(frozen=True, slots=True)
class ListView:
    """One list with its chart."""

    label: str
    chart: str
    bars: list[Bar]
    rows: list[RowView]


@dataclass(frozen=True, slots=True)
class HandedContext:
    """One handover as both sides read it."""

    contract: ContractRow
    handover: HandoverRow
    title: str
    about: str
    met: bool | None
    figures: Sequence[tuple[str, str]]
    sentences: Sequence[str]
    agreed: Sequence[tuple[str, str]]
    pairs: Sequence[Pair]
    lists_: Sequence[ListView]
    note: str
    files: Sequence[tuple[str, str]]
    as_data: str


@pages.get("/contracts/<contract>/deliveries/<delivery>", PARTIES)
def handed(contract: str, delivery: str) -> BaseResponse:
    """Read one delivery."""
    seen = find(contract)
    row, said = _find(seen, delivery)
    entry = house().plugins.deliverables.get(row.deliverable)
    it = entry.it if entry else None
    agreed = shown(house().plugins, {row.deliverable: agreed_in(reading(), seen.contract.proposal).get(
        row.deliverable, {})})  # fmt: skip
    body = said.body
    context = HandedContext(
        contract=seen.contract, handover=row, title=gettext(it.label) if it else row.deliverable,
        about=gettext(it.summary) if it and it.summary else "", met=row.met,
        figures=[(said_text(a), said_text(b)) for a, b in said.judgement.get("figures", ())],
        sentences=[said_text(s) for s in said.judgement.get("sentences", ())],
        agreed=agreed[0][1] if agreed else (), pairs=_pairs(it, body, delivery),
        lists_=[_list(one, body["rows"].get(one.name, ())) for one in (it.rows if it else ())],
        note=body.get("note", ""), files=_files(body, delivery),
        as_data=url_for("contracts.handed_data", contract=contract, delivery=delivery),
    )  # fmt: skip
    return render("contracts/handed.html", context)


@pages.get("/contracts/<contract>/deliveries/<delivery>.json", PARTIES)
def handed_data(contract: str, delivery: str) -> Response:
    """The same as data: exactly the bytes that the fingerprint is of."""
    row, said = _find(find(contract), delivery)
    response = Response(canonical(said.body), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.deliverable}-{row.number}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _find(seen: Seen, delivery: str) -> tuple[HandoverRow, Said]:
    row = handovers.handover(reading(), delivery)
    if row is None or row.contract != seen.contract.id:
        raise NotFound("There is no such delivery.")
    said = handovers.said(reading(), delivery)
    if said is None:
        raise NotFound("There is no such delivery.")
    return row, said


def said_text(kept: Any) -> str:
    """A sentence of a judgement in the reader's language."""
    if isinstance(kept, Mapping):
        return gettext(kept["text"], **{k: _param(v) for k, v in kept["params"].items()})
    return translate(kept)


def _param(value: Any) -> Any:
    if isinstance(value, Mapping):
        return said_text(value)
    return show_number(value) if isinstance(value, int | float) else value


def _pairs(it: Deliverable | None, body: Mapping[str, Any], delivery: str) -> list[Pair]:
    if it is None:  # the plugin is off: what was handed over is read as it was written
        return [(name, json.dumps(value, ensure_ascii=False), False) for name, value in body["values"].items()]
    known = {f.sha256: f.id for f in files.files_of(reading(), "delivery", delivery)}
    values = {
        f.name: {"id": known.get(v["sha256"], ""), "name": v["name"]} if f.form is FieldForm.FILE else v
        for f in it.handed if (v := body["values"].get(f.name)) is not None
    }  # fmt: skip
    return forms.shown(it.handed, values, current_locale(), private=True)


def _list(one: HandedRows, rows: Sequence[Mapping[str, Any]]) -> ListView:
    locale, marked = current_locale(), next((f for f in one.every if f.name == one.chart), None)
    head = one.every[0]
    views = [
        RowView(
            _read(head, row), forms.shown([f for f in one.every if f is not head and f is not marked], row, locale,
                                          private=True),
            _read(marked, row) if marked else "",
        )
        for row in rows
    ]  # fmt: skip
    return ListView(forms.word(one.label, locale), forms.word(marked.label, locale) if marked else "",
                    _bars(marked, rows) if marked else [], views)  # fmt: skip


def _read(field: Field, row: Mapping[str, Any]) -> str:
    found = forms.shown([field], row, current_locale(), private=True)
    return found[0][1] if found else ""


def _bars(field: Field, rows: Sequence[Mapping[str, Any]]) -> list[Bar]:
    counts = [(forms.word(label, current_locale()), sum(r.get(field.name) == value for r in rows))
              for value, label in field.choices]  # fmt: skip
    most = max((n for _, n in counts), default=0) or 1
    return [Bar(label, n, round(100 * n / most)) for label, n in counts]


def _files(body: Mapping[str, Any], delivery: str) -> list[tuple[str, str]]:
    listed = {f["sha256"] for f in body.get("files", ())}
    return [(f.name, f"/files/{f.id}") for f in files.files_of(reading(), "delivery", delivery) if f.sha256 in listed]
