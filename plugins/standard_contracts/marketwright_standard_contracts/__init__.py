"""Documents of a deal in English and French: services agreement, confidentiality agreement, amendment."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.plugin import ContractTemplate, Manifest, hookimpl
from marketwright_standard_contracts.settings import ContractSettings
from marketwright_standard_contracts.templates import Amendment, Confidentiality, ServicesAgreement

manifest = Manifest(
    name="standard_contracts",
    summary="Services agreement, confidentiality agreement and amendment, in English and French.",
    settings=ContractSettings,
    core=">=0.1,<0.2",
    personal_data=("name", "email", "address"),
)


@hookimpl
def register_contract_templates(settings: Mapping[str, Any]) -> Sequence[type[ContractTemplate]]:
    """The three documents that every deal may need."""
    return [ServicesAgreement, Confidentiality, Amendment]
