"""A running marketplace of the niche for its golden deal."""

import shutil
from pathlib import Path

import pytest

from marketwright.testing.browser import chromium, launched
from marketwright.testing.live import Live, bake, live

TEMPLATE = Path(__file__).parents[3] / "templates-cookiecutter" / "marketplace"


def pytest_collection_modifyitems(items):
    for item in items:
        if str(item.path).endswith("ai/tests/test_golden_deal.py"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            if not chromium():
                item.add_marker(pytest.mark.skip(reason="no Chromium here; set MARKETWRIGHT_CHROMIUM"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A baked marketplace of the niche at work, with its skills and nobody in it."""
    base = tmp_path_factory.mktemp("golden")
    folder = bake(base / "baked", TEMPLATE, project_name="Synapse", project_slug="synapse", niche="ai",
                  theme="synapse")  # fmt: skip
    done = Live(folder).command("db", "upgrade")
    assert done.returncode == 0, done.stdout + done.stderr
    with live(folder, base / "live") as running:
        yield running
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="module")
def browser():
    with launched() as running:
        yield running
