"""The data niche: its skills, the brief's own fields, clauses on data, words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marketwright.plugin import ContractTemplate, Estimator, Field, Manifest, Taxonomy, VettingCheck, hookimpl
from marketwright_data.clauses import DataClauses
from marketwright_data.estimator import DataDays
from marketwright_data.fields import FIELDS
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
    """Sections on rights in the data, quality, access and deletion, added to every services agreement."""
    return [DataClauses]


@hookimpl
def register_estimators(settings: Mapping[str, Any]) -> Sequence[type[Estimator]]:
    """Sources times their kind, plus volume, care and the two ends."""
    return [DataDays]


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> Sequence[type[VettingCheck]]:
    """A sample task that two assessors mark by a public rubric."""
    return [SampleTask]
