"""Whatever nonsense a hook returns, or a strategy says of itself, stops the start with the plugin's name."""

from types import ModuleType

import pytest

from marketwright import plugin as door
from marketwright.hooks.installed import HOOKS
from marketwright.hooks.manager import load_plugins
from marketwright.kernel.errors import BadSetting
from marketwright.testing import make_desk

STRATEGIES = {
    "register_adapters": door.MailAdapter, "register_contract_templates": door.ContractTemplate,
    "register_deliverables": door.Deliverable, "register_embedders": door.Embedder,
    "register_estimators": door.Estimator, "register_journals": door.Journal,
    "register_matching_criteria": door.MatchingCriterion, "register_payment_providers": door.PaymentProvider,
    "register_placements": door.Placement, "register_pricing_rules": door.PricingRule,
    "register_questionnaires": door.Questionnaire, "register_slots": door.SlotFill,
    "register_vetting_checks": door.VettingCheck,
}  # fmt: skip
RETURNED = {
    "nothing": lambda: None, "text": lambda: "abc", "a number": lambda: 3, "numbers": lambda: [3],
    "holes": lambda: [None], "a generator": lambda: (n for n in [1]), "a dictionary": lambda: {"a": 1},
    "a crash": lambda: {}["x"], "an end": lambda: exit(3),
}  # fmt: skip
WITH_A_DESK = ("register_blueprints", "register_commands")


def declared(base):
    """The names that a strategy declares for its subclasses."""
    return {n for cls in base.__mro__ for n in vars(cls).get("__annotations__", {})}


def made_of(base, **attributes):
    """A class of ``base`` whose methods answer nothing."""
    methods = {m: lambda self, *given, **more: None for m in base.__abstractmethods__}
    return type("Odd", (base,), methods | attributes)


def start(tmp_path, hook, returned):
    """The start of a marketplace with the plugin ``odd``, whose ``hook`` returns what ``returned()`` gives."""
    module = ModuleType("marketwright_odd")
    module.manifest = door.Manifest(name="odd", summary="Returns nonsense.")
    made = (lambda settings, desk: returned()) if hook in WITH_A_DESK else (lambda settings: returned())
    made.__name__ = hook
    setattr(module, hook, door.hookimpl(made))
    return load_plugins(["odd"], {}, lambda m, s: make_desk(m, s, tmp_path), {"odd": module})


@pytest.mark.parametrize("hook", sorted(HOOKS - {"on_event"}))
def test_what_is_no_list_of_what_the_hook_brings_is_refused_by_the_plugins_name(tmp_path, hook):
    for returned in RETURNED.values():
        with pytest.raises(BadSetting, match="plugin odd"):
            start(tmp_path, hook, returned)


@pytest.mark.parametrize("hook", STRATEGIES)
def test_a_strategy_without_its_methods_is_refused_by_the_plugins_name(tmp_path, hook):
    with pytest.raises(BadSetting, match="plugin odd"):
        start(tmp_path, hook, lambda: [type("Odd", (STRATEGIES[hook],), {})])


@pytest.mark.parametrize("hook", STRATEGIES)
def test_a_strategy_that_says_nothing_of_itself_is_refused_by_the_plugins_name(tmp_path, hook):
    with pytest.raises(BadSetting, match="plugin odd: Odd"):
        start(tmp_path, hook, lambda: [made_of(STRATEGIES[hook])])


@pytest.mark.parametrize("hook", STRATEGIES)
def test_a_strategy_that_says_nonsense_of_itself_is_refused_by_the_plugins_name(tmp_path, hook):
    for said in (7, None, "Of Many Words!"):
        odd = made_of(STRATEGIES[hook], **dict.fromkeys(declared(STRATEGIES[hook]), said))
        with pytest.raises(BadSetting, match="plugin odd: Odd"):
            start(tmp_path, hook, lambda: [odd])  # noqa: B023


def test_an_assessment_that_nobody_could_pass_is_refused_by_the_plugins_name(tmp_path):
    task = door.Assessment("Sort it.", (door.Criterion("care", "Care", ((0, "None."), (5, "All."))),), 6, 2)
    odd = made_of(door.AssessedCheck, name="odd", label="Odd", compared="a task", source="a rubric", assessment=task)
    with pytest.raises(BadSetting, match=r"plugin odd: Odd: its assessment is not sound: its pass mark is 6, of 5"):
        start(tmp_path, "register_vetting_checks", lambda: [odd])
