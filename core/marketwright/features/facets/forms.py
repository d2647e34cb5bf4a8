"""The niche's own fields in a form: the schema, what was typed, and how a value reads on a page.

In a form a field is called ``x_<name>``, so that no plugin's field meets one of core's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup
from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as ma
from werkzeug.datastructures import MultiDict

from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import say
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.fields import Checkbox, DateField, DecimalField, MoneyField, TextField
from marketwright.web.formats import read_date, show_date, show_money, show_number, show_round_money
from marketwright.web.forms import Form
from marketwright.web.i18n import current_locale, gettext, in_words

PREFIX = "x_"
SEAL = "seal"  # a sealed answer is stored as {"seal": <id>}
_LONG, _SHORT, _NAMED = 4000, 200, 20  # characters; choices that a refusal names
_EMPTY: tuple[Any, ...] = (None, "", [], False)
_ODD = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)  # a stored value that the form cannot read


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as a form shows it, in the reader's language; ``choices`` are (value, label), ``rows`` its columns."""

    name: str
    form: str
    label: str
    hint: str
    required: bool
    private: bool
    unit: str
    choices: list[tuple[str, str]]
    rows: tuple["FieldView", ...] = ()
    most: int = 0
    optional: bool = True  # whether the form says so of what may be left empty


@dataclass(frozen=True, slots=True)
class FileView:
    """One field that is a file, with the file that is there (empty ids where none is)."""

    name: str
    label: str
    hint: str
    required: bool
    private: bool
    file: str
    file_name: str


def of(plugins: Plugins, owner: str) -> list[Field]:
    """The declared fields of ``owner`` (``profile`` or ``mission``), in the plugins' order."""
    return [entry.it for entry in plugins.fields if entry.it.owner == owner]


def views(fields: Iterable[Field], locale: str) -> list[FieldView]:
    """The fields for the template ``facets/fields.html``."""
    return [_view(f, locale, PREFIX) for f in typed(fields)]


def _view(field: Field, locale: str, prefix: str) -> FieldView:
    f = field
    return FieldView(
        prefix + f.name, str(f.form), word(f.label, locale), word(f.hint or {}, locale), f.required, f.private,
        f.unit, [(value, word(label, locale)) for value, label in f.choices],
        tuple(_view(r, locale, "") for r in f.rows), f.most,
    )  # fmt: skip


def word(labels: Mapping[str, str], locale: str) -> str:
    """The label in ``locale``, else in English, else the first there is; its terms in the site's words."""
    return in_words(labels.get(locale) or labels.get("en") or next(iter(labels.values()), ""))


def schema(fields: Iterable[Field], *, strict: bool = True) -> dict[str, ma.Field[Any]]:
    """Marshmallow fields by form name; without ``strict`` nothing is required (drafts)."""
    return {PREFIX + f.name: _schema_field(f, required=f.required and strict, strict=strict) for f in typed(fields)}


def press(form: Form, fields: Iterable[Field], data: MultiDict[str, str]) -> bool:
    """Number the rows of ``fields`` as errors do, after ``form`` took ``data``; whether a button of rows was pressed.

    The buttons are ``x_<name>_add`` and ``x_<name>_remove``, with the number of a row.
    """
    tables = [f for f in fields if f.form is FieldForm.ROWS]
    named = [(PREFIX + f.name, f.rows[0].name) for f in tables]
    pressed = [form.press_rows(data, n, first, add=f"{n}_add", remove=f"{n}_remove") for n, first in named]
    if any(pressed):
        form.errors = {}
    return any(pressed)


def typed(fields: Iterable[Field]) -> list[Field]:
    """Those of ``fields`` that stand in a form; files are sent on their own, what is not asked is set elsewhere."""
    return [f for f in fields if f.form is not FieldForm.FILE and f.asked]


