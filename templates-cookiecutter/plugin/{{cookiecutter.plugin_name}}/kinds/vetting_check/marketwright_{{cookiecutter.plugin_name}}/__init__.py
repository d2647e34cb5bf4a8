"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from marketwright.plugin import (
    N_,
    Ask,
    Manifest,
    Result,
    Subject,
    SubjectKind,
    Submission,
    Verdict,
    VettingCheck,
    Waiting,
    hookimpl,
)


class {{ cookiecutter.__class }}Settings(Schema):
    """``[plugin.{{ cookiecutter.plugin_name }}]``."""

    days = fields.Int(
        load_default=365, strict=True, validate=validate.Range(1, 3650),
        metadata={"description": "How many days a passed check counts."},
    )


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings={{ cookiecutter.__class }}Settings,
    core=">=0.1,<0.2",
)


class {{ cookiecutter.__class }}(VettingCheck):
    """A freelancer names a former client; a person of staff calls and decides."""

    name = "{{ cookiecutter.plugin_name }}"
    label = N_("A reference was called")

    def applies(self, subject: Subject) -> bool:
        """For freelancers."""
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """Who can be called, and where."""
        return (
            Ask("who", N_("Who can tell us about your work"), "text"),
            Ask("phone", N_("Their telephone number"), "text", N_("With the country’s code, as +33 1 02 03 04 05")),
        )

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Wait for a person of staff, who sees what was handed in."""
        return Waiting(for_staff=True, note=submission.evidence.get("who", ""))

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Their decision, until the day they named, else for the days of the settings."""
        if not submission.decision:
            return Waiting(for_staff=True)
        usual = self.desk.clock.business() + timedelta(days=self.settings["days"])
        return Verdict(
            Result(submission.decision), N_("what the profile says of past work"), N_("a former client, by telephone"),
            submission.reason, submission.expires or usual,
        )

    def explain(self, verdict: Verdict) -> str:
        """One sentence for whoever reads the profile."""
        return N_("A person of our team called a former client and asked about the work.")


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> list[type[VettingCheck]]:
    """The check."""
    return [{{ cookiecutter.__class }}]
