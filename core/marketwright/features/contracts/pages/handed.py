"""Reading what was handed over: the judgement with its figures, fields, rows with a chart, files, the fingerprint."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import make_response, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import sealed
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.handovers import HandoverRow, Said, canonical
from marketwright.features.contracts.pages.base import PARTIES, find, pages
from marketwright.features.contracts.pages.reading import FILE, read, record, row_of, seal_of
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.facets import forms
from marketwright.features.files.ports import Storage
from marketwright.features.proposals.agreed import shown
from marketwright.features.seals.queries import SealRow
from marketwright.features.seals.service import opened_file
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.store.ring import Ring
from marketwright.strategies.deliverables import Deliverable, HandedRows
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.formats import show_number
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.render import render

EMPTY = Said({}, {}, {})
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
    seal: SealRow | None
    as_data: str


@pages.get("/contracts/<contract>/deliveries/<delivery>", PARTIES)
def handed(contract: str, delivery: str) -> BaseResponse:
    """Read one delivery; of what was deleted its fingerprint and its date."""
    seen = find(contract)
    row = row_of(seen, delivery)
    seal = seal_of(row)
    said = EMPTY if seal is not None and seal.deleted_at is not None else read(row)
    entry = house().plugins.deliverables.get(row.deliverable)
    it, body = entry.it if entry else None, said.body
    agreed = shown(house().plugins, {row.deliverable: agreed_in(reading(), seen.contract.proposal).get(
        row.deliverable, {})})  # fmt: skip
    context = HandedContext(
        contract=seen.contract, handover=row, title=gettext(it.label) if it else row.deliverable,
        about=gettext(it.summary) if it and it.summary else "", met=row.met,
        figures=[(said_text(a), said_text(b)) for a, b in said.judgement.get("figures", ())],
        sentences=[said_text(s) for s in said.judgement.get("sentences", ())],
        agreed=agreed[0][1] if agreed else (), pairs=_pairs(it, said, row),
        lists_=[_list(one, body["rows"].get(one.name, ())) for one in (it.rows if it and body else ())],
        note=body.get("note", ""), files=[_link(said, row, f) for f in body.get("files", ())], seal=seal,
        as_data=url_for("contracts.handed_data", contract=contract, delivery=delivery) if body else "",
    )  # fmt: skip
    response = make_response(render("contracts/handed.html", context))
    if seal is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/contracts/<contract>/deliveries/<delivery>.json", PARTIES)
def handed_data(contract: str, delivery: str) -> BaseResponse:
    """The same as data: exactly the bytes that the fingerprint is of."""
    row = row_of(find(contract), delivery)
    return _attachment(canonical(read(row).body), f"{row.deliverable}-{row.number}.json", "application/json")


@pages.get("/contracts/<contract>/deliveries/<delivery>/files/<fingerprint>", PARTIES)
def handed_file(contract: str, delivery: str, fingerprint: str) -> BaseResponse:
    """One sealed file, opened for who may read it; the reading is recorded with its name."""
    row = row_of(find(contract), delivery)
    if not row.seal:
        raise NotFound("There is no such file.")
    record(row, FILE)
    found = sealed.said(reading(), house().ports, row).files.get(fingerprint)
    if found is None:
        raise NotFound("There is no such file.")
    file, name, media_type = found
    data = opened_file(house().ports.get(Ring), house().ports.get(Storage), file=file, contract=row.contract)
    return _attachment(data, name, media_type)


def _attachment(data: bytes, name: str, media_type: str) -> BaseResponse:
    response = make_response(data)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _link(said: Said, row: HandoverRow, file: Mapping[str, str]) -> tuple[str, str]:
    """Name and address of one file of a handover."""
    if row.seal:
        return file["name"], url_for("contracts.handed_file", contract=row.contract, delivery=row.delivery,
                                     fingerprint=file["sha256"])  # fmt: skip
    known = said.files.get(file["sha256"])
    return file["name"], f"/files/{known[0]}" if known else ""


def said_text(kept: Any) -> str:
    """A sentence of a judgement in the reader's language."""
    if isinstance(kept, Mapping):
        return gettext(kept["text"], **{k: _param(v) for k, v in kept["params"].items()})
    return translate(kept)


def _param(value: Any) -> Any:
    if isinstance(value, Mapping):
        return said_text(value)
    return show_number(value) if isinstance(value, int | float) else value


def _pairs(it: Deliverable | None, said: Said, row: HandoverRow) -> list[Pair]:
    values = said.body.get("values", {})
    if it is None:  # the plugin is off: what was handed over is read as it was written
        return [(name, json.dumps(value, ensure_ascii=False), False) for name, value in values.items()]
    found: list[Pair] = []
    for field in it.handed:
        if field.form is FieldForm.FILE and field.name in values:
            name, href = _link(said, row, values[field.name])
            link = Markup('<a href="%s">%s</a>') % (href, name)
            found.append((forms.word(field.label, current_locale()), link, False))
        else:
            found += forms.shown([field], values, current_locale(), private=True)
    return found


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