class _Choices(ma.List[Any]):
    """Several of a closed list; one alone comes as a plain string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> list[Any]:
        typed = value if isinstance(value, list) else [value]
        return super()._deserialize([v for v in typed if v], attr, data, **kw)


class _Rows(ma.List[Any]):
    """Rows of a table; none where nothing was typed."""

    def __init__(self, field: Field, *, required: bool, strict: bool) -> None:
        columns = {r.name: _schema_field(r, required=r.required and strict, strict=strict) for r in field.rows}
        row = Schema.from_dict(columns, name=f"RowOf{field.name}")
        super().__init__(ma.Nested(row, unknown=EXCLUDE), **{"required": True} if required else {"load_default": list})
        self.most, self.needed = field.most, required

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> list[Any]:
        typed = value if isinstance(value, list) else []
        if len(typed) > self.most:
            raise ValidationError(say("At most %(n)s rows.", n=self.most))
        if self.needed and not typed:
            raise ValidationError(say("Please fill this in."))
        return super()._deserialize(typed, attr, data, **kw)


def _schema_field(field: Field, *, required: bool, strict: bool = True) -> ma.Field[Any]:
    needed: dict[str, Any] = {"required": required}
    match field.form:
        case FieldForm.NUMBER:
            return DecimalField(least=field.minimum, most=field.maximum, **needed)
        case FieldForm.MONEY:
            least, most = (_minor(field, bound) for bound in (field.minimum, field.maximum))
            return MoneyField(field.unit, least=least or 0, most=most or 10**12, **needed)
        case FieldForm.DATE:
            return DateField(**needed)
        case FieldForm.YES_NO:
            return Checkbox()
        case FieldForm.CHOICE:
            return TextField(validate=_among(field), **needed)
        case FieldForm.CHOICES:
            inner = ma.String(validate=_among(field))
            return _Choices(inner, required=True) if required else _Choices(inner, load_default=list)
        case FieldForm.ROWS:
            return _Rows(field, required=required, strict=strict)
    long = field.form is FieldForm.LONG_TEXT
    return TextField(longest=_LONG if long else _SHORT, lines=long, **needed)


def _minor(field: Field, bound: float | None) -> int | None:
    return None if bound is None else int(Decimal(str(bound)).scaleb(exponent(field.unit)))


def _among(field: Field) -> Any:
    allowed = [value for value, _ in field.choices]
    named = ", ".join(allowed[:_NAMED]) + (", …" if len(allowed) > _NAMED else "")

    def validate(value: str) -> None:
        if value and value not in allowed:
            raise ValidationError(say("One of these, please: %(what)s.", what=named))

    return validate


def values(fields: Iterable[Field], loaded: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's schema loaded, as plain JSON values by field name; empty ones are left out."""
    found = {f.name: _plain(loaded.get(PREFIX + f.name)) for f in fields}
    return {name: value for name, value in found.items() if value not in (None, "", [], False)}


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, Mapping):
        return {name: kept for name, one in value.items() if (kept := _plain(one)) not in _EMPTY}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def check(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values that do not come from a form (imports, seeding), checked: ``InvalidInput`` names what is wrong."""
    declared = {f.name: f for f in fields}
    errors: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    for name, value in given.items():
        if name not in declared:
            errors[name] = [say("There is no such field here.")]
            continue
        try:
            kept[name] = _checked(declared[name], value)
        except InvalidInput as error:
            errors |= error.errors
        except (ValidationError, ValueError, TypeError, InvalidOperation) as error:
            errors[name] = _sentences(error)
    if errors:
        raise InvalidInput(errors)
    return {name: value for name, value in kept.items() if value not in (None, "", [], False)}


def seal_of(value: Any) -> str:
    """The id of the seal that stands for an answer, or ''."""
    return str(value[SEAL]) if isinstance(value, Mapping) and list(value) == [SEAL] else ""


def without_sealed(stored: Mapping[str, Any]) -> dict[str, Any]:
    """``stored`` without the answers that are sealed."""
    return {name: value for name, value in stored.items() if not seal_of(value)}


def _checked(field: Field, value: Any) -> Any:
    if field.sealed and seal_of(value):
        return dict(value)
    if field.form is FieldForm.YES_NO:
        return value in (True, 1, "1", "true", "yes", "on")
    if field.form is FieldForm.DATE and not isinstance(value, str):
        return _plain(value)
    if field.form is FieldForm.NUMBER and not isinstance(value, str):
        return _plain(_within(field, Decimal(str(value))))
    if field.form is FieldForm.MONEY and isinstance(value, int):
        return _within_amounts(field, value)
    if field.form is FieldForm.FILE:
        return _checked_file(value)
    if field.form is FieldForm.ROWS:
        return _checked_rows(field, value)
    typed = [str(v) for v in value] if isinstance(value, list) else str(value)
    if field.form is FieldForm.DATE:
        return read_date(str(typed)).isoformat()
    return _plain(_schema_field(field, required=False).deserialize(typed))


def _sentences(error: Exception) -> list[str]:
    """What is said of a value: of several in one, of the first that is wrong."""
    found: Any = error.messages if isinstance(error, ValidationError) else ()
    while isinstance(found, Mapping):
        found = next(iter(found.values()), ())
    return list(found) or [say("The value does not fit.")]


def _within(field: Field, number: Decimal) -> Decimal:
    low, high = field.minimum, field.maximum
    if (low is not None and number < Decimal(str(low))) or (high is not None and number > Decimal(str(high))):
        raise ValidationError(say("The value does not fit."))
    return number


def _within_amounts(field: Field, amount: int) -> int:
    least, most = (_minor(field, bound) for bound in (field.minimum, field.maximum))
    if amount < (least or 0) or (most is not None and amount > most):
        raise ValidationError(say("The value does not fit."))
    return amount


def _checked_rows(field: Field, value: Any) -> list[dict[str, Any]]:
    """Each row checked as a form of its own; errors are named ``<field>-<row>-<column>``."""
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise ValidationError(say("The value does not fit."))
    if len(value) > field.most:
        raise ValidationError(say("At most %(n)s rows.", n=field.most))
    errors: dict[str, list[str]] = {}
    kept: list[dict[str, Any]] = []
    for number, row in enumerate(value):
        lacking = [r.name for r in field.rows if r.required and row.get(r.name) in _EMPTY]
        errors |= {f"{field.name}-{number}-{name}": [say("Please fill this in.")] for name in lacking}
        try:
            kept.append(check(field.rows, row))
        except InvalidInput as error:
            errors |= {f"{field.name}-{number}-{name}": why for name, why in error.errors.items()}
    if errors:
        raise InvalidInput(errors)
    return kept


def _checked_file(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not {"id", "name"} <= value.keys():
        raise ValidationError(say("Files are not imported: send it on the page."))
    return {"id": str(value["id"]), "name": str(value["name"])}


def initial(fields: Iterable[Field], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as the form begins with them."""
    there = without_sealed(stored)
    return {PREFIX + f.name: _begin(f, there[f.name]) for f in typed(fields) if f.name in there}


def _begin(field: Field, value: Any) -> Any:
    try:
        return _begun(field, value)
    except _ODD:  # an answer to the question as it was before
        return str(value)


def _begun(field: Field, value: Any) -> Any:
    if field.form is FieldForm.MONEY and isinstance(value, int):
        return show_money(Money(value, field.unit), plain=True)
    if field.form is FieldForm.ROWS:
        return [{r.name: _begin(r, row[r.name]) for r in field.rows if r.name in row} for row in value]
    return "1" if value is True else _typed(value)


def _typed(value: Any) -> Any:
    return show_number(value) if isinstance(value, int | float) else value


def shown(
    fields: Sequence[Field], stored: Mapping[str, Any], locale: str, *, private: bool
) -> list[tuple[str, str, bool]]:
    """(label, text, whether it is long) of every field with a value; the private ones only where ``private``."""
    return [
        (word(f.label, locale), _read(f, stored[f.name], locale), f.form in (FieldForm.LONG_TEXT, FieldForm.ROWS))
        for f in fields
        if f.name in stored and stored[f.name] not in (None, "", []) and (private or not f.private)
    ]


def texts(fields: Iterable[Field], stored: Mapping[str, Any]) -> dict[str, str]:
    """Every answer that a form asks for in words, by the name that it has in the form."""
    locale = current_locale()
    return {PREFIX + f.name: _read(f, stored[f.name], locale) for f in typed(fields) if f.name in stored}


def with_files(fields: Iterable[Field], stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` with what is stored already and no form sends: files, and fields that are not asked."""
    names = {f.name for f in fields if f.form is FieldForm.FILE or not f.asked}
    return {**{n: v for n, v in stored.items() if n in names}, **given}


def field_of_file(fields: Iterable[Field], stored: Mapping[str, Any], file: str) -> Field | None:
    """The field that holds the file ``file``; ``None`` where none does any more."""
    held = (f for f in fields if f.form is FieldForm.FILE and f.name in stored)
    return next((f for f in held if _file(stored, f)["id"] == file), None)


def file_views(fields: Iterable[Field], stored: Mapping[str, Any], locale: str) -> list[FileView]:
    """The fields that are files, for the template ``facets/files.html``."""
    return [
        FileView(f.name, word(f.label, locale), word(f.hint or {}, locale), f.required, f.private,
                 _file(stored, f)["id"], _file(stored, f)["name"])
        for f in fields if f.form is FieldForm.FILE
    ]  # fmt: skip


def _file(stored: Mapping[str, Any], field: Field) -> dict[str, str]:
    """Id and name of the file that answers ``field``, '' where none does."""
    held = stored.get(field.name)
    return {k: str(held.get(k, "")) if isinstance(held, Mapping) else "" for k in ("id", "name")}


def has_private(fields: Iterable[Field], stored: Mapping[str, Any]) -> bool:
    """Whether a private field has a value."""
    return any(f.private and stored.get(f.name) not in (None, "", [], False) for f in fields)


def _read(field: Field, value: Any, locale: str) -> str:
    """``value`` in words; as it stands where it answers the question as it was before."""
    try:
        return _in_words(field, value, locale)
    except _ODD:
        return str(value)


def _in_words(field: Field, value: Any, locale: str) -> str:
    if seal_of(value):
        return gettext("Sealed")
    labels = {v: word(label, locale) for v, label in field.choices}
    if field.form is FieldForm.YES_NO:
        return gettext("Yes") if value else gettext("No")
    if field.form is FieldForm.CHOICE:
        return labels.get(str(value), str(value))
    if field.form is FieldForm.CHOICES:
        return ", ".join(labels.get(str(v), str(v)) for v in value)
    if field.form is FieldForm.DATE:
        return show_date(date.fromisoformat(str(value)))
    if field.form is FieldForm.NUMBER:
        return f"{show_number(value)} {field.unit}".strip()
    if field.form is FieldForm.MONEY:
        return show_round_money(Money(int(value), field.unit))
    if field.form is FieldForm.ROWS:
        rows = ([_read(r, row[r.name], locale) for r in field.rows if row.get(r.name) not in _EMPTY] for row in value)
        return "\n".join(" · ".join(row) for row in rows)
    if field.form is FieldForm.FILE:
        return Markup('<a href="/files/%s">%s</a>') % (value["id"], value["name"])
    return str(value)


def locale_fields(plugins: Plugins, owner: str) -> list[FieldView]:
    """The views of all fields of ``owner`` in the reader's language."""
    return views(of(plugins, owner), current_locale())
