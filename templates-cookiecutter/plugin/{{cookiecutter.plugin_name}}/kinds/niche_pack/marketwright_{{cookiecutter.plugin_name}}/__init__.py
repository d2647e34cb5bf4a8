"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marketwright.plugin import Field, FieldForm, Manifest, Taxonomy, hookimpl

manifest = Manifest(name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", niche=True, core=">=0.1,<0.2")
SKILLS = Path(__file__).parent / "taxonomy" / "skills.csv"


@hookimpl
def register_taxonomies(settings: Mapping[str, Any]) -> list[Taxonomy]:
    """The skills of the trade, in English and French, with synonyms and hierarchy."""
    return [Taxonomy("{{ cookiecutter.plugin_name }}", "{{ cookiecutter.__class }}", SKILLS)]


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> list[Field]:
    """What a brief of this trade says beyond any other: a form field, a filter and an export follow from it."""
    return [
        Field(
            "mission", "{{ cookiecutter.plugin_name }}_kind", FieldForm.CHOICE, {"en": "Kind of work", "fr": "Nature du travail"},
            choices=(
                ("new", {"en": "Something new", "fr": "Une création"}),
                ("repair", {"en": "Something to mend", "fr": "Une réparation"}),
            ),
            facet=True,
        )
    ]
