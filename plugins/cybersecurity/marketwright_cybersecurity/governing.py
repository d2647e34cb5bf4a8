"""What governance hands over: gaps against a framework, applicability with its plan, the sign-off."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.plugin import Deliverable, Field, FieldForm, Handed, HandedRows, Judgement, say

GAPS, APPLICABILITY = "cybersecurity.gap_assessment", "cybersecurity.applicability"
SIGN_OFF = "cybersecurity.sign_off"
FRAMEWORKS = (
    ("iso27001", {"en": "ISO/IEC 27001:2022, annex A", "fr": "ISO/IEC 27001:2022, annexe A"}),
    ("nis2", {"en": "NIS 2 directive and its national law", "fr": "Directive NIS 2 et sa loi nationale"}),
    ("dora", {"en": "DORA", "fr": "DORA"}), ("csf", {"en": "NIST CSF 2.0", "fr": "NIST CSF 2.0"}),
    ("hygiene", {"en": "ANSSI guide of 42 measures", "fr": "Guide d’hygiène de l’ANSSI (42 mesures)"}),
    ("other", {"en": "Another, named in the scope", "fr": "Autre, nommé dans le périmètre"}),
)  # fmt: skip
STANDINGS = (
    ("missing", {"en": "Missing", "fr": "Absent"}), ("partly", {"en": "Partly", "fr": "Partiel"}),
    ("met", {"en": "Met", "fr": "Satisfait"}),
)  # fmt: skip


def _field(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("deliverable", name, form, {"en": en, "fr": fr}, **more)


_REFERENCE = _field("reference", FieldForm.TEXT, "Requirement", "Exigence", required=True,
                    hint={"en": "As the framework numbers it, as in A.8.8", "fr": "Telle que le référentiel la "
                          "numérote, par exemple A.8.8"})  # fmt: skip
_STANDING = _field("standing", FieldForm.CHOICE, "State", "État", choices=STANDINGS, required=True)
_MEASURE = _field("planned", FieldForm.TEXT, "Measure", "Mesure")
_OWNER = _field("plan_owner", FieldForm.TEXT, "Owner", "Responsable")
_DAY = _field("plan_day", FieldForm.DATE, "By", "Échéance")


def _twice(rows: str, handed: Handed) -> dict[str, Sequence[str]]:
    seen: set[str] = set()
    wrong: dict[str, Sequence[str]] = {}
    for n, row in enumerate(handed.rows[rows]):
        one = str(row["reference"]).strip().casefold()
        if one in seen:
            wrong[f"{rows}-{n}-reference"] = [say("This requirement stands above already.")]
        seen.add(one)
    return wrong


class GapAssessment(Deliverable):
    """Each requirement of the framework: met, partly or missing, with what was seen."""

    name, sealed = GAPS, True
    label = "Gap assessment"
    summary = "Each requirement of the framework that was agreed on: met, partly or missing, and what was seen of it."
    agreed = (
        _field("framework", FieldForm.CHOICE, "Framework", "Référentiel", choices=FRAMEWORKS, required=True),
        _field("perimeter", FieldForm.LONG_TEXT, "Scope", "Périmètre", required=True,
               hint={"en": "Which entity, sites, systems; what is out of it.",
                     "fr": "Quelle entité, quels sites, quels systèmes ; ce qui en est exclu."}),
    )  # fmt: skip
    handed = (
        _field("gap_summary", FieldForm.LONG_TEXT, "Summary for the management", "Synthèse pour la direction",
               required=True),
        _field("spoken_with", FieldForm.LONG_TEXT, "Persons met and documents read",
               "Personnes rencontrées et documents lus", required=True),
    )  # fmt: skip
    rows = (
        HandedRows(
            "gaps", {"en": "Requirements", "fr": "Exigences"}, {"en": "Requirement", "fr": "Exigence"}, least=1,
            chart="standing",
            columns=(
                _REFERENCE, _STANDING,
                _field("observed", FieldForm.LONG_TEXT, "What was seen", "Ce qui a été constaté", required=True),
                _field("at_stake", FieldForm.TEXT, "What is at stake", "Enjeu"),
            ),
        ),
    )  # fmt: skip

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """A requirement stands there once."""
        return _twice("gaps", handed)

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """How many requirements are met; people decide."""
        counts = Counter(row["standing"] for row in handed.rows["gaps"])
        return Judgement(None, ((say("Requirements met"), f"{counts['met']} / {sum(counts.values())}"),))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Two requirements, one of them met."""
        rows = {"gaps": (
            {"reference": "A.8.8", "standing": "partly", "observed": "Servers are scanned, workshop machines are not.",
             "at_stake": "Two lines stand on an unsupported system."},
            {"reference": "A.5.1", "standing": "met", "observed": "Policy signed in January, known to those asked."},
        )}  # fmt: skip
        agreed = {"framework": "iso27001", "perimeter": "The plant at Lens, without the laboratory."}
        values = {"gap_summary": "One gap of weight.", "spoken_with": "CIO, head of the workshop; policy, inventory."}
        return agreed, Handed(values, rows)


