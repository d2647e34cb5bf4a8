"""Settings as forms: a marshmallow schema drawn as fields, read back as the data that the schema checks.

A field is named by its dotted key. Rows of ``[[tables]]`` are added, ordered and removed by buttons that send the form
(``do=add:<key>``, ``remove:<key>:<n>``, ``up:``, ``down:``), so nothing needs a script. What is typed is a tree of
plain values; ``None`` and empty texts mean "not said".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from marshmallow import Schema, validate
from marshmallow import fields as ma
from werkzeug.datastructures import MultiDict

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.i18n import gettext, translate
from marketwright.web.site import LANGUAGE_NAMES

Choices = Mapping[str, Sequence[tuple[str, str]]]
_WORDS = {"freelancer": N_("{Freelancer.other}"), "client": N_("{Client.other}"), **LANGUAGE_NAMES}
_WHOLE, _DECIMAL = re.compile(r"^[+-]?\d+$"), re.compile(r"^[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)$")


@dataclass(frozen=True, slots=True)
class Control:
    """One field as ``ui/schema.html`` draws it.

    ``kind``: text, long, number, check, select, checks, lines, group (``parts``), rows and map (``rows`` of controls,
    ``blank`` an empty one). ``about`` says where the value comes from; ``fixed`` why it cannot be changed.
    """

    key: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    choices: list[tuple[str, str]] = field(default_factory=list)
    parts: list["Control"] = field(default_factory=list)
    rows: list[list["Control"]] = field(default_factory=list)
    about: str = ""
    fixed: str = ""


class Typed:
    """What a form macro asks for: what was typed by name, and what is wrong with it."""

    def __init__(self, values: Mapping[str, Any], errors: Mapping[str, Sequence[str]] | None = None) -> None:
        self.values, self.prefix = dict(values), "s"
        self.tree: dict[str, Any] = {}
        self.late: Any = None  # what somebody saved meanwhile: web/late.py
        self.errors: dict[str, list[str]] = {k: [sentence(m) for m in v] for k, v in (errors or {}).items()}


def key_of(name: str, one: ma.Field[Any]) -> str:
    """The key that people write: the field's ``data_key``, or its name."""
    return one.data_key or name


def kind_of(one: ma.Field[Any], choices: Sequence[Any] = ()) -> str:
    """How a field is drawn."""
    if isinstance(one, ma.Nested):
        return "group"
    if isinstance(one, ma.List):
        inner = one.inner
        if isinstance(inner, ma.Nested):
            return "rows"
        return "checks" if choices or allowed(inner) or allowed(one) else "lines"
    if isinstance(one, ma.Dict):
        return "keyed" if choices or (one.key_field is not None and allowed(one.key_field)) else "map"
    if isinstance(one, ma.Boolean):
        return "check"
    if choices or allowed(one):
        return "select"
    if isinstance(one, ma.Number):
        return "number"
    return "long" if one.metadata.get("long") else "text"


def allowed(one: ma.Field[Any]) -> list[str]:
    """The closed list that a field's validators allow; empty when there is none."""
    found = [v for v in one.validators if isinstance(v, validate.OneOf | validate.ContainsOnly)]
    return [str(c) for c in found[0].choices] if found else []


def offered(one: ma.Field[Any]) -> list[tuple[str, str]]:
    """The closed list of a field as (value, words): the validator's ``labels``, else words that core knows."""
    found = next((v for v in one.validators if isinstance(v, validate.OneOf | validate.ContainsOnly)), None)
    labels = [*(found.labels if found else ())]
    return [
        (c, translate(labels[n]) if n < len(labels) else translate(_WORDS.get(c, c)))
        for n, c in enumerate(allowed(one))
    ]


def words_of(key: str, one: ma.Field[Any]) -> tuple[str, str]:
    """Label and help of a field in the reader's language; the key in plain letters where the schema has no label."""
    label = one.metadata.get("label") or key.rsplit(".", 1)[-1].replace("_", " ").capitalize()
    return translate(label), translate(one.metadata["description"]) if one.metadata.get("description") else ""


def draw(schema: Schema, above: str, tree: Mapping[str, Any], choices: Choices) -> list[Control]:
    """The controls of ``schema``, whose keys begin with ``above``; ``tree`` says how many rows there are."""
    found = []
    for name, one in schema.fields.items():
        key = key_of(name, one)
        found.append(_draw(one, f"{above}.{key}" if above else key, tree.get(key), choices))
    return found


