"""The form that a check asks people to fill in: drawn from its ``Ask``s, read back into what is handed in."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from marshmallow import Schema, validate
from marshmallow.fields import Field as SchemaField
from werkzeug.datastructures import FileStorage, MultiDict

from marketwright.features.files.uploads import inspected
from marketwright.features.vetting.service import PURPOSE, Handed
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.vetting import Ask, VettingCheck
from marketwright.web.fields import DateField, TextField
from marketwright.web.forms import Form
from marketwright.web.i18n import translate

_KEY = re.compile(r"^[a-z][a-z_]{0,38}$")
FORMS = ("file", "text", "long_text", "date", "choice")
CHOOSE = N_("Please choose one of the list.")
FILL_IN = N_("Please add the file.")


@dataclass(frozen=True, slots=True)
class Question:
    """One ``Ask`` as a page draws it, in the reader's language."""

    key: str
    label: str
    form: str
    hint: str
    required: bool
    choices: tuple[tuple[str, str], ...]


def checked_asks(entry: Entry[VettingCheck], asks: object) -> tuple[Ask, ...]:
    """``asks`` when a form can be made of them; else ``PluginFailed`` names the plugin."""
    if not isinstance(asks, tuple | list) or not all(isinstance(a, Ask) for a in asks):
        raise entry.failed("evidence", "it did not answer with a list of Ask")
    for ask in cast("Sequence[Ask]", asks):
        if ask.form not in FORMS or not _KEY.match(ask.key) or ask.key == "csrf_token":
            raise entry.failed("evidence", f"it asks for {ask.key!r} as {ask.form!r}")
    return tuple(asks)


def questions(asks: Sequence[Ask]) -> list[Question]:
    """What the page asks, translated."""
    return [
        Question(a.key, translate(a.label), a.form, translate(a.hint) if a.hint else "", a.required,
                 tuple((value, translate(words)) for value, words in a.choices))
        for a in asks
    ]  # fmt: skip


def form_for(asks: Sequence[Ask]) -> Form:
    """An empty form of everything but files."""
    made: dict[str, Any] = {a.key: _field(a) for a in asks if a.form != "file"}
    return Form(Schema.from_dict(cast("dict[str, SchemaField[Any]]", made))())


def _field(ask: Ask) -> Any:
    if ask.form == "date":
        return DateField(required=ask.required)
    if ask.form == "choice":
        allowed = [value for value, _ in ask.choices] + ([] if ask.required else [""])
        return TextField(longest=80, required=ask.required, validate=validate.OneOf(allowed, error=CHOOSE))
    if ask.form == "long_text":
        return TextField(longest=2000, lines=True, required=ask.required)
    return TextField(longest=300, required=ask.required)


def read(form: Form, asks: Sequence[Ask], data: MultiDict[str, str], sent: MultiDict[str, FileStorage]) -> list[Handed]:
    """What was handed in; ``form.errors`` says what is wrong, and then nothing of it is to be used."""
    form.accept(data)
    handed = []
    for ask in asks:
        if ask.form == "file":
            item = _file(form, ask, sent.get(ask.key))
            if item is not None:
                handed.append(item)
        elif not form.errors:
            value = form.value.get(ask.key)
            handed.append(Handed(ask, value.isoformat() if isinstance(value, date) else str(value or "")))
    return handed


def _file(form: Form, ask: Ask, sent: FileStorage | None) -> Handed | None:
    if sent is None or not sent.filename:
        if ask.required:
            form.errors.setdefault(ask.key, []).append(translate(FILL_IN))
        return None
    try:
        return Handed(ask, file=inspected(sent, PURPOSE))
    except InvalidInput as error:
        form.refuse(InvalidInput({ask.key: error.errors.get("file", [str(error)])}))
        return None