class Applicability(Deliverable):
    """The statement of applicability: each requirement applies or not, with the reason; what is missing has a plan."""

    name, sealed, follows = APPLICABILITY, True, (GAPS,)
    label = "Statement of applicability and plan"
    summary = "Each requirement: whether it applies and why; for what is missing, the measure, its owner and its day."
    handed = (
        _field("plan_cost", FieldForm.TEXT, "What the plan costs, roughly", "Coût estimé du plan", required=True),
    )  # fmt: skip
    rows = (
        HandedRows(
            "statement", {"en": "Requirements", "fr": "Exigences"}, {"en": "Requirement", "fr": "Exigence"},
            fixed=(_REFERENCE, _STANDING),
            columns=(
                _field("applies", FieldForm.CHOICE, "Applies", "Applicable", required=True,
                       choices=(("yes", {"en": "Yes", "fr": "Oui"}), ("no", {"en": "No", "fr": "Non"}))),
                _field("because", FieldForm.TEXT, "Why", "Justification", required=True), _MEASURE, _OWNER, _DAY,
            ),
        ),
    )  # fmt: skip

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every requirement of the assessment."""
        return {"statement": [{n: row[n] for n in ("reference", "standing")} for row in before.rows.get("gaps", ())]}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """What applies and is not met has a measure, an owner and a day."""
        wrong: dict[str, Sequence[str]] = {}
        for n, row in enumerate(handed.rows["statement"]):
            if row["applies"] == "yes" and row.get("standing") != "met":
                for name in ("planned", "plan_owner", "plan_day"):
                    if not row.get(name):
                        wrong[f"statement-{n}-{name}"] = [say("It applies and is not met: it needs a measure, an "
                                                              "owner and a day.")]  # fmt: skip
        return wrong

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """How much applies and how much is planned; people decide."""
        rows = handed.rows["statement"]
        applies = [row for row in rows if row["applies"] == "yes"]
        planned = sum(bool(row.get("planned")) for row in applies)
        return Judgement(None, ((say("Requirements that apply"), f"{len(applies)} / {len(rows)}"),
                                (say("Measures planned"), str(planned))))  # fmt: skip

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Both apply; one has a plan."""
        rows = {"statement": (
            {"reference": "A.8.8", "standing": "partly", "applies": "yes",
             "because": "Machines are reached from the office network.",
             "planned": "Scan and isolate the workshop", "plan_owner": "Head of the workshop",
             "plan_day": "2026-09-30"},
            {"reference": "A.5.1", "standing": "met", "applies": "yes", "because": "Required of every entity."},
        )}  # fmt: skip
        return {}, Handed({"plan_cost": "About 40,000 EUR, 25 days of staff"}, rows)


class SignOff(Deliverable):
    """The management's decision on each requirement that is not met: treated, accepted, passed on, or given up."""

    name, sealed, follows = SIGN_OFF, True, (APPLICABILITY,)
    label = "Decisions of the management"
    summary = "Who decided, and for each open requirement: treat it, accept the risk, pass it on, give the activity up."
    handed = (
        _field("who_decided", FieldForm.TEXT, "Decided by, as what", "Décidé par, en qualité de", required=True),
        _field("decided_day", FieldForm.DATE, "Decided on", "Décidé le", required=True),
    )  # fmt: skip
    rows = (
        HandedRows(
            "decisions", {"en": "Decisions", "fr": "Décisions"}, {"en": "Decision", "fr": "Décision"},
            fixed=(_REFERENCE, _MEASURE, _OWNER, _DAY),
            columns=(
                _field("decision", FieldForm.CHOICE, "Decision", "Décision", required=True, choices=(
                    ("treat", {"en": "Treat it as planned", "fr": "Traiter comme prévu"}),
                    ("accept", {"en": "Accept the risk", "fr": "Accepter le risque"}),
                    ("transfer", {"en": "Pass it on (insurance, supplier)",
                                  "fr": "Transférer (assurance, fournisseur)"}),
                    ("avoid", {"en": "Give the activity up", "fr": "Renoncer à l’activité"}),
                )),
                _field("decided_why", FieldForm.TEXT, "Why", "Motif"),
            ),
        ),
    )  # fmt: skip

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every requirement that has a plan."""
        known = ("reference", "planned", "plan_owner", "plan_day")
        rows = [row for row in before.rows.get("statement", ()) if row.get("planned")]
        return {"decisions": [{n: row[n] for n in known if n in row} for row in rows]}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """Who decides otherwise than planned says why."""
        return {
            f"decisions-{n}-decided_why": [say("You decide otherwise than planned: say why, for the record.")]
            for n, row in enumerate(handed.rows["decisions"]) if row["decision"] != "treat"
            and not row.get("decided_why")
        }  # fmt: skip

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Everything is treated as planned."""
        rows = {"decisions": ({"decision": "treat"},)}
        return {}, Handed({"who_decided": "C. Delattre, managing director", "decided_day": "2026-06-30"}, rows)
