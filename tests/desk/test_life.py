"""Living with plugins: the command line, a safe start, what the file says."""

import json
from dataclasses import replace
from types import ModuleType

import pytest
from click.testing import CliRunner

from marketwright.app import build_house, create_app
from marketwright.cli import group
from marketwright.features.accounts import service as accounts
from marketwright.features.vetting.checks import Asked
from marketwright.kernel.actors import system
from marketwright.kernel.errors import BadSetting
from marketwright.plugin import Manifest
from marketwright.settings.editing import with_plugins
from marketwright.testing.browse import Browse

FILE = """
plugins = ["evidence", "core_matching"]

[marketplace]
name = "Testing"
slug = "testing"
stage = "demo"
languages = ["en"]
country = "FR"
currency = "EUR"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "marketplace.toml").write_text(FILE)
    return tmp_path


@pytest.fixture
def run(folder):
    def call(*words, code=0):
        found = CliRunner().invoke(group, ["-C", str(folder), *words], catch_exceptions=False)
        assert found.exit_code == code, found.output
        return found.output

    return call


def enabled(run):
    rows = json.loads(run("plugins", "list", "--json"))
    return [r["name"] for r in sorted(rows, key=lambda r: r["order"] or 99) if r["enabled"] == "yes"]


def test_the_list_names_all_there_are_and_the_order_of_those_enabled(run):
    rows = {r["name"]: r for r in json.loads(run("plugins", "list", "--json"))}
    assert (rows["evidence"]["order"], rows["core_matching"]["order"], rows["sandbox"]["enabled"]) == (1, 2, "no")


def test_before_there_is_a_database_the_file_is_changed_and_the_rest_of_it_stays(run, folder):
    run("plugins", "disable", "evidence")
    run("plugins", "enable", "commission")
    assert (folder / "marketplace.toml").read_text() == FILE.replace(
        '["evidence", "core_matching"]', '["core_matching", "commission"]'
    )


def test_with_a_database_the_consoles_layer_is_changed_and_the_file_stays(run, folder):
    run("db", "upgrade")
    run("plugins", "disable", "evidence")
    assert enabled(run) == ["core_matching"]
    assert (folder / "marketplace.toml").read_text() == FILE


def test_the_order_is_changed(run):
    run("db", "upgrade")
    run("plugins", "move", "--", "core_matching", "-1")
    assert enabled(run) == ["core_matching", "evidence"]


def test_a_plugin_that_cannot_be_built_leaves_the_file_as_it_was(run, folder):
    package = folder / "plugins" / "broken" / "marketwright_broken"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('no')\n")
    with pytest.raises(BadSetting, match="cannot be imported"):
        run("plugins", "enable", "broken")
    assert (folder / "marketplace.toml").read_text() == FILE


def test_everything_there_is_to_say_of_one(run):
    said = json.loads(run("plugins", "show", "evidence", "--json"))
    assert said["personal_data"] == ["name", "documents"]
    assert said["brings"] == [["register_vetting_checks", "documents"]]


def test_the_doctor_names_what_is_missing_and_says_so_by_its_exit_code(run):
    run("db", "upgrade")
    found = json.loads(run("plugins", "doctor", "--json", code=1))
    assert any("payments" in row["finding"] for row in found)


def test_a_list_over_several_lines_is_changed_too():
    text = 'plugins = [\n  "a",  # first\n  "b",\n]\n[marketplace]\n'
    assert with_plugins(text, ["b"]) == 'plugins = [\n  "b",\n]\n[marketplace]\n'


def test_a_file_without_the_list_gets_one():
    assert with_plugins("[marketplace]\n", ["a"]) == 'plugins = ["a"]\n[marketplace]\n'


# a safe start


def strange():
    made = ModuleType("strange")
    made.manifest = Manifest(name="strange", summary="Not core's own.")
    return made


@pytest.fixture
def safe(marketplace):
    asked = replace(marketplace, plugins=("strange", "evidence"), safe=True,
                    gates={"propose": ("documents", "of_strange")})  # fmt: skip
    house = build_house(asked, {"strange": strange()})
    yield house
    house.database.dispose()


def test_a_safe_start_leaves_out_what_is_not_cores_own(safe):
    assert [p.name for p in safe.plugins.enabled] == ["evidence"]
    assert safe.left_out == ("strange",)


def test_a_gate_whose_check_is_left_out_stays_closed(safe):
    assert "of_strange" in safe.ports.get(Asked).checks("propose", "freelancer")


def test_every_page_of_the_console_says_that_the_start_was_safe(safe):
    with safe.database.unit(system("tests")) as uow:
        boss = accounts.create_account(uow, email="b@example.org", name="Boss", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=boss, roles=["admin"])
        uow.commit()
    app = create_app(safe.marketplace, safe)
    app.testing = True
    visitor = Browse(app).sign_in(boss)
    for path in ("/console", "/console/plugins", "/console/jobs"):
        page = visitor.get(path).text
        assert "Started safely" in page
        assert "Left out: strange." in page


WRITTEN = """plugins = [
  "a",
  # what b is for
  "b",      # ours
  "c"       # the last
]
[marketplace]
"""


@pytest.mark.parametrize(
    ("names", "made"),
    [
        (["a", "b", "c", "d"], WRITTEN.replace('"c"  ', '"c",  ').replace("]\n[", '  "d",\n]\n[')),
        (["a", "c"], WRITTEN.replace('  "b",      # ours\n', "").replace('"c"  ', '"c",  ')),
        (["c", "a"], 'plugins = ["c", "a"]\n[marketplace]\n'),
    ],
)
def test_a_list_of_one_name_a_line_stays_so_with_its_comments(names, made):
    assert with_plugins(WRITTEN, names) == made


def test_a_list_of_several_names_a_line_becomes_one_line():
    assert with_plugins('plugins = [\n  "a", "b",\n  "c",\n]\n', ["a", "b"]) == 'plugins = ["a", "b"]\n'
