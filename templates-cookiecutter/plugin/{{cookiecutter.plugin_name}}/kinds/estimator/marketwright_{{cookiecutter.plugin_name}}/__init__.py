"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import N_, Effort, Estimate, Estimator, Field, FieldForm, Manifest, Sizing, hookimpl, say

manifest = Manifest(name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", core=">=0.1,<0.2")
ROOMS = "{{ cookiecutter.plugin_name }}_rooms"


class {{ cookiecutter.__class }}(Estimator):
    """Half a day a room, and a day to begin with."""

    name = "{{ cookiecutter.plugin_name }}.days"
    label = N_("What it may take")

    def estimate(self, brief: Sizing) -> Estimate | None:
        """The days and their reasons; ``None`` while the brief says too little."""
        rooms = int(brief.fields.get(ROOMS) or 0)
        if rooms < 1:
            return None
        work = rooms / 2
        parts = (
            Effort(N_("Getting ready"), 1, N_("One day, whatever the size.")),
            Effort(N_("The rooms"), work, say("Half a day for each of %(rooms)s rooms.", rooms=rooms)),
        )
        return Estimate(low=max(1, int(work)), likely=round(1 + work), high=2 + 2 * rooms, parts=parts)


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> list[Field]:
    """What the estimate is made from: a question of the brief."""
    return [Field("mission", ROOMS, FieldForm.NUMBER, {"en": "Rooms", "fr": "Pièces"}, minimum=1, maximum=200)]


@hookimpl
def register_estimators(settings: Mapping[str, Any]) -> list[type[Estimator]]:
    """Shown while the brief is written, and to those who apply."""
    return [{{ cookiecutter.__class }}]
