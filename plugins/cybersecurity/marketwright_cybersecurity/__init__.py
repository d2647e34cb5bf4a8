"""The cybersecurity niche: its skills, the brief's own fields, the authorisation to test, clauses, a vetting step."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marketwright.plugin import (
    Condition,
    ContractTemplate,
    Deliverable,
    Estimator,
    Field,
    FieldForm,
    Manifest,
    NoticeText,
    Process,
    SlotFill,
    Taxonomy,
    VettingCheck,
    hookimpl,
)
from marketwright_cybersecurity import authority, background, clearance
from marketwright_cybersecurity.authorisation import CONDITION, WhatToHandIn
from marketwright_cybersecurity.certificates import RegisterCheck
from marketwright_cybersecurity.clauses import SecurityClauses
from marketwright_cybersecurity.detecting import LOG_ACCESS, DetectionRules, Tuning
from marketwright_cybersecurity.detection import DETECTION
from marketwright_cybersecurity.engagement import ENGAGEMENT
from marketwright_cybersecurity.findings import Findings, Remediation, Retest
from marketwright_cybersecurity.governance import GOVERNANCE
from marketwright_cybersecurity.governing import Applicability, GapAssessment, SignOff
from marketwright_cybersecurity.incident import CallOut, Containment, IncidentReport, Lessons
from marketwright_cybersecurity.mandate import AuthorityPaper
from marketwright_cybersecurity.notices import NOTICES
from marketwright_cybersecurity.people import BackgroundCheck, QualificationCheck
from marketwright_cybersecurity.permit import AuthorisationPaper
from marketwright_cybersecurity.practice import ENGAGEMENTS, PROFILE
from marketwright_cybersecurity.response import RESPONSE
from marketwright_cybersecurity.sizing import ASSETS, SecurityDays

manifest = Manifest(
    name="cybersecurity", summary="Skills, brief, authorisation to test and clauses of security work.", niche=True,
    core=">=0.1,<0.2", personal_data=("name",),
)
_HERE = Path(__file__).parent


@hookimpl
def register_taxonomies(settings: Mapping[str, Any]) -> Sequence[Taxonomy]:
    """256 security skills, in English and French, with synonyms and hierarchy."""
    return [Taxonomy("cybersecurity", "Cybersecurity", _HERE / "taxonomy" / "skills.csv")]


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> Sequence[Field]:
    """What a security brief says beyond any other, and what a practitioner says of their practice."""
    return [
        Field(
            "mission", "engagement", FieldForm.CHOICE, {"en": "Kind of engagement", "fr": "Type d’intervention"},
            choices=ENGAGEMENTS, required=True, facet=True,
        ),
        Field(
            "mission", "environment", FieldForm.CHOICE, {"en": "Environment", "fr": "Environnement"},
            choices=(
                ("production", {"en": "Production", "fr": "Production"}),
                ("staging", {"en": "Staging", "fr": "Préproduction"}),
                ("both", {"en": "Production and staging", "fr": "Production et préproduction"}),
            ), facet=True,
        ),
        ASSETS,
        Field(
            "mission", "targets", FieldForm.LONG_TEXT, {"en": "Targets", "fr": "Cibles"},
            hint={
                "en": "Systems in scope and what is out of it. Read only by who signed the confidentiality agreement.",
                "fr": "Les systèmes concernés et ce qui est exclu. Lu seulement par qui a signé l’accord de "
                      "confidentialité.",
            }, private=True, sealed=True,
        ),
        clearance.ASKED,
        background.ASKED,
        *PROFILE,
    ]  # fmt: skip


@hookimpl
def register_estimators(settings: Mapping[str, Any]) -> Sequence[type[Estimator]]:
    """Days of testing from the kinds of assets and how many there are, with the report and the retest."""
    return [SecurityDays]


@hookimpl
def register_conditions(settings: Mapping[str, Any]) -> Sequence[Condition]:
    """Nobody attacks or touches a system before whoever owns and hosts it has signed, nor reads a log uncleared."""
    return [CONDITION, authority.CONDITION, clearance.CONDITION, background.CONDITION, LOG_ACCESS]


@hookimpl
def register_processes(settings: Mapping[str, Any]) -> Sequence[Process]:
    """What is tested, what is answered, what is watched, what is governed: each on a course of its own."""
    return [ENGAGEMENT, RESPONSE, DETECTION, GOVERNANCE]


@hookimpl
def register_deliverables(settings: Mapping[str, Any]) -> Sequence[type[Deliverable]]:
    """Findings with their retest, incidents with their evidence, rules with their figures, gaps with decisions."""
    return [
        Findings, Remediation, Retest, CallOut, Containment, IncidentReport, Lessons, DetectionRules, Tuning,
        GapAssessment, Applicability, SignOff,
    ]  # fmt: skip


@hookimpl
def register_contract_templates(settings: Mapping[str, Any]) -> Sequence[type[ContractTemplate]]:
    """Sections for the kind of engagement, added to every services agreement; the papers that others sign."""
    return [SecurityClauses, AuthorisationPaper, AuthorityPaper]


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> Sequence[type[VettingCheck]]:
    """A certificate's number compared with its register, a provider's qualification, a background check."""
    return [RegisterCheck, QualificationCheck, BackgroundCheck]


@hookimpl
def register_slots(settings: Mapping[str, Any]) -> Sequence[type[SlotFill]]:
    """Beside the form of the authorisation: what it must say to hold."""
    return [WhatToHandIn]


@hookimpl
def register_notices(settings: Mapping[str, Any]) -> Sequence[NoticeText]:
    """Words of notices and mails where core's would leave somebody at a loss."""
    return list(NOTICES)
