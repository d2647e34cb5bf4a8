"""Which class of Regulation (EU) 2024/1689 a project probably falls in, why, and from when its duties hold."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from marketwright.plugin import N_, Conclusion, Duty, Field, FieldForm, Question, Questionnaire
from marketwright_ai.act_questions import IN_AREA, QUESTIONS

CLASS = Field(
    "mission", "ai_act_class", FieldForm.CHOICE,
    {"en": "EU AI Act, probably", "fr": "Règlement sur l’IA, probablement"},
    choices=(
        ("prohibited", {"en": "Prohibited practice", "fr": "Pratique interdite"}),
        ("high_risk", {"en": "High risk", "fr": "Haut risque"}),
        ("general_purpose", {"en": "General-purpose model", "fr": "Modèle à usage général"}),
        ("transparency", {"en": "Transparency duties", "fr": "Obligations de transparence"}),
        ("minimal", {"en": "Minimal risk", "fr": "Risque minimal"}),
        ("outside", {"en": "Outside the Regulation", "fr": "Hors du règlement"}),
    ),
    facet=True, asked=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """From when something holds, as it was known on a day, and where it is written."""

    key: str
    since: date
    known: date
    source: str


@cache
def _dates() -> tuple[date, tuple[Row, ...]]:
    data = tomllib.loads((Path(__file__).parent / "act_dates.toml").read_text("utf-8"))
    return data["as_of"], tuple(Row(**row) for row in data["row"])


def dated(key: str, today: date) -> Row:
    """The newest row of ``key`` that was known on ``today`` (the first one where none was yet)."""
    rows = sorted((r for r in _dates()[1] if r.key == key), key=lambda r: r.known)
    known = [r for r in rows if r.known <= today]
    return known[-1] if known else rows[0]


_HEADLINES = {
    "prohibited": N_("Part of this is probably prohibited. Do not go on before a lawyer has looked at it."),
    "high_risk": N_("This is probably a high-risk system: documented, overseen and assessed before it is put to use."),
    "general_purpose": N_("This probably makes or changes a general-purpose model, with duties of its provider."),
    "transparency": N_("People must probably be told that they deal with AI, and its content be marked."),
    "minimal": N_("The Regulation probably asks for little here: that people who use it know what they do."),
    "outside": N_("The Regulation probably does not apply to this."),
}
_DUTIES: dict[str, tuple[tuple[str, str], ...]] = {
    "prohibited": (("practice", N_("The practice may be neither offered nor used.")),),
    "high_risk": (
        ("area", N_("Risk management, governance of the data, technical documentation, logging, human oversight, "
                    "accuracy and robustness (articles 9 to 15).")),
        ("area", N_("The provider has the conformity assessed, registers the system and marks it.")),
        ("area", N_("The deployer follows the instructions, has people oversee it, keeps the logs, tells who is "
                    "concerned.")),
    ),
    "general_purpose": (
        ("general_purpose", N_("Technical documentation, information for those who build on it, a copyright policy and "
                               "a public summary of the training content.")),
    ),
    "systemic": (
        ("systemic", N_("Evaluations, mitigation of systemic risks, reports of serious incidents, security.")),
    ),
    "transparency": (
        ("transparency", N_("People are told that they talk with a machine; what it makes is marked; a deepfake is "
                            "called one.")),
    ),
    "literacy": (("literacy", N_("Whoever works with it knows enough of AI for it.")),),
}  # fmt: skip


class ActQuestionnaire(Questionnaire):
    """Ten questions at most; the strictest class that fits is the one, the duties of the others are listed too."""

    name = "ai.eu_ai_act"
    version = "2"
    label = N_("EU AI Act")
    summary = N_("Which class of Regulation (EU) 2024/1689 this project probably falls in, why, and from when its "
                 "duties hold.")  # fmt: skip
    caution = N_("What the answers come to is help for your adviser, and not legal advice.")
    sets = "ai_act_class"
    questions: ClassVar[tuple[Question, ...]] = QUESTIONS

    def conclude(self, answers: Mapping[str, Any], today: date) -> Conclusion:
        """The strictest class, the reasons of each, and every duty with its date."""
        found = tuple(_classes(answers))
        value = found[0][0]
        duties = tuple(
            Duty(text, row.since, row.source)
            for key, text in _owed(found, answers) for row in (dated(_dated_as(key, answers), today),)
        )  # fmt: skip
        return Conclusion(value, _HEADLINES[value], tuple(why for _, why in found), duties, _dates()[0])


def _classes(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every class that fits with its reason, the strictest first."""
    if answers.get("act_use") == "research":
        return [("outside", N_("It serves scientific research alone and is never put to use (article 2(6)).")) ]
    if answers.get("act_union") == "no":
        return [("outside", N_("Neither it nor its output is used in the Union (article 2(1))."))]
    found: list[tuple[str, str]] = []
    if _any(answers, "act_practices"):
        found.append(("prohibited", N_("You named a practice that article 5 prohibits.")))
    if answers.get("act_product") == "yes":
        found.append(("high_risk", N_("It is a safety component of a product of annex I (article 6(1)).")))
    if _any(answers, "act_areas"):
        found.append(_in_area(answers))
    if answers.get("act_model") in ("modify", "train"):
        why = N_("A general-purpose model is trained or substantially changed (chapter V).")
        found.append(("general_purpose", why))
    if _any(answers, "act_contact"):
        found.append(("transparency", N_("It talks with people, or makes content, or recognises people (article 50).")))
    found.append(("minimal", N_("Whatever else holds, people who work with it need to know what they do (article 4).")))
    order = ("prohibited", "high_risk", "general_purpose", "transparency", "minimal")
    return sorted(found, key=lambda one: order.index(one[0]))


def _in_area(answers: Mapping[str, Any]) -> tuple[str, str]:
    if answers.get("act_profiling") == "yes":
        return "high_risk", N_("It is meant for an area of annex III and evaluates persons automatically: no exception "
                               "(article 6(3)).")
    if answers.get("act_narrow") not in (None, "none"):
        return "minimal", N_("It is meant for an area of annex III, but does no more than article 6(3) lets pass: "
                             "document why, and register it (article 6(4)).")  # fmt: skip
    return "high_risk", N_("It is meant for an area of annex III (article 6(2)).")


def _owed(found: tuple[tuple[str, str], ...], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    classes = list(dict.fromkeys(value for value, _ in found))
    if classes == ["outside"]:
        return []
    owed = [duty for value in classes for duty in _DUTIES.get(value, ())]
    if answers.get("act_systemic") == "yes":
        owed += _DUTIES["systemic"]
    return [*owed, *_DUTIES["literacy"]]


def _dated_as(key: str, answers: Mapping[str, Any]) -> str:
    if key == "practice":
        return "imagery" if set(answers["act_practices"]) - {"none"} == {"imagery"} else "prohibited"
    if key != "area":
        return key
    third = _any(answers, "act_areas") and _in_area(answers)[0] == "high_risk"
    return "annex_iii" if third else "annex_i"


def _any(answers: Mapping[str, Any], name: str) -> bool:
    """Whether something other than "none of these" was chosen."""
    chosen = set(answers.get(name) or ()) - {"none"}
    return bool(chosen) if name != "act_areas" else bool(chosen & set(IN_AREA))
