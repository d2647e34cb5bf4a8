"""What is wrong with a plugin stops the start, with its name and the fix."""

from dataclasses import replace
from types import ModuleType

import pytest
from marshmallow import Schema, fields

from marketwright.features.contracts.bundled import INVOICE
from marketwright.hooks.desk import Desk, NoActions
from marketwright.hooks.manager import load_plugins
from marketwright.kernel.errors import BadSetting, PluginFailed
from marketwright.kernel.guard import inside_unit
from marketwright.kernel.time import SystemClock
from marketwright.plugin import Line, Manifest, PricingRule, Quote, hookimpl


def module(name="one", **attributes):
    made = ModuleType(name)
    made.manifest = Manifest(name=name, summary="A plugin of the tests.")
    for key, value in attributes.items():
        setattr(made, key, value)
    return made


def load(*modules, settings=None, names=None, tmp_path=None):
    def make_desk(manifest, checked):
        return Desk(manifest.name, checked, SystemClock(), tmp_path, {}, manifest.acts, "", "demo", "EUR", NoActions())

    return load_plugins(
        names or [m.__name__ for m in modules], settings or {}, make_desk, {m.__name__: m for m in modules}
    )


class Free(PricingRule):
    name = "free"

    def lines(self, quote: Quote) -> list[Line]:
        return []


@hookimpl
def register_pricing_rules(settings):
    return [Free]


def test_an_unknown_plugin_is_named_with_those_installed():
    with pytest.raises(BadSetting, match=r"no plugin named 'nobody' is installed.*Installed are:"):
        load(names=["nobody"])


def test_a_plugin_listed_twice_is_refused():
    with pytest.raises(BadSetting, match=r"'one' stands twice"):
        load(module(), names=["one", "one"])


def test_settings_for_a_plugin_that_is_not_enabled_are_refused():
    with pytest.raises(BadSetting, match=r"\[plugin.two\].*not enabled"):
        load(module(), settings={"two": {}})


def test_a_misspelt_hook_is_named():
    @hookimpl
    def register_pricing_rulez(settings):
        return []

    with pytest.raises(BadSetting, match="register_pricing_rulez"):
        load(module(register_pricing_rulez=register_pricing_rulez))


def test_a_function_with_a_hooks_name_but_no_mark_is_named():
    def register_pricing_rules(settings):
        return []

    with pytest.raises(BadSetting, match=r"register_pricing_rules\(\) has a hook's name but no mark"):
        load(module(register_pricing_rules=register_pricing_rules))


def test_tryfirst_is_refused_because_the_file_says_the_order():
    @hookimpl(tryfirst=True)
    def register_pricing_rules(settings):
        return []

    with pytest.raises(BadSetting, match="tryfirst"):
        load(module(register_pricing_rules=register_pricing_rules))


def test_a_bad_setting_names_plugin_and_key():
    class Settings(Schema):
        days = fields.Int(required=True)

    plugin = module()
    plugin.manifest = Manifest(name="one", summary="", settings=Settings)
    with pytest.raises(BadSetting, match=r"\[plugin.one\] days"):
        load(plugin, settings={"one": {"days": "many"}})


def test_an_unknown_setting_is_refused():
    with pytest.raises(BadSetting, match=r"\[plugin.one\] colour"):
        load(module(), settings={"one": {"colour": "red"}})


def test_a_hook_that_returns_nonsense_is_named():
    @hookimpl
    def register_pricing_rules(settings):
        return [42]

    with pytest.raises(BadSetting, match=r"register_pricing_rules.* returned 42"):
        load(module(register_pricing_rules=register_pricing_rules))


def test_p3_two_plugins_that_bring_one_process_are_refused_and_both_are_named():
    @hookimpl
    def register_processes():
        return [replace(INVOICE, name="mine")]

    brings = {"register_processes": register_processes}
    with pytest.raises(BadSetting, match=r"'one'.*'two'.*'mine'|'mine'.*'one'.*'two'"):
        load(module("one", **brings), module("two", **brings))


def test_two_plugins_may_bring_rules_and_keep_the_order_of_the_list():
    rules = {"register_pricing_rules": register_pricing_rules}
    found = load(module("two", **rules), module("one", **rules))
    assert [entry.plugin for entry in found.pricing_rules] == ["two", "one"]


def test_a_failing_strategy_is_named_and_changes_nothing():
    found = load(module(register_pricing_rules=register_pricing_rules))
    with pytest.raises(PluginFailed, match=r"one failed in lines: ZeroDivisionError"):
        found.pricing_rules[0].ask("lines", lambda rule: 1 // 0)


def test_an_answer_that_makes_no_sense_is_named_and_counted_among_the_errors(tmp_path):
    plugins = load(module(register_pricing_rules=register_pricing_rules), tmp_path=tmp_path)
    with pytest.raises(PluginFailed, match="one failed in lines: it answered list"):
        plugins.pricing_rules[0].ask("lines", lambda rule: rule.lines(None), answers=dict)
    assert plugins.meters.by_hook["one", "lines"].errors == 1


def test_p1_no_plugin_is_called_while_a_unit_of_work_is_open():
    found = load(module(register_pricing_rules=register_pricing_rules))
    with inside_unit(), pytest.raises(RuntimeError, match="P1"):
        found.pricing_rules[0].ask("lines", lambda rule: rule.lines(None))


def test_two_applications_share_no_plugin():
    first = load(module(register_pricing_rules=register_pricing_rules))
    second = load(module())
    assert len(first.pricing_rules) == 1
    assert second.pricing_rules == ()


def test_core_with_no_plugin_says_what_is_missing(house):
    assert any("payments" in sentence for sentence in house.missing)
    assert any("ranking" in sentence for sentence in house.missing)
