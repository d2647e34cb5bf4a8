"""``marketwright theme`` and ``new theme``: what a person at the command line reads."""

import json

import pytest
from click.testing import CliRunner

from marketwright.cli import group

SETTINGS = """\
plugins = []
[marketplace]
name = "Sample"
slug = "sample"
stage = "demo"
languages = ["en"]
country = "FR"
currency = "EUR"
base_url = "http://localhost"
theme = "bastion"
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "marketplace.toml").write_text(SETTINGS, "utf-8")
    own = tmp_path / "theme" / "templates" / "landing"
    own.mkdir(parents=True)
    (own / "drawing.html").write_text('{% extends "next:landing/drawing.html" %}', "utf-8")

    def call(*words):
        done = CliRunner().invoke(group, ["-C", str(tmp_path), *words])
        return done.output if done.exit_code == 0 else f"{done.output}{done.exception}"

    return call


def test_explain_names_the_winner_what_it_extends_and_what_is_hidden(run):
    said = json.loads(run("theme", "explain", "landing/drawing.html", "--json"))
    assert [(row["layer"], row["is"]) for row in said["layers"]] == [
        ("marketplace", "wins"), ("theme.bastion", "extended"), ("core", "hidden")
    ]  # fmt: skip
    assert "drawn by marketplace:landing/drawing.html inside theme.bastion:landing/drawing.html" in run(
        "theme", "explain", "landing/drawing.html"
    )


def test_explain_of_a_page_that_nobody_has_names_those_near_it(run):
    assert "Near it: content/fees.html" in run("theme", "explain", "content/fee.html")


def test_a_theme_that_is_nowhere_is_refused_with_those_installed(run):
    assert "no theme named 'zoo' is installed. Installed are: bastion" in run("theme", "check", "zoo")


def test_a_live_site_is_not_previewed(run, monkeypatch):
    monkeypatch.setenv("MARKETWRIGHT_STAGE", "live")
    monkeypatch.setenv("MARKETWRIGHT_SECRET_KEY", "x7" * 20)
    monkeypatch.setenv("MARKETWRIGHT_BASE_URL", "https://sample.example")
    assert "a live site is not previewed" in run("theme", "preview", "bastion", "--port", "8139")


@pytest.mark.parametrize(("answer", "says"), [
    ("theme_name=9lives", "theme_name: '9lives' must begin"), ("brand_colour=blue", "write it as #2f5d8a"),
    ("roundness=99", "no number of pixels from 0 to 40"), ("parent=zoo", "no theme 'zoo' is installed"),
])  # fmt: skip
def test_an_answer_that_could_not_work_is_refused_and_leaves_nothing(run, tmp_path, answer, says):
    assert says in run("new", "theme", "--no-input", "--into", str(tmp_path / "out"), answer)
    assert not (tmp_path / "out").exists()
