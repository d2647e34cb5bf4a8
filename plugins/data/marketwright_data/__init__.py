"""The data niche: its skills, the brief's own fields, clauses on data, words."""

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
    Taxonomy,
    VettingCheck,
    hookimpl,
)
from marketwright_data.agreement28 import ProcessingAgreement
from marketwright_data.clauses import DataClauses
from marketwright_data.delivery import DELIVERY
from marketwright_data.estimator import DataDays
from marketwright_data.fields import FIELDS
from marketwright_data.lists import AccessList, Withdrawal
from marketwright_data.measure import MeasuredDelivery
from marketwright_data.notices import NOTICES
from marketwright_data.papers import CONDITIONS
from marketwright_data.sample_task import SampleTask

manifest = Manifest(
    name="data", summary="Skills, brief, estimates, papers and acceptance of data work.", niche=True,
    core=">=0.1,<0.2",
)  # fmt: skip
_HERE = Path(__file__).parent


@hookimpl
def register_taxonomies(settings: Mapping[str, Any]) -> Sequence[Taxonomy]:
    """245 skills of data work, in English and French, with synonyms and hierarchy."""
    return [Taxonomy("data", "Data", _HERE / "taxonomy" / "skills.csv")]


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> Sequence[Field]:
    """What a data brief says beyond any other (sources, volume, sensitivity), and what a profile does."""
    return FIELDS


@hookimpl
def register_contract_templates(settings: Mapping[str, Any]) -> Sequence[type[ContractTemplate]]:
    """Clauses for every services agreement; the processing agreement, the access list, its withdrawal."""
    return [DataClauses, ProcessingAgreement, AccessList, Withdrawal]


@hookimpl
def register_conditions(settings: Mapping[str, Any]) -> Sequence[Condition]:
    """The processing agreement where there is data of persons, the access list, its withdrawal at the end."""
    return CONDITIONS


@hookimpl
def register_processes(settings: Mapping[str, Any]) -> Sequence[Process]:
    """Papers and access first, accepted on a measured figure, access withdrawn before the last release."""
    return [DELIVERY]


@hookimpl
def register_deliverables(settings: Mapping[str, Any]) -> Sequence[type[Deliverable]]:
    """Checks with their counts, measured against the figure that was agreed on."""
    return [MeasuredDelivery]


@hookimpl
def register_estimators(settings: Mapping[str, Any]) -> Sequence[type[Estimator]]:
    """Sources times their kind, plus volume, care and the two ends."""
    return [DataDays]


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> Sequence[type[VettingCheck]]:
    """A sample task that two assessors mark by a public rubric."""
    return [SampleTask]


@hookimpl
def register_notices(settings: Mapping[str, Any]) -> Sequence[NoticeText]:
    """Words of notices and mails where core's would leave somebody at a loss."""
    return list(NOTICES)
