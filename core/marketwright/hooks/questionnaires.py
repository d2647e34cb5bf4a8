"""What plugins ask about missions, checked when the site starts."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from marketwright.kernel.errors import BadSetting
from marketwright.strategies.fields import Field, FieldForm
from marketwright.strategies.questionnaires import Questionnaire


class Brought(Protocol):
    """An entry of the facade: which plugin brings it, and what."""

    @property
    def plugin(self) -> str:
        """The plugin's name."""

    @property
    def it(self) -> Questionnaire:
        """What it brings."""


Q = TypeVar("Q", bound=Brought)


def checked_questionnaires(entries: Sequence[Q], fields: Mapping[str, Field]) -> dict[str, Q]:
    """The questionnaires by name.

    ``BadSetting`` for a name that is not the plugin's own or stands twice, for a field of the mission that it sets and
    that nobody declares as a choice with ``asked=False``, and for a question that depends on one that does not come
    before it.
    """
    found: dict[str, Q] = {}
    for entry in entries:
        it, where = entry.it, f"plugin {entry.plugin}: {type(entry.it).__name__}"
        if not str(it.name).startswith(f"{entry.plugin}.") or it.name in found:
            raise BadSetting(f"its name {it.name!r} is not one <plugin>.<word> of its own.", where=where,
                             fix=f"Call it '{entry.plugin}.<word>'.")  # fmt: skip
        target = fields.get(it.sets)
        if target is None or target.owner != "mission" or target.form is not FieldForm.CHOICE or target.asked:
            raise BadSetting(
                f"it sets the field {it.sets!r}, which is no choice of a mission that is not asked.", where=where,
                fix="Declare Field('mission', …, FieldForm.CHOICE, …, asked=False) in register_fields.",
            )  # fmt: skip
        before: set[str] = set()
        for question in it.questions:
            strangers = sorted(set(question.when) - before)
            if strangers:
                raise BadSetting(f"{question.field.name!r} depends on {strangers[0]!r}, which is not asked before it.",
                                 where=where)  # fmt: skip
            before.add(question.field.name)
        found[it.name] = entry
    return found
