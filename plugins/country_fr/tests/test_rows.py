"""Every row of the law that the README lists has its test, under the name that stands there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LISTED = re.findall(
    r"^\| (R\d+) \|.*`(.+)::(.+)` \|$", (ROOT / "plugins/country_fr/README.md").read_text("utf-8"), re.M
)
ASKED = {"R26", "R27", "R28", "R29", "R30", "R31", "R32", "R33", "R34", "R44", "R45"}


def test_every_row_that_was_asked_for_is_listed():
    assert {row for row, _file, _name in LISTED} == ASKED


@pytest.mark.parametrize(("row", "file", "name"), LISTED)
def test_the_test_of_a_row_is_there(row, file, name):
    assert f"def {name}(" in (ROOT / file).read_text("utf-8"), row
