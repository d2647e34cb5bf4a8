"""Fixtures, fakes and conformance kits: installed with the package, for plugin authors too.

What a test of a plugin imports comes from here by name: ``from marketwright.testing import PricingRuleConformance``.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "AdapterConformance": "kits.adapters",
    "ConditionConformance": "kits.conditions",
    "ContractTemplateConformance": "kits.documents",
    "CountryConformance": "kits.countries",
    "DeliverableConformance": "kits.deliverables",
    "Effect": "kits.payments",
    "EmbedderConformance": "kits.embedders",
    "EstimatorConformance": "kits.estimators",
    "FakeClock": "desks",
    "FakeHttp": "http",
    "FarSide": "kits.payments",
    "MatchingCriterionConformance": "kits.matching",
    "NichePackConformance": "kits.niches",
    "PaymentProviderConformance": "kits.payments",
    "PlacementConformance": "kits.placements",
    "PluginConformance": "kits.plugins",
    "PricingRuleConformance": "kits.pricing",
    "QuestionnaireConformance": "kits.questionnaires",
    "Used": "used",
    "ThemeConformance": "kits.themes",
    "VettingCheckConformance": "kits.vetting",
    "WordsEmbedder": "embedders",
    "make_desk": "desks",
    "sign": "inbox",
    "used_in": "used",
}

__all__ = sorted(_NAMES)  # noqa: PLE0605  the table is the list


def __getattr__(name: str) -> Any:
    """Each public name from its module when first asked for: the pytest plugin alone loads none of them."""
    if name not in _NAMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_NAMES]
