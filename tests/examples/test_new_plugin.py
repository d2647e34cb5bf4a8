"""A baked plugin of every kind passes its tests at once; what could not work is refused, and leaves nothing behind."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from marketwright.app import build_house
from marketwright.baking.bake import bake
from marketwright.baking.plugins import kinds, problem
from marketwright.cli import group

KINDS = kinds()


@pytest.fixture(scope="module")
def baked(tmp_path_factory):
    place = tmp_path_factory.mktemp("plugins")
    return {kind: bake("plugin", {"plugin_name": f"my_{kind}", "kind": kind, "author": "Zoë"}, place) for kind in KINDS}


@pytest.fixture(scope="module")
def tested(baked):
    """What pytest says of all of them, run in one process as their author would run each."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir=/",
         "-W", "error", "--import-mode=importlib", *(str(f / "tests") for f in baked.values()),
         "-o", f"pythonpath={' '.join(map(str, baked.values()))}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_baked_plugin_passes_its_tests_at_once(tested):
    assert tested.returncode == 0, tested.stdout[-4000:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_baked_plugin_is_tested_by_the_kit_of_every_plugin_and_by_tests_of_its_own(tested, kind):
    lines = [line for line in tested.stdout.splitlines() if f"test_my_{kind}.py::" in line]
    assert any("TestPlugin::test_it_imports_the_door_alone" in line for line in lines)
    assert len(lines) > len([line for line in lines if "TestPlugin::" in line])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_template_is_left_in_a_baked_plugin(baked, kind):
    texts = [f.read_text("utf-8") for f in baked[kind].rglob("*") if f.is_file() and f.suffix != ".pyc"]
    assert not any("cookiecutter" in text for text in texts)
    assert not (baked[kind] / "kinds").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_baked_plugin_works_in_the_plugins_folder_of_a_marketplace(baked, kind, marketplace):
    from dataclasses import replace

    (marketplace.folder / "plugins").mkdir(exist_ok=True)
    (marketplace.folder / "plugins" / "it").symlink_to(baked[kind])
    house = build_house(replace(marketplace, plugins=(f"my_{kind}",)))
    house.database.dispose()
    assert [p.name for p in house.plugins.enabled] == [f"my_{kind}"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (["plugin_name=9lives"], "plugin_name: '9lives' must begin with a small letter"),
        (["plugin_name=class"], "plugin_name: 'class' is a word of Python"),
        (["kind=soup"], "kind: there is no kind 'soup'; there are matching_criterion"),
        (["summary=no stop"], "summary: one sentence"),
        (["colour=red"], "'colour=red' is no answer. Write KEY=VALUE"),
    ],
)
def test_an_answer_that_could_not_work_is_refused_with_the_reason(tmp_path, answers, says):
    done = CliRunner().invoke(group, ["new", "plugin", "--no-input", "--into", str(tmp_path), *answers])
    assert done.exit_code != 0
    assert says in done.output + str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_plugin_baked_into_a_marketplace_says_how_it_is_tried_there(tmp_path):
    (tmp_path / "marketplace.toml").write_text("")
    into = ["--into", str(tmp_path / "plugins")]
    said = CliRunner().invoke(group, ["new", "plugin", "--no-input", *into, "plugin_name=sector"]).output
    assert "./check plugins/sector" in said
    assert "pip install" not in said


def test_asked_one_by_one_a_wrong_answer_is_asked_again(tmp_path):
    done = CliRunner().invoke(
        group, ["new", "plugin", "--into", str(tmp_path)], input="Bad Name\ngood_name\npricing_rule\n\n"
    )
    assert "must begin with a small letter" in done.output
    assert (tmp_path / "good_name" / "marketwright_good_name" / "__init__.py").is_file()


def test_every_word_of_a_good_answer_is_taken():
    assert problem("plugin_name", "launch_fee2") == problem("kind", "placement") == problem("author", "") == ""
