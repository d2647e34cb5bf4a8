"""``marketwright pricing``: a deal explained line by line, and other rules tried on what was signed."""

import json

import pytest
from click.testing import CliRunner

from marketwright.app import open_house
from marketwright.cli import group
from marketwright.features.contracts.tables import Contract
from marketwright.settings.loader import load_marketplace
from marketwright.testing.agreed import Stage

TOML = """plugins = ["commission", "standard_contracts"]

[marketplace]
name = "Testing"
slug = "testing"

[deal]
processes = ["invoice"]
"""
DEARER = '[[plugin.commission.rules]]\nname = "all"\nside = "freelancer"\nbps = 1200\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A marketplace with one contract over 1,000.00 that both signed."""
    folder = tmp_path_factory.mktemp("pricing")
    (folder / "marketplace.toml").write_text(TOML)
    assert CliRunner().invoke(group, ["-C", str(folder), "db", "upgrade"]).exit_code == 0
    house = open_house(load_marketplace(folder))
    stage = Stage(house).meet()
    stage.agree(60_000, 40_000, process="invoice")
    stage.send()
    for side in (stage.client, stage.freelancer):
        stage.sign(side)
    with house.database.reading() as session:
        row = session.get_one(Contract, stage.contract)
        names = row.reference, row.signed_at.date().isoformat()
    house.database.dispose()
    return folder, *names


@pytest.fixture
def run(folder):
    return lambda *words: CliRunner().invoke(group, ["-C", str(folder[0]), "pricing", *words])


@pytest.fixture
def rules(tmp_path):
    def write(text):
        (tmp_path / "rules.toml").write_text(text)
        return str(tmp_path / "rules.toml")

    return write


def test_a_deal_is_explained_line_by_line_in_words(run, folder):
    (told,) = json.loads(run("explain", folder[1], "--json").stdout)
    assert [ln["amount"] for ln in told["lines"] if ln["kind"] == "work"] == ["600.00 EUR", "400.00 EUR"]
    assert {ln["kind"]: ln["rule"] for ln in told["lines"]}["client_fee"]
    shown = run("explain", folder[1])
    assert f"{folder[1]}, priced on" in shown.stdout
    assert told["client_pays"] in shown.stdout


def test_a_deal_that_is_none_is_said(run):
    done = run("explain", "XYZ")
    assert done.exit_code != 0
    assert "no contract and no proposal 'XYZ'" in str(done.exception or done.output)


def test_other_rules_are_tried_on_what_was_signed_and_nothing_is_changed(run, rules, folder):
    day = folder[2]
    asked = ("simulate", rules(DEARER), "--since", f"{day[:4]}-01-01", "--until", f"{int(day[:4]) + 1}-01-01")
    done = run(*asked, "--json")
    (euro,) = json.loads(done.stdout)["currencies"]
    assert (euro["deals"], euro["affected"], euro["out_of_bounds"]) == (1, 1, [])
    assert (euro["work"], euro["fees"]["after"]) == ("1000.00", "120.00")
    assert [m["name"] for m in euro["months"]] == [day[:7]]
    assert "1 deals affected, 0 out of bounds" in run(*asked).stdout
    assert (folder[0] / "marketplace.toml").read_text() == TOML


def test_a_time_without_deals_is_said(run, rules):
    shown = run("simulate", rules(DEARER), "--since", "2001-01-01", "--until", "2001-04-01").stdout
    assert "No contract was signed from 2001-01-01" in shown


def test_a_time_that_ends_before_it_begins_is_refused(run, rules):
    done = run("simulate", rules(DEARER), "--since", "2026-04-01", "--until", "2026-01-01")
    assert (done.exit_code, "2026-01-01 is not after --since" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("rules = [", "not TOML"), ("", "no settings of plugins"), ("[deal]\nprovider = 'x'", "'deal' is no setting"),
        ("[plugin.absent]\na = 1", "'absent' is not enabled"), (DEARER.replace("1200", "1600"), "16 %"),
        (DEARER.replace("bps", "bpz"), "bpz"), (DEARER + "flat = { XXZ = 5 }", "rules.0.flat.XXZ: "),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_of_rules_is_named(run, rules, text, word):
    done = run("simulate", rules(text))
    assert done.exit_code != 0
    assert word in str(done.exception) + done.output
