"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import N_, Deliverable, Field, FieldForm, Handed, Judgement, Manifest, Process, hookimpl, say
from marketwright_{{ cookiecutter.plugin_name }}.course import COURSE

manifest = Manifest(name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", core=">=0.1,<0.2")


class {{ cookiecutter.__class }}(Deliverable):
    """A text with the number of its words, which both sides agreed on."""

    name = "{{ cookiecutter.plugin_name }}.text"
    label = N_("The text and its words")
    agreed = (
        Field("deliverable", "least_words", FieldForm.NUMBER, {"en": "Words, at least", "fr": "Mots, au moins"},
              required=True, minimum=1, maximum=1_000_000),
    )
    handed = (Field("deliverable", "words", FieldForm.LONG_TEXT, {"en": "The text", "fr": "Le texte"}, required=True),)

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, list[str]]:
        """What is wrong with what is handed over, by field."""
        return {} if handed.values["words"].split() else {"words": [say("There is not one word in it.")]}

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """Met, or not: the same text is always judged the same."""
        counted = len(handed.values["words"].split())
        met = counted >= agreed["least_words"]
        said = N_("It is as long as was agreed.") if met else N_("It is shorter than was agreed.")
        return Judgement(met, ((say("Words"), str(counted)),), (said,))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """What a rehearsal agrees on and hands over."""
        return {"least_words": 3}, Handed({"words": "Four words will do."})


@hookimpl
def register_deliverables(settings: Mapping[str, Any]) -> list[type[Deliverable]]:
    """What is handed over; the course below names it."""
    return [{{ cookiecutter.__class }}]


@hookimpl
def register_processes(settings: Mapping[str, Any]) -> list[Process]:
    """The course of a deal in which it is handed over; `deal.processes` in marketplace.toml offers it."""
    return [COURSE]
