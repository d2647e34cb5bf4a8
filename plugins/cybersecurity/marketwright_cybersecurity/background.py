"""A background check is on no profile: the mission asks, and who passed it tells its client alone, in confidence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketwright.plugin import N_, Condition, Field, FieldForm, HandedIn, Role, say
from marketwright_cybersecurity.people import BACKGROUND

ANSWER = "cybersecurity.background"
ASKED = Field(
    "mission", "background_asked", FieldForm.YES_NO,
    {"en": "The work asks for a background check", "fr": "Les travaux exigent une vérification des antécédents"},
    hint={"en": "Only where the nature of the work justifies it. Nobody shows theirs here: who passed it tells you so "
                "in confidence, after your confidentiality agreement.",
          "fr": "Seulement si la nature des travaux le justifie. Personne n’affiche la sienne ici : qui l’a passée "
                "vous le dit en confidence, après votre accord de confidentialité."},
)  # fmt: skip
_TOLD = Field(
    "condition", "background_told", FieldForm.YES_NO,
    {"en": "Background check passed", "fr": "Vérification des antécédents passée"},
    hint={"en": "Tick it to tell the client.", "fr": "Cochez pour le dire au client."}, sealed=True,
)  # fmt: skip


def check(handed: HandedIn) -> Mapping[str, str]:
    """Only after the confidentiality agreement, and only where the check stands: a word alone is no yes."""
    if not handed.confidentiality_signed:
        return {"": say("Sign the confidentiality agreement of the {mission} first: your answer is covered by it.")}
    if not handed.values.get("background_told"):
        return {"background_told": say("Tick it to tell the {client}. If you would rather not, leave this page: "
                                       "nothing is told.")}  # fmt: skip
    if BACKGROUND not in handed.held:
        return {"": say("No background check of yours stands at the moment. Hand it in on your page Checks first; "
                        "until then nobody is told anything.")}  # fmt: skip
    return {}


def _example(_day: date) -> Mapping[str, Any]:
    return {"background_told": True}


CONDITION = Condition(
    name=ANSWER,
    label=N_("Word of the background check"),
    how=N_(
        "The {freelancer} lets the {client} know that they passed the background check: our team saw what their "
        "country allows to be asked. The {client} alone reads this yes, and nothing of what the paper says."
    ),
    role=Role.FREELANCER,
    before=("fund", "commit_budget"),
    when={"background_asked": (True,)},
    fields=(_TOLD,),
    check=check,
    confidential=True,
    example=_example,
    early=True,
    holding=(BACKGROUND,),
)  # fmt: skip