def _draw(one: ma.Field[Any], key: str, value: Any, choices: Choices) -> Control:
    given = list(choices.get(key, ()))
    kind = kind_of(one, given)
    label, about = words_of(key, one)
    if isinstance(one, ma.Nested):
        inner = value if isinstance(value, Mapping) else {}
        return Control(key, "group", label, about, parts=draw(one.schema, key, inner, choices))
    if kind == "rows" and isinstance(one, ma.List) and isinstance(one.inner, ma.Nested):
        made = [draw(one.inner.schema, f"{key}.{n}", row, choices) for n, row in enumerate(value or [])]
        return Control(key, "rows", label, about, rows=made)
    if isinstance(one, ma.Dict):
        inside = one.value_field or ma.String()
        if kind == "keyed":
            keys = given or (offered(one.key_field) if one.key_field else [])
            each = {f"{key}.{k}": choices.get(f"{key}.*", ()) for k, _ in keys}
            parts = [_named(_draw(inside, f"{key}.{k}", None, each), text) for k, text in keys]
            return Control(key, "group", label, about, parts=parts)
        lines = [[_named(_draw(ma.String(), f"{key}.{n}.key", None, {}), gettext("Name")),
                  _named(_draw(inside, f"{key}.{n}.value", None, {}), gettext("Value"))]
                 for n, _row in enumerate(pairs(value))]  # fmt: skip
        return Control(key, "map", label, about, rows=lines)
    source = one.inner if isinstance(one, ma.List) else one
    listed = given or offered(source) or offered(one)
    return Control(key, kind, label, about, one.required, listed)


def _named(control: Control, label: str) -> Control:
    return Control(control.key, control.kind, label, "", control.required, control.choices)


def pairs(value: Any) -> list[tuple[str, Any]]:
    """A table of free keys as pairs, as the form holds it."""
    if isinstance(value, Mapping):
        return list(value.items())
    return [("", None) if isinstance(row, Mapping) else (row[0], row[1]) for row in value or []]


def values(schema: Schema, above: str, tree: Mapping[str, Any], choices: Choices) -> dict[str, Any]:
    """The tree as the form's values by name."""
    flat: dict[str, Any] = {}
    for name, one in schema.fields.items():
        key = key_of(name, one)
        path = f"{above}.{key}" if above else key
        flat |= dict(_values(one, path, tree.get(key), choices))
    return flat


def _values(one: ma.Field[Any], path: str, value: Any, choices: Choices) -> Iterator[tuple[str, Any]]:
    kind = kind_of(one, choices.get(path, ()))
    if isinstance(one, ma.Nested):
        yield from values(one.schema, path, value or {}, choices).items()
    elif kind == "rows" and isinstance(one, ma.List) and isinstance(one.inner, ma.Nested):
        for n, row in enumerate(value or []):
            yield from values(one.inner.schema, f"{path}.{n}", row, choices).items()
    elif isinstance(one, ma.Dict):
        inside = one.value_field or ma.String()
        for n, (key, inner) in enumerate(pairs(value)):
            if kind == "map":
                yield f"{path}.{n}.key", key
            at = f"{path}.{key}" if kind == "keyed" else f"{path}.{n}.value"
            yield from _values(inside, at, inner, {at: choices.get(f"{path}.*", ())})
    elif kind == "lines":
        yield path, "\n".join(str(v) for v in value or [])
    elif kind == "checks":
        yield path, [str(v) for v in value or []]
    else:
        yield path, "" if value is None else "1" if value is True else "" if value is False else _shown(value)


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def read(schema: Schema, above: str, data: MultiDict[str, str], choices: Choices) -> dict[str, Any]:
    """What was typed, as a tree; keys that were left empty are left out."""
    found = {}
    for name, one in schema.fields.items():
        key = key_of(name, one)
        value = _read(one, f"{above}.{key}" if above else key, data, choices)
        if value is not None:
            found[key] = value
    return found


def _read(one: ma.Field[Any], path: str, data: MultiDict[str, str], choices: Choices) -> Any:
    kind = kind_of(one, choices.get(path, ()))
    if isinstance(one, ma.Nested):
        return read(one.schema, path, data, choices)
    if kind == "rows" and isinstance(one, ma.List) and isinstance(one.inner, ma.Nested):
        schema = one.inner.schema
        return [read(schema, f"{path}.{n}", data, choices) for n in _numbers(path, data)]
    if isinstance(one, ma.Dict):
        return _read_table(one, path, kind, data, choices)
    if kind == "check":
        return path in data
    if kind == "checks":
        return [v for v in data.getlist(path) if v]
    typed = data.get(path, "").replace("\r\n", "\n").strip()
    if kind == "lines":
        return [_scalar(one.inner if isinstance(one, ma.List) else one, t) for t in typed.split("\n") if t.strip()]
    return _scalar(one, typed)


