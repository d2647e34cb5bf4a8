"""The conformance kits on every plugin that a marketplace enables, with the settings that it gives them."""

from pathlib import Path
from types import ModuleType
from typing import Any

from marketwright import testing
from marketwright.hooks.local import load_local
from marketwright.hooks.manager import load_module
from marketwright.settings.loader import load_marketplace

STRATEGIES = {
    "register_conditions": "ConditionConformance",
    "register_deliverables": "DeliverableConformance",
    "register_estimators": "EstimatorConformance",
    "register_questionnaires": "QuestionnaireConformance",
    "register_countries": "CountryConformance",
    "register_matching_criteria": "MatchingCriterionConformance",
    "register_placements": "PlacementConformance",
    "register_embedders": "EmbedderConformance",
    "register_pricing_rules": "PricingRuleConformance",
    "register_contract_templates": "ContractTemplateConformance",
    "register_vetting_checks": "VettingCheckConformance",
}


OUTSIDE = ("VettingCheckConformance",)  # what a plugin asks elsewhere is played by its own tests


def kits_of(folder: Path) -> dict[str, type]:
    """Test classes by name, for a test module's globals: ``globals().update(kits_of(FOLDER))``.

    One for each enabled plugin, and one for each kind of strategy that it brings. The kit of payment providers is not
    among them, nor that of checks that ask an outside service: it needs the service played, as only the plugin's own
    tests can. An installed plugin's README stayed with its author, so only those of the folder are asked for theirs.
    """
    marketplace = load_marketplace(folder, {"MARKETWRIGHT_STAGE": "test"})
    here = load_local(folder, marketplace.plugins)
    found: dict[str, type] = {}
    for name in marketplace.plugins:
        module = here.get(name) or load_module(name)
        given: dict[str, Any] = {"plugin": module, "settings": marketplace.plugin_settings.get(name, {})}
        mine = given if name in here else given | {"test_it_has_a_readme": None}
        title = "".join(word.title() for word in name.split("_"))
        found[f"Test{title}"] = type(f"Test{title}", (testing.PluginConformance,), mine)
        for kit in _kits(module):
            found[f"Test{title}{kit.__name__}"] = type(f"Test{title}{kit.__name__}", (kit,), dict(given))
    return found


def _kits(module: ModuleType) -> list[type]:
    """The kits of the strategies that the plugin brings; a kind that has no kit is left out."""
    names = [kit for hook, kit in STRATEGIES.items() if hasattr(module, hook) and kit in testing.__all__]
    if module.manifest.hosts:
        names = [kit for kit in names if kit not in OUTSIDE]
    return [getattr(testing, name) for name in names]
