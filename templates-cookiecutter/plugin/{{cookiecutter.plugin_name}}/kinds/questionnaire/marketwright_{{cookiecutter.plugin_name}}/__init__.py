"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketwright.plugin import (
    N_,
    Conclusion,
    Duty,
    Field,
    FieldForm,
    Manifest,
    Question,
    Questionnaire,
    hookimpl,
)

manifest = Manifest(name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", core=">=0.1,<0.2")
YES_NO = (("yes", {"en": "Yes", "fr": "Oui"}), ("no", {"en": "No", "fr": "Non"}))
LEVEL = Field(
    "mission", "{{ cookiecutter.plugin_name }}_level", FieldForm.CHOICE, {"en": "Care with data", "fr": "Soin des données"},
    choices=(("high", {"en": "High", "fr": "Élevé"}), ("usual", {"en": "Usual", "fr": "Habituel"})),
    facet=True, asked=False,
)


class {{ cookiecutter.__class }}(Questionnaire):
    """Two questions, and what they come to."""

    name = "{{ cookiecutter.plugin_name }}.data"
    version = "1"
    label = N_("Data of persons")
    summary = N_("Two questions that say how much care the data of this {mission} needs.")
    caution = N_("This is no legal advice: it says what to ask about.")
    sets = LEVEL.name
    questions = (
        Question(Field("questionnaire", "persons", FieldForm.CHOICE,
                       {"en": "Does the data tell of persons?", "fr": "Les données parlent-elles de personnes ?"},
                       choices=YES_NO, required=True)),
        Question(Field("questionnaire", "health", FieldForm.CHOICE,
                       {"en": "Of their health?", "fr": "De leur santé ?"}, choices=YES_NO, required=True),
                 when={"persons": ("yes",)}),
    )

    def conclude(self, answers: Mapping[str, Any], today: date) -> Conclusion:
        """The same answers on the same day come to the same."""
        as_of = min(today, date(2026, 1, 1))
        if answers.get("persons") == "yes" and answers.get("health") == "yes":
            return Conclusion(
                "high", N_("The data needs high care."), (N_("It tells of the health of persons."),),
                (Duty(N_("Agree on who may see it before anybody does.")),), as_of,
            )
        return Conclusion("usual", N_("The usual care will do."), as_of=as_of)


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> list[Field]:
    """The field of the mission that takes what the answers come to."""
    return [LEVEL]


@hookimpl
def register_questionnaires(settings: Mapping[str, Any]) -> list[type[Questionnaire]]:
    """Asked of whoever runs a mission, and answered again at any time."""
    return [{{ cookiecutter.__class }}]