def _read_table(one: ma.Dict, path: str, kind: str, data: MultiDict[str, str], choices: Choices) -> Any:
    inside = one.value_field or ma.String()
    if kind == "keyed":
        keys = [k for k, _ in choices.get(path, ())] or (allowed(one.key_field) if one.key_field else [])
        each = {f"{path}.{k}": choices.get(f"{path}.*", ()) for k in keys}
        return {k: v for k in keys if (v := _read(inside, f"{path}.{k}", data, each)) not in (None, "", [])}
    numbers = _numbers(path, data)
    typed = [(data.get(f"{path}.{n}.key", "").strip(), _read(inside, f"{path}.{n}.value", data, {})) for n in numbers]
    return typed or {}


def _numbers(path: str, data: MultiDict[str, str]) -> list[int]:
    rows = re.compile(rf"^{re.escape(path)}\.(\d{{1,3}})$")
    return sorted(int(m[1]) for name in data if (m := rows.match(name)))


def _scalar(one: ma.Field[Any], typed: str) -> Any:
    text = typed.strip()
    if isinstance(one, ma.Integer) and _WHOLE.match(text):
        return int(text)
    if isinstance(one, ma.Number) and _DECIMAL.match(text):
        return float(text.replace(",", "."))
    if text == "" and (isinstance(one, ma.Number) or one.required or one.load_default != ""):
        return None
    return text


def move(tree: dict[str, Any], above: str, order: str) -> None:
    """Do what a button of a row asks: ``add:<key>``, ``remove:<key>:<n>``, ``up:<key>:<n>``, ``down:<key>:<n>``."""
    verb, _, rest = order.partition(":")
    key, _, number = rest.partition(":")
    path = key.removeprefix(f"{above}.").split(".") if above else key.split(".")
    here: Any = tree
    for part in path[:-1]:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    found = here.get(path[-1]) or []
    rows = here[path[-1]] = list(found.items()) if isinstance(found, Mapping) else list(found)
    n = int(number) if number.isdigit() else -1
    if verb == "add" and len(rows) < 200:
        rows.append({} if not rows or isinstance(rows[0], Mapping) else ("", None))
    elif verb == "remove" and 0 <= n < len(rows):
        del rows[n]
    elif verb in ("up", "down") and 0 <= n < len(rows):
        to = n - 1 if verb == "up" else n + 1
        if 0 <= to < len(rows):
            rows[n], rows[to] = rows[to], rows[n]


def settled(tree: Any) -> Any:
    """The tree as data for the schema: rows that nobody filled in and empty keys are left out."""
    if isinstance(tree, Mapping):
        return {k: settled(v) for k, v in tree.items() if v is not None}
    if isinstance(tree, list):
        if any(isinstance(row, tuple) for row in tree):
            return {k: settled(v) for k, v in pairs(tree) if k and v is not None}
        return [settled(v) for v in tree if v not in (None, {}, "") and not _blank(v)]
    return tree


def _blank(row: Any) -> bool:
    return isinstance(row, Mapping) and all(v in (None, "", False, [], {}) for v in row.values())


# marshmallow's own sentences: plugins' schemas speak with them.
_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^Missing data for required field\.$", N_("Please fill this in.")),
        (r"^Not a valid integer\.$", N_("A whole number, please.")),
        (r"^Not a valid number\.$", N_("A number, please.")),
        (r"^Special numeric values", N_("A number, please.")),
        (r"^Not a valid string\.$", N_("A text, please.")),
        (r"^Not a valid email address\.$", N_("This is not an e-mail address.")),
        (r"^Unknown field\.$", N_("There is no such setting.")),
        (r"^String does not match expected pattern\.$", N_("This does not have the right form.")),
        (r"^Must be one of: (?P<what>.*)\.$", N_("One of these, please: %(what)s.")),
        (r"^Must be greater than or equal to (?P<low>\S+) and less than or equal to (?P<high>\S+)\.$",
         N_("From %(low)s to %(high)s, please.")),
        (r"^Must be greater than or equal to (?P<low>\S+)\.$", N_("At least %(low)s, please.")),
        (r"^Must be less than or equal to (?P<high>\S+)\.$", N_("At most %(high)s, please.")),
        (r"^Must be greater than (?P<low>\S+) and less than or equal to (?P<high>\S+)\.$",
         N_("More than %(low)s, at most %(high)s, please.")),
        (r"^Length must be between (?P<low>\d+) and (?P<high>\d+)\.$",
         N_("From %(low)s to %(high)s characters, please.")),
        (r"^Shorter than minimum length (?P<low>\d+)\.$", N_("At least %(low)s, please.")),
    )
)  # fmt: skip


def sentence(message: str) -> str:
    """A refusal of marshmallow in the reader's language; others as they are translated."""
    for pattern, words in _SENTENCES:
        if found := pattern.match(str(message)):
            return gettext(words, **found.groupdict())
    return translate(message)
