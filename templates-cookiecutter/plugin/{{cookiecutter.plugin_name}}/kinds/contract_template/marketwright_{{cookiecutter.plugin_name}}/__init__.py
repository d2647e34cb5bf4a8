"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from marketwright.plugin import ContractTemplate, Document, Manifest, Section, hookimpl


class {{ cookiecutter.__class }}Settings(Schema):
    """``[plugin.{{ cookiecutter.plugin_name }}]``."""

    notice_days = fields.Int(
        load_default=2, strict=True, validate=validate.Range(1, 30),
        metadata={"description": "How many working days before a change of hours must be agreed."},
    )


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings={{ cookiecutter.__class }}Settings,
    core=">=0.1,<0.2",
)


class MissionTerms(Schema):
    """What the clause says of the mission."""

    class Meta:
        """Core hands over more than a clause needs."""

        unknown = EXCLUDE

    title = fields.Str(required=True)


class Terms(Schema):
    """The terms that the clause needs; a missing one is named to whoever draws the contract up."""

    class Meta:
        """Core hands over more than a clause needs."""

        unknown = EXCLUDE

    mission = fields.Nested(MissionTerms, required=True)


TEXTS = {
    "en": ("Working hours", "The hours for “%(title)s” are agreed between the parties; a change is agreed %(days)s working "
                            "days ahead."),
    "fr": ("Horaires de travail", "Les horaires de « %(title)s » sont convenus entre les parties ; tout changement est "
                                  "convenu %(days)s jours ouvrés à l’avance."),
}


class {{ cookiecutter.__class }}(ContractTemplate):
    """One section, added to every services agreement before the signatures."""

    name = "{{ cookiecutter.plugin_name }}"
    kind = "clause:agreement"  # "agreement", "confidentiality" and "amendment" are documents of their own
    version = "1"  # another text is another version: what was signed stays as it was
    languages = ("en", "fr")
    terms_schema = Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """Text alone: core escapes it, lays it out, hashes and keeps it."""
        heading, text = TEXTS[language]
        title = Terms().load(terms)["mission"]["title"]
        words = {"title": title, "days": self.settings["notice_days"]}
        return Document("", language, self.version, (Section(heading, (text % words,)),))


@hookimpl
def register_contract_templates(settings: Mapping[str, Any]) -> list[type[ContractTemplate]]:
    """The clause."""
    return [{{ cookiecutter.__class }}]
