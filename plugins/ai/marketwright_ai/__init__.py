"""The AI niche: its skills, briefs that say how a model is measured, and what its contracts must settle."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marketwright.plugin import (
    Condition,
    ContractTemplate,
    Deliverable,
    Estimator,
    Field,
    Manifest,
    NoticeText,
    Process,
    Questionnaire,
    Taxonomy,
    VettingCheck,
    hookimpl,
)
from marketwright_ai.act import CLASS, ActQuestionnaire
from marketwright_ai.clauses import AiClauses
from marketwright_ai.conditions import CONDITIONS
from marketwright_ai.course import EVALUATION
from marketwright_ai.estimator import AiDays
from marketwright_ai.fields import MISSION, PROFILE
from marketwright_ai.handed import Baseline, Candidate, Evaluation, SecondRun
from marketwright_ai.notices import NOTICES
from marketwright_ai.peer_review import PeerReview

manifest = Manifest(
    name="ai", summary="Skills, brief, evaluation protocol and clauses of AI work.", niche=True, core=">=0.1,<0.2",
)
_HERE = Path(__file__).parent


@hookimpl
def register_taxonomies(settings: Mapping[str, Any]) -> Sequence[Taxonomy]:
    """219 skills of AI work, in English and French, with synonyms and hierarchy."""
    return [Taxonomy("ai", "Artificial intelligence", _HERE / "taxonomy" / "skills.csv")]


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> Sequence[Field]:
    """What an AI brief says of its model, its measure and its data; what a profile says of tools and public work."""
    return [*MISSION, CLASS, *PROFILE]


@hookimpl
def register_processes(settings: Mapping[str, Any]) -> Sequence[Process]:
    """A baseline, a candidate, a measure by whoever holds the test set; a second run where it is contested."""
    return [EVALUATION]


@hookimpl
def register_deliverables(settings: Mapping[str, Any]) -> Sequence[type[Deliverable]]:
    """What that course hands over."""
    return [Baseline, Candidate, Evaluation, SecondRun]


@hookimpl
def register_conditions(settings: Mapping[str, Any]) -> Sequence[Condition]:
    """The test set is sealed before money moves; the right to train is on file before a candidate."""
    return list(CONDITIONS)


@hookimpl
def register_contract_templates(settings: Mapping[str, Any]) -> Sequence[type[ContractTemplate]]:
    """Sections on measurement, data, weights, compute, documentation and the AI Act, added to every agreement."""
    return [AiClauses]


@hookimpl
def register_questionnaires(settings: Mapping[str, Any]) -> Sequence[type[Questionnaire]]:
    """Which class of the EU AI Act a project probably falls in, and from when its duties hold."""
    return [ActQuestionnaire]


@hookimpl
def register_estimators(settings: Mapping[str, Any]) -> Sequence[type[Estimator]]:
    """Days for the baseline, the candidate, its measure, and what compute, licences and the AI Act add."""
    return [AiDays]


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> Sequence[type[VettingCheck]]:
    """A work of one's own, marked by two peers and defended live."""
    return [PeerReview]


@hookimpl
def register_notices(settings: Mapping[str, Any]) -> Sequence[NoticeText]:
    """Words of notices and mails where core's would leave somebody at a loss."""
    return list(NOTICES)
