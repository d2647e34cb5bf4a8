"""``marketwright config``: what is in force and whence, carried and compared between stages, changed and undone."""

import json
import tomllib

import pytest
from click.testing import CliRunner

from marketwright.cli import group
from marketwright.features.facets.service import rewrite
from marketwright.kernel.actors import system
from marketwright.settings.places import key_at
from marketwright.strategies.fields import Field, FieldForm

TOML = """locked = ["legal.name"]
plugins = ["commission"]

[marketplace]
name = "Testing"
slug = "testing"

[[plugin.commission.rules]]
name = "fee"
side = "client"
bps = 600
"""


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    (tmp_path / "marketplace.toml").write_text(TOML)
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", database_url)

    def call(*words):
        return CliRunner().invoke(group, ["-C", str(tmp_path), "config", *words])

    return call


def origin(run, key):
    return json.loads(run("show", "--origin", "--json").stdout)[key]


def test_each_value_says_where_it_comes_from(run):
    assert run("set", "deal.proposal_days", "30", "--note", "Slow season").exit_code == 0
    shown = run("show", "--origin").stdout
    assert 'marketplace.name = Testing  # file' in shown
    assert 'deal.review_days = 14  # default' in shown
    assert 'deal.proposal_days = 30  # console: version 1, ' in shown
    assert '# environment: MARKETWRIGHT_DATABASE_URL' in shown


def test_what_is_exported_is_a_file_with_the_changes_in_it(run):
    run("set", "marketplace.languages", '["fr"]')
    made = tomllib.loads(run("export").stdout)
    assert (made["marketplace"]["languages"], made["plugin"]["commission"]["rules"][0]["bps"]) == (["fr"], 600)
    assert json.loads(run("export", "--changes", "--json").stdout) == {"marketplace": {"languages": ["fr"]}}


def test_two_stages_are_compared_key_by_key(run, tmp_path):
    (tmp_path / "other.toml").write_text(run("export").stdout)
    assert run("diff", str(tmp_path / "other.toml")).exit_code == 0
    run("set", "deal.proposal_days", "30")
    differ = run("diff", str(tmp_path / "other.toml"), "--json")
    assert differ.exit_code == 1
    assert json.loads(differ.stdout) == [{"key": "deal.proposal_days", "here": 30, "there": 14}]


def test_the_history_is_printed_and_a_version_undone(run):
    run("set", "deal.proposal_days", "30", "--note", "Slow season")
    assert run("undo", "1").exit_code == 0
    newest, first = json.loads(run("history", "--json").stdout)
    assert (first["after"], first["note"], first["undone"]) == ("30", "Slow season", "by 2")
    assert origin(run, "deal.proposal_days") == {"value": 14, "origin": "default"}
    assert newest["after"] == "as the file"


def test_a_key_goes_back_to_the_file(run):
    run("set", "marketplace.name", "Lighthouse")
    run("set", "marketplace.name", "--file")
    assert origin(run, "marketplace.name") == {"value": "Testing", "origin": "file"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("set", "legal.name", "X"), "locked in marketplace"),
        (("set", "legal.nom", "X"), "no such setting"),
        (("set", "deal.proposal_days", "soon"), "integer"),
        (("undo", "7"), "no such change"),
        (("diff", "nowhere.toml"), "cannot be read"),
    ],
)
def test_wrong_input_is_refused_in_words(run, words, says):
    done = run(*words)
    assert done.exit_code == 1
    assert says in str(done.exception)


def test_a_password_is_never_printed(run, tmp_path):  # S48
    with (tmp_path / "marketplace.toml").open("a") as file:
        file.write('[mail]\nsmtp = "smtp://us:secret@mail.example"\n')
    assert "secret" not in run("show").stdout + run("export").stdout
    assert "smtp://us:***@mail.example" in run("show").stdout


def test_what_the_console_said_and_cannot_be_built_any_more_names_its_way_back(run, tmp_path):
    run("set", "plugin.commission.rules", '[{name = "fee", side = "client", bps = 700}]')
    run("set", "plugins", '["commission", "sandbox"]')
    (tmp_path / "plugins" / "sandbox" / "marketwright_sandbox").mkdir(parents=True)
    (tmp_path / "plugins" / "sandbox" / "marketwright_sandbox" / "__init__.py").write_text("raise OSError('gone')")
    done = run("check")
    assert done.exit_code == 1
    assert run("undo", "2").exit_code == 0
    assert run("check").exit_code == 0


def test_a_field_that_the_file_no_longer_declares_is_named_with_how_many_have_answered_it(run, house):
    with house.database.unit(system("tests")) as uow:
        field = Field("profile", "clearance", FieldForm.TEXT, {"en": "Clearance"})
        rewrite(uow, owner_kind="profile", owner_id="a" * 16, fields=[field], values={"clearance": "secret"})
        uow.commit()
    assert "the field clearance, which 1 of the profiles" in run("check").stdout


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[deal]\nfee = \n", (2, "deal.fee")),
        ("[deal]\nfee = 1\n[legal\nname = 1\n", (3, "legal")),
        ("[deal]\nfee = 1\n[deal]\n", (3, "deal")),
        ("[[rule]]\na = 1\na = 2\n", (3, "rule.0.a")),
    ],
)
def test_a_file_that_is_no_toml_is_refused_at_its_line_and_key(text, place):
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    assert key_at(text, str(refused.value)) == place
