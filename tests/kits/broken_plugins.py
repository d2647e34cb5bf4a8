"""Whole plugins, each broken on purpose in one way, and one that is not: packages written where tests may import."""

import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import dedent

from marketwright.testing import PluginConformance

PLACE = Path(tempfile.mkdtemp(prefix="broken-plugins-"))
FAIR = '''
"""A fee, as an example."""

from marshmallow import Schema, fields, validate

from marketwright.plugin import Condition, Line, Manifest, PricingRule, Quote, Role, hookimpl


class Settings(Schema):
    """Its settings."""

    bps = fields.Int(load_default=500, validate=validate.Range(0, 1500))


manifest = Manifest(name="{name}", summary="A fee, as an example.", settings=Settings)


class Fee(PricingRule):
    """No fee at all."""

    name = "fee"

    def lines(self, quote: Quote) -> list[Line]:
        """None."""
        return []


@hookimpl
def register_pricing_rules(settings):
    return [Fee]


@hookimpl
def register_conditions(settings):
    return [Condition("{name}.seal", "A seal", "Bring one.", Role.CLIENT)]
'''
README = "# {name}\n\nA plugin of the tests. It brings one pricing rule that adds no fee, and one condition: a seal.\n"


def plugin(name, changes=(), readme=README, more="", files=(), package=""):
    """A package ``marketwright_<name>``: the fair one with texts replaced, something added, files beside it."""
    folder = PLACE / name / f"marketwright_{package or name}"
    folder.mkdir(parents=True)
    source = FAIR.replace("{name}", name)
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    (folder / "__init__.py").write_text(source + dedent(more))
    if readme:
        (folder.parent / "README.md").write_text(readme.replace("{name}", name))
    for path, text in dict(files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    spec = spec_from_file_location(folder.name, folder / "__init__.py", submodule_search_locations=[str(folder)])
    module = module_from_spec(spec)
    sys.modules[folder.name] = module
    spec.loader.exec_module(module)
    return module


class TestFair(PluginConformance):
    plugin = plugin("fair_one")


class TestMisnamed(PluginConformance):
    plugin = plugin("misnamed", package="other_name")
    caught_by = "test_its_name_is_that_of_its_package"


class TestTalksTooMuch(PluginConformance):
    plugin = plugin("talks", [('summary="A fee, as an example."', 'summary="A fee\\nand more"')])
    caught_by = "test_it_says_in_one_line_what_it_brings"


class TestSilent(PluginConformance):
    plugin = plugin("silent", [('"""A fee, as an example."""\n', "")])
    caught_by = "test_it_has_a_docstring"


class TestUnexplained(PluginConformance):
    plugin = plugin("unexplained", readme="")
    caught_by = "test_it_has_a_readme"


class TestReachesPastTheDoor(PluginConformance):
    plugin = plugin("reaches", more="from marketwright.kernel.money import Money\n")
    caught_by = "test_it_imports_the_door_alone"


class TestLeansOnAnother(PluginConformance):
    plugin = plugin("leans", files={"more.py": "import marketwright_commission\n"})
    caught_by = "test_it_imports_no_other_plugin"


class TestMisspelt(PluginConformance):
    plugin = plugin("misspelt", [("register_pricing_rules", "register_pricing_rulez")])
    caught_by = "test_it_loads_as_core_loads_it"


class TestShares(PluginConformance):
    plugin = plugin("shares", more="""
        _ONE = []


        def _same(cls, settings, desk):
            if not _ONE:
                _ONE.append(object.__new__(cls))
            return _ONE[0]


        Fee.__new__ = _same
        """)
    caught_by = "test_two_marketplaces_share_nothing_of_it"


class TestPhonesHome(PluginConformance):
    plugin = plugin("phones", more="""
        import contextlib
        import socket

        with contextlib.suppress(OSError, RuntimeError), socket.socket() as line:
            line.connect(("127.0.0.1", 9))
        """)
    caught_by = "test_importing_and_loading_it_reaches_for_no_network"


class TestLeavesATrace(PluginConformance):
    plugin = plugin("trace", more="""
        import os

        os.environ["TRACE_WAS_HERE"] = str(int(os.environ.get("TRACE_WAS_HERE", "0")) + 1)
        """)
    caught_by = "test_loading_it_leaves_no_trace"


class TestNeedsASetting(PluginConformance):
    plugin = plugin("needy", [("return [Fee]", 'return [Fee] if settings["bps"] != 500 else 1 / 0')])
    caught_by = "test_no_settings_load_or_are_refused_by_name"


class TestTakesAnything(PluginConformance):
    plugin = plugin("anything", [('    bps = fields', '''    class Meta:
        unknown = "include"

    def load(self, data, **more):
        return dict(data)

    bps = fields''')])  # fmt: skip
    caught_by = "test_an_unknown_setting_is_refused"


class TestCrashesOnNonsense(PluginConformance):
    plugin = plugin("crashes", [("validate=validate.Range(0, 1500)", "validate=lambda n: 1 // n")])
    caught_by = "test_nonsense_in_a_setting_is_refused_and_never_a_crash"


class TestForeignCondition(PluginConformance):
    plugin = plugin("foreign", [('"foreign.seal"', '"cybersecurity.seal"')])
    caught_by = "test_its_conditions_are_named_after_it"


class TestForeignPages(PluginConformance):
    plugin = plugin("pages", more="""
        from flask import Blueprint


        @hookimpl
        def register_blueprints(settings, desk):
            return [Blueprint("accounts", __name__)]
        """)
    caught_by = "test_its_pages_are_named_after_it"


class TestForeignTemplate(PluginConformance):
    plugin = plugin("dresses", files={"templates/layout.html": "<h1>Mine</h1>"})
    caught_by = "test_its_templates_lie_under_its_name"


class TestUndescribed(PluginConformance):
    plugin = plugin("undescribed", [('    """No fee at all."""\n', "")], more="Fee.__doc__ = None\n")
    caught_by = "test_what_it_brings_is_documented"


class TestLosesAPlace(PluginConformance):
    plugin = plugin("loses", files={
        "translations/fr.po": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
                              'msgid "Fee, %(rate)s"\nmsgstr "Frais, %(taux)s"\n'})
    caught_by = "test_its_translations_keep_every_place"


class TestShowsItsSecret(PluginConformance):
    plugin = plugin("secretive", [("settings=Settings", 'settings=Settings, secrets=("hunter2",)')])
    caught_by = "test_its_secrets_are_variables_of_the_environment"


class TestAnyHost(PluginConformance):
    plugin = plugin("anyhost", [("settings=Settings", 'settings=Settings, hosts=("https://*.example.org/",)')])
    caught_by = "test_its_hosts_are_hosts"


class TestStrands(PluginConformance):
    plugin = plugin("strands", more="""
        from marketwright.plugin import Process, Role, State, Transition

        @hookimpl
        def register_processes(settings):
            work = State("work", "Under way", Role.CLIENT, "Wait", deadline_days=3)
            states = (work, State("done", "Done", Role.CLIENT, "", end=True))
            over = Transition("finish", "Finish", "work", "done", Role.FREELANCER)
            says = "Whose turn it is may do nothing."
            return [Process("strands", 1, "Stranded", says, False, "work", states, (over,))]
        """)
    caught_by = "test_its_courses_are_sound"
