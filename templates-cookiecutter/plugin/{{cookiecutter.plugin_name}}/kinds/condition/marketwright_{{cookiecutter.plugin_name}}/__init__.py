"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from marketwright.plugin import N_, Condition, Field, FieldForm, HandedIn, Manifest, Role, hookimpl, say

manifest = Manifest(name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", core=">=0.1,<0.2")


def check(given: HandedIn) -> Mapping[str, str]:
    """What is wrong with what was handed in, by field; empty where nothing is."""
    if given.values["until"] < given.now.date().isoformat():
        return {"until": say("It is over already.")}
    return {}


def example(day: date) -> Mapping[str, Any]:
    """What a rehearsal on ``day`` hands in."""
    return {"insurer": "Halden Versicherung", "until": (day + timedelta(days=365)).isoformat()}


INSURED = Condition(
    name="{{ cookiecutter.plugin_name }}.insured",
    label=N_("Insurance of the {freelancer}"),
    how=N_("The {freelancer} names the insurer and the day until which the insurance runs."),
    role=Role.FREELANCER,
    fields=(
        Field("condition", "insurer", FieldForm.TEXT, {"en": "Insurer", "fr": "Assureur"}, required=True),
        Field("condition", "until", FieldForm.DATE, {"en": "Insured until", "fr": "Assuré jusqu’au"}, required=True),
    ),
    before=("fund",),  # the steps that wait for it, of any process
    check=check,
    example=example,
)


@hookimpl
def register_conditions(settings: Mapping[str, Any]) -> list[Condition]:
    """Every new contract of the marketplace waits for it before money is paid in."""
    return [INSURED]
