"""Every page in the themes that the other walks do not wear: what `test_every_page` asks, of people and of staff."""

import re
import shutil

import pytest
from tests.e2e.test_every_page import (  # noqa: F401
    PARTS,
    test_axe_finds_nothing_on_any_page,
    test_no_page_scrolls_sideways_at_any_width,
    test_no_page_writes_to_the_console_or_asks_another_origin,
    walked,
)

from marketwright.testing.live import live

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["lattice", "synapse"])
def site(seeded, tmp_path_factory, request):
    base = tmp_path_factory.mktemp(request.param)
    shutil.copytree(seeded, base / "dressed")
    file = base / "dressed" / "marketplace.toml"
    worn = re.sub(r'^theme = ".*"', f'theme = "{request.param}"', file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(worn, "utf-8")
    with live(base / "dressed", base / "live") as running:
        yield running
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="module", params=list(PARTS))
def part(request):
    return request.param
