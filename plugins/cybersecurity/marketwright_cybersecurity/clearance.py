"""Clearance: on no profile and never searched. The mission asks, the answer goes to the client alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketwright.plugin import N_, Condition, Field, FieldForm, HandedIn, Role, say

CLEARANCE = "cybersecurity.clearance"
LEVELS = (
    ("secret", {"en": "Secret", "fr": "Secret"}), ("top_secret", {"en": "Top secret", "fr": "Très secret"}),
)  # fmt: skip
ASKED = Field(
    "mission", "clearance_asked", FieldForm.CHOICE,
    {"en": "Clearance that the work asks for", "fr": "Habilitation que les travaux exigent"},
    hint={"en": "Nobody shows theirs here. Who signs your confidentiality agreement answers you in confidence.",
          "fr": "Personne n’affiche la sienne ici. Qui signe votre accord de confidentialité vous répond en "
                "confidence."},
    choices=LEVELS,
)  # fmt: skip
_HELD = Field(
    "condition", "clearance_held", FieldForm.CHOICE,
    {"en": "Do you hold the clearance asked for?", "fr": "Détenez-vous l’habilitation demandée ?"},
    choices=(("yes", {"en": "Yes", "fr": "Oui"}), ("no", {"en": "No", "fr": "Non"})), required=True,
    sealed=True,
)  # fmt: skip
_LEVEL = Field(
    "condition", "clearance_level", FieldForm.CHOICE, {"en": "At which level", "fr": "À quel niveau"}, choices=LEVELS,
    sealed=True,
)  # fmt: skip


def check(handed: HandedIn) -> Mapping[str, str]:
    """Only after the confidentiality agreement, and a yes names its level."""
    if not handed.confidentiality_signed:
        return {"": say("Sign the confidentiality agreement of the {mission} first: your answer is covered by it.")}
    if handed.values.get("clearance_held") == "yes" and not handed.values.get("clearance_level"):
        return {"clearance_level": say("Say at which level.")}
    return {}


def _example(_day: date) -> Mapping[str, Any]:
    return {"clearance_held": "yes", "clearance_level": "secret"}


CONDITION = Condition(
    name=CLEARANCE,
    label=N_("Answer about the clearance"),
    how=N_(
        "The {freelancer} says whether they hold the clearance that the {mission} asks for. The {client} alone reads "
        "the answer; it is shown and searched nowhere."
    ),
    role=Role.FREELANCER,
    before=("fund", "commit_budget"),
    when={"clearance_asked": tuple(level for level, _ in LEVELS)},
    fields=(_HELD, _LEVEL),
    check=check,
    confidential=True,
    example=_example,
    early=True,
)  # fmt: skip
