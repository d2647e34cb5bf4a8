"""The code in each tutorial is whole, short, and passes its kits: written out as it stands there, and run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from marketwright.testing.kits.payments.flags import Promising

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorials"
LONGEST = {"pricing-rule": 30, "matching-criterion": 30, "contract-template": 30, "vetting-check": 80,
           "payment-provider": 200, "placement": 30, "slot": 30, "adapter": 40, "niche-pack": 30, "condition": 30,
           "questionnaire": 50, "deliverable": 90, "assessed-check": 40, "tables": 90}  # fmt: skip
KITLESS = {"slot", "niche-pack", "tables"}  # what they bring has no kit of its own: theirs is that of every plugin
CLOSED = {  # reasons to skip a test: flags of what the tutorial's plugin does not declare
    "it has no assessment", "it keeps no files", "it sends no mail", "its manifest declares no hosts",
    "its manifest declares no inbox",
}  # fmt: skip
PAGES = sorted(p.stem for p in TUTORIALS.glob("*.md"))


def files(page):
    """Path and text of each file in a tutorial: Python that begins with its path in a comment, others beside ```."""
    text = (TUTORIALS / f"{page}.md").read_text("utf-8")
    python = re.findall(r"```python\n# (\S+\.py)\n(.*?)```", text, re.DOTALL)
    return dict(python + re.findall(r"```(?:html|csv|po) (\S+)\n(.*?)```", text, re.DOTALL))


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("tutorials")
    for page in PAGES:
        for path, text in files(page).items():
            file = place / page / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        (place / page / "README.md").write_text((TUTORIALS / f"{page}.md").read_text("utf-8"), "utf-8")
    return [place / page for page in PAGES]


@pytest.fixture(scope="module")
def tested(folders):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir=/",
         "-W", "error", "--import-mode=importlib", *(str(f / "tests") for f in folders),
         "-o", f"pythonpath={' '.join(map(str, folders))}"],
        capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "300"},
    )  # fmt: skip


def test_the_plugins_of_all_tutorials_pass_their_whole_kits(tested):
    assert tested.returncode == 0, tested.stdout[-4000:]


@pytest.mark.parametrize("page", PAGES)
def test_a_tutorial_runs_the_kit_of_every_plugin_and_that_of_its_kind(tested, page):
    lines = [line for line in tested.stdout.splitlines() if f"/{page}/tests/" in line]
    assert any("TestPlugin::" in line for line in lines)
    assert page in KITLESS or any("test_it_says_what_it_is_called" in line or "[covered." in line for line in lines)
    undeclared = {name for name in dir(Promising) if name.startswith("test_")}  # opened by flags that it lacks
    skipped = [line for line in lines if "SKIPPED" in line and not any(f"({why})" in line for why in CLOSED)]
    assert not [line for line in skipped if line.partition("::test_")[2].partition("[")[0] not in
                {name.removeprefix("test_") for name in undeclared}]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_plugin_of_a_tutorial_is_as_short_as_promised(page):
    code = [text for path, text in files(page).items() if path.startswith("marketwright_") and not path.endswith(".po")]
    lines = "\n".join(code).splitlines()
    assert len([line for line in lines if line.strip()]) <= LONGEST[page]


def test_each_tutorial_has_its_length():
    assert set(PAGES) == set(LONGEST)
