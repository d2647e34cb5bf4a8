"""What is handed over in the form of a deliverable: checked, completed, judged, written down. Before a unit opens."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from marketwright.features.contracts.handform import note_of, typed_in
from marketwright.features.contracts.handovers import fingerprint
from marketwright.features.facets.forms import PREFIX
from marketwright.features.files.checks import Checked
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say
from marketwright.strategies.deliverables import Deliverable, Handed, HandedFile, HandedRows, Judgement
from marketwright.strategies.fields import FieldForm

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What passed its check: ``body`` as JSON (files by name and fingerprint), what the measure said, the files."""

    deliverable: str
    sealed: bool
    body: dict[str, Any]
    judgement: dict[str, Any]
    met: bool | None
    sha256: str
    files: tuple[Checked, ...]

    @property
    def files_by_fingerprint(self) -> dict[str, Checked]:
        """Its files, each content once."""
        return {sha256(c.data).hexdigest(): c for c in self.files}


def prepare(
    entry: Entry[Deliverable], agreed: Mapping[str, Any], loaded: Mapping[str, Any], files: Mapping[str, Checked],
    *, attached: Sequence[Checked] = (), fixed: Rows | None = None,
) -> HandedOver:  # fmt: skip
    """What a valid form of ``entry`` means; asks the plugin whether it is whole, and what its measure says.

    ``files`` are those of its fields by name, ``fixed`` what each row begins with where it answers an earlier delivery.
    ``InvalidInput`` by the names of the form.
    """
    it = entry.it
    typed = typed_in(it, loaded, fixed or {})
    missing: dict[str, list[str]] = {
        PREFIX + f.name: [say("Please fill this in.")]
        for f in it.handed if f.form is FieldForm.FILE and f.required and f.name not in files
    }  # fmt: skip
    _refuse(missing | _counted(it, typed))
    handed = Handed({**typed.values, **{n: _file(c) for n, c in files.items()}}, typed.rows)
    return weighed(entry, agreed, handed, attached=attached, note=note_of(loaded))


def weighed(
    entry: Entry[Deliverable], agreed: Mapping[str, Any], handed: Handed, *, attached: Sequence[Checked] = (),
    note: str = "",
) -> HandedOver:  # fmt: skip
    """``handed`` once the plugin has checked, completed and judged it; ``InvalidInput`` by the names of the form."""
    _refuse(by_form_names(entry.ask("check", lambda d: d.check(agreed, handed), answers=Mapping)))
    whole = completed(entry, handed)
    judgement = entry.ask("judge", lambda d: d.judge(agreed, whole), answers=Judgement)
    body = _body(whole, attached, note)
    own = [Checked(v.name, v.media_type, v.data) for v in handed.values.values() if isinstance(v, HandedFile)]
    return HandedOver(
        entry.it.name, entry.it.sealed, body, judgement_json(judgement), judgement.met,
        fingerprint(body), (*own, *attached),
    )  # fmt: skip


def completed(entry: Entry[Deliverable], handed: Handed) -> Handed:
    """``handed`` with the derived columns of each row."""
    rows = {
        one.name: tuple(
            {**row, **_derived(entry, one, row)} for row in handed.rows.get(one.name, ())
        )
        for one in entry.it.rows
    }  # fmt: skip
    return Handed(handed.values, rows)


def _derived(entry: Entry[Deliverable], one: HandedRows, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return entry.ask("derive", lambda d: d.derive(one.name, row), answers=Mapping) if one.derived else {}


def by_form_names(errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """A plugin's errors by the names of the form: ``title`` is ``x_title``, ``samples-0-kind`` is
    ``samples-0-x_kind``.
    """
    found: dict[str, list[str]] = {}
    for name, messages in errors.items():
        parts = name.split("-")
        key = f"{parts[0]}-{parts[1]}-{PREFIX}{parts[2]}" if len(parts) == 3 else PREFIX + name if name else ""
        if messages:
            found[key] = list(messages)
    return found


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement as it is kept: its sentences with their parameters."""
    return {
        "met": judgement.met, "figures": [[_text(a), _text(b)] for a, b in judgement.figures],
        "sentences": [_text(s) for s in judgement.sentences],
    }  # fmt: skip


def _text(text: str) -> Any:
    if isinstance(text, Text) and text.params:
        return {"text": text.template, "params": {k: _text(v) if isinstance(v, str) else v
                                                  for k, v in text.params.items()}}  # fmt: skip
    return text.template if isinstance(text, Text) else str(text)


def read_back(body: Mapping[str, Any]) -> Handed:
    """A kept body as the plugin reads it again; files by their names and fingerprints."""
    return Handed(body["values"], body["rows"])


def _body(handed: Handed, attached: Sequence[Checked], note: str) -> dict[str, Any]:
    values = {
        name: {"name": value.name, "sha256": sha256(value.data).hexdigest()} if isinstance(value, HandedFile) else value
        for name, value in handed.values.items()
    }
    return {
        "values": values, "rows": {name: [dict(r) for r in rows] for name, rows in handed.rows.items()},
        "note": note, "files": [{"name": c.name, "sha256": sha256(c.data).hexdigest()} for c in attached],
    }  # fmt: skip


def _file(checked: Checked) -> HandedFile:
    return HandedFile(checked.name, checked.media_type, checked.data)


def _counted(it: Deliverable, handed: Handed) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for one in it.rows:
        count = len(handed.rows.get(one.name, ()))
        if count < one.least:
            wrong[one.name] = [say("At least %(n)s, please.", n=one.least)]
        if count > MOST_ROWS:
            wrong[one.name] = [say("At most %(n)s.", n=MOST_ROWS)]
    return wrong


def _refuse(errors: Mapping[str, Sequence[str]]) -> None:
    if errors:
        raise InvalidInput({name: list(messages) for name, messages in errors.items()})
