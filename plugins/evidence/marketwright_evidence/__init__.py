"""Vetting by documents that people hand in and a named person of staff reads; each counts for so many days."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.plugin import Manifest, VettingCheck, hookimpl
from marketwright_evidence.documents import DocumentsCheck
from marketwright_evidence.settings import EvidenceSettings

manifest = Manifest(
    name="evidence",
    summary="Documents that prove claims, insurance or a company's registration, read by a named person.",
    settings=EvidenceSettings,
    core=">=0.1,<0.2",
    personal_data=("name", "documents"),
)


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> Sequence[type[VettingCheck]]:
    """One check, ``documents``, for freelancers and clients."""
    return [DocumentsCheck]
