"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from marketwright.plugin import N_, Candidates, Desk, Manifest, Placement, hookimpl


class {{ cookiecutter.__class }}Settings(Schema):
    """``[plugin.{{ cookiecutter.plugin_name }}]``."""

    positions = fields.Int(
        load_default=2, strict=True, validate=validate.Range(1, 5),
        metadata={"description": "How many people stand beside a list of matches, at most."},
    )


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings={{ cookiecutter.__class }}Settings,
    core=">=0.1,<0.2",
)


class {{ cookiecutter.__class }}(Placement):
    """Whoever had half of their claims compared with a source, or more."""

    name = "{{ cookiecutter.plugin_name }}"
    label = N_("With proof")
    about = N_("People who fit, and had half of their claims or more compared with a source.")

    def __init__(self, settings: Mapping[str, Any], desk: Desk) -> None:
        super().__init__(settings, desk)
        self.most = settings["positions"]

    def eligible(self, c: Candidates) -> Any:
        """Who may stand there; core draws the lot, and changes no score."""
        return (c.p["proved"] >= 0.5) & c.p.known("proved")


@hookimpl
def register_placements(settings: Mapping[str, Any]) -> list[type[Placement]]:
    """The placement."""
    return [{{ cookiecutter.__class }}]
