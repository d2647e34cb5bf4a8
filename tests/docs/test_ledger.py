"""docs/ledger.md: its commands are there, its accounts are those of the ledger."""

import re
import shlex
from pathlib import Path

import pytest
from click import Context

from marketwright.cli import group
from marketwright.features.ledger.kinds import KINDS
from marketwright.features.ledger.rollups import EVERY

TEXT = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ marketwright (.+)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_of_the_page_is_understood(line):
    name, sub, *arguments = shlex.split(line)
    command = group.get_command(Context(group), name).get_command(Context(group), sub)
    assert command.make_context(sub, arguments, resilient_parsing=False).params


def test_the_page_names_every_kind_of_account_with_its_normal_side():
    rows = re.findall(r"^\| (`.+?) \| .+ \| (debit|credit) \|$", TEXT, re.MULTILINE)
    said = {name: side for names, side in rows for name in re.findall(r"`(\w+)", names)}
    assert said == {k.name: "debit" if k.debit else "credit" for k in KINDS.values()}


def test_the_page_says_how_often_is_rolled_up():
    assert f"every {EVERY:,} sealed numbers" in TEXT
