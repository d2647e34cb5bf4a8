"""What is agreed on beforehand of the deliverables of a course: asked with every offer, shown with every round.

In a form a field is called ``x_<name>``; what the hook checks makes that name its own among all deliverables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from marshmallow import fields as ma

from marketwright.features.facets import forms
from marketwright.features.facets.forms import PREFIX, FieldView
from marketwright.features.proposals.ports import CourseChoice
from marketwright.hooks.deliverables import DELETE_ON
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.strategies.deliverables import Deliverable
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.i18n import current_locale, gettext

Agreed = dict[str, dict[str, Any]]
KEPT_UNTIL = Field("deliverable", DELETE_ON, FieldForm.DATE, {
    "en": "What is handed over is deleted on", "fr": "Ce qui est remis est supprimé le",
}, required=True)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgreedPart:
    """What is asked about one deliverable: its name for people, in which courses it is handed over, its fields."""

    label: str
    about: str
    courses: tuple[str, ...]
    views: list[FieldView]


def deliverables(plugins: Plugins, course: CourseChoice) -> list[Entry[Deliverable]]:
    """What is handed over in ``course``; one whose plugin is gone is left out."""
    return [plugins.deliverables[name] for name in course.deliverables if name in plugins.deliverables]


def fields_of(it: Deliverable) -> list[Field]:
    """The agreed fields of one deliverable, the date of deletion of what is sealed among them."""
    return [*it.agreed, *([KEPT_UNTIL] if it.sealed else [])]


def asked(plugins: Plugins, courses: Iterable[CourseChoice]) -> list[Field]:
    """Every field that a proposal in one of ``courses`` may ask for, each once."""
    found = {f.name: f for c in courses for e in deliverables(plugins, c) for f in fields_of(e.it)}
    return list(found.values())


def schema_fields(plugins: Plugins, courses: Iterable[CourseChoice]) -> dict[str, ma.Field[Any]]:
    """Marshmallow fields for the form of an offer; whether one is needed depends on the course that it chooses."""
    return forms.schema(asked(plugins, courses), strict=False)


def parts(plugins: Plugins, courses: Sequence[CourseChoice]) -> list[AgreedPart]:
    """What the form asks, a part each deliverable; what is said once for several stands in the first."""
    found: list[AgreedPart] = []
    seen: set[str] = set()
    for name in dict.fromkeys(n for c in courses for n in c.deliverables if n in plugins.deliverables):
        it = plugins.deliverables[name].it
        new = [f for f in fields_of(it) if f.name not in seen]
        seen |= {f.name for f in new}
        used = [gettext(c.label) for c in courses if name in c.deliverables]
        if new:
            only = tuple(used) if len(used) < len(courses) else ()
            views = [replace(v, required=v.required and not only, optional=not v.required)
                     for v in forms.views(new, current_locale())]  # fmt: skip
            found.append(AgreedPart(gettext(it.label), gettext(it.summary) if it.summary else "", only, views))
    return found


def agreed_of(plugins: Plugins, course: CourseChoice, loaded: Mapping[str, Any], today: date) -> Agreed:
    """What a valid form says about the deliverables of ``course``; ``InvalidInput`` by the names of the form.

    Asks the plugins: never while a unit of work is open.
    """
    found: Agreed = {}
    for entry in deliverables(plugins, course):
        found[entry.it.name] = forms.values(fields_of(entry.it), loaded)
    wrong: dict[str, list[str]] = {**missing(plugins, course, found)}
    if any(str(values[DELETE_ON]) <= today.isoformat() for values in found.values() if DELETE_ON in values):
        wrong[PREFIX + DELETE_ON] = [say("Please give a day in the future.")]
    for entry in deliverables(plugins, course):
        if not wrong:
            said = entry.ask("check_agreed", lambda d: d.check_agreed(found[d.name]))
            wrong |= {PREFIX + name: list(messages) for name, messages in said.items() if messages}
    if wrong:
        raise InvalidInput(wrong)
    return {name: values for name, values in found.items() if values}


def missing(plugins: Plugins, course: CourseChoice, agreed: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What ``course`` needs agreed and is not, or does not fit its form, by the names of the form."""
    wrong: dict[str, list[str]] = {}
    for entry in deliverables(plugins, course):
        given = agreed.get(entry.it.name, {})
        for field in fields_of(entry.it):
            if field.required and given.get(field.name) in (None, "", [], False):
                wrong.setdefault(PREFIX + field.name, []).append(say("Please fill this in."))
        try:
            forms.check(fields_of(entry.it), given)
        except InvalidInput as error:
            wrong |= {PREFIX + name: list(messages) for name, messages in error.errors.items()}
    return wrong


def initial(plugins: Plugins, course: CourseChoice | None, agreed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was agreed as the form of the next offer begins with it."""
    found: dict[str, Any] = {}
    for entry in deliverables(plugins, course) if course else ():
        found |= forms.initial(fields_of(entry.it), agreed.get(entry.it.name, {}))
    return found


def shown(plugins: Plugins, agreed: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What was agreed, in the reader's language: (deliverable, [(field, value)]); empty where nothing was."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for name, values in agreed.items():
        entry = plugins.deliverables.get(name)
        fields = fields_of(entry.it) if entry else [Field("deliverable", n, FieldForm.TEXT, {"en": n}) for n in values]
        rows = [(label, text) for label, text, _ in forms.shown(fields, values, current_locale(), private=True)]
        if rows:
            found.append((gettext(entry.it.label) if entry else name, rows))
    return found


def labels(plugins: Plugins, courses: Iterable[CourseChoice]) -> dict[str, str]:
    """What each field is called in the list of errors."""
    return {PREFIX + f.name: forms.word(f.label, current_locale()) for f in asked(plugins, courses)}
