"""Tables on a terminal and for a program."""

import pytest
from click.testing import CliRunner

from marketwright.cli import group
from marketwright.cli.shared import print_table


def test_a_row_is_one_line_for_a_program_however_long(capsys):
    print_table(["name", "summary"], [["core_matching", "word " * 60]])
    assert capsys.readouterr().out.splitlines()[1:] == ["core_matching  " + ("word " * 60).strip()]


def test_a_name_is_never_broken_on_a_narrow_terminal(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "50")
    print_table(["name", "summary"], [["standard_contracts", "word " * 60]])
    assert "standard_contracts" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["plugin", "theme", "marketplace"])
def test_baking_without_anybody_to_ask_says_what_to_give(kind, tmp_path):
    done = CliRunner().invoke(group, ["new", kind, "--into", str(tmp_path)], input="")
    assert done.exit_code == 2
    assert "--no-input" in done.output
    assert list(tmp_path.iterdir()) == []
