"""What the docs say is run: reference parts are fresh, links lead somewhere, commands exist."""

import re
import subprocess
import sys
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import click
import pytest

import marketwright.plugin as door
from marketwright.cli import COMMANDS, group
from marketwright.hooks import specs
from marketwright.hooks.desk import DeskRefused
from marketwright.testing import FakeHttp, make_desk
from marketwright.testing.http import answer

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("*/*/README.md"))]


def test_the_generated_parts_are_what_the_code_says():
    done = subprocess.run(
        [sys.executable, "scripts/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#]+)", page.read_text())
    missing = [link for link in links if not link.startswith("http") and not (page.parent / link).exists()]
    assert not missing


def test_every_hook_has_its_section():
    text = (ROOT / "docs" / "hooks.md").read_text()
    hooks = [name for name, f in vars(specs).items() if getattr(f, "__module__", "") == specs.__name__ and callable(f)]
    assert hooks
    assert all(f"\n## {name}\n" in text for name in hooks)


def commands_of(page):
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("marketwright "):
                yield line.split("#")[0].split()[1:]


@pytest.mark.parametrize("page", [p for p in PAGES if list(commands_of(p))], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_of_a_page_exists_with_its_options(page):
    for words in commands_of(page):
        assert words[0] in COMMANDS
        command = group.get_command(click.Context(group), words[0])
        rest = words[1:]
        while isinstance(command, click.Group) and rest:
            command = command.commands[rest[0]]
            rest = rest[1:]
        known = {o for p in command.params for o in p.opts}
        assert {w for w in rest if w.startswith("--")} <= known, words


PARTS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "desk.md").read_text(), re.DOTALL)


def test_the_pieces_of_code_about_the_desk_run_one_after_the_other(tmp_path):
    at_hand = {"timedelta": timedelta, "date": date, **vars(door)}
    exec(PARTS[0], at_hand)
    http = FakeHttp().on("POST", "/berths", answer({"number": 7}))
    at_hand["desk"] = make_desk(at_hand["manifest"], {}, tmp_path, http=http)
    for part in PARTS[1:]:
        alone = "no marketplace stands behind this desk"
        refused = re.search(r"\.(actions|jobs|tables)\.", part)
        with pytest.raises(DeskRefused, match=alone) if refused else nullcontext():
            exec(part, at_hand)
    assert at_hand["berth"] == {"number": 7}
    assert at_hand["known"] == b"[]"
