"""A running marketplace for the tests of a module, and people who sit before a browser."""

import os
import shutil
import time
from pathlib import Path

import pytest

from marketwright.testing.browser import chromium, launched
from marketwright.testing.live import bake, fill, live

TEMPLATE = Path(__file__).parents[2] / "templates-cookiecutter" / "marketplace"
MOST = 120  # freelancers: enough for deals in every state, few enough to seed in seconds


def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not chromium():
                item.add_marker(pytest.mark.skip(reason="no Chromium here; set MARKETWRIGHT_CHROMIUM"))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A baked, seeded marketplace's folder, made once even where several processes run tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, mark, claim = shared / "seeded" / "bastion", shared / "seeded.done", shared / "seeded.claim"
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:
        end = time.monotonic() + 300
        while not mark.exists() and time.monotonic() < end:
            time.sleep(0.2)
        return folder
    bake(shared / "seeded", TEMPLATE, project_name="Bastion", project_slug="bastion", niche="cybersecurity")
    give_company(folder)
    fill(folder, most=MOST)
    mark.touch()
    return folder


def give_company(folder):
    """Say who runs the marketplace: nothing is invoiced before that is known."""
    said = {"name": "Bastion Place SAS", "form": "SAS", "registration_number": "732829320",
            "vat_number": "FR44732829320", "address": "14 rue de la Citadelle, 59000 Lille"}  # fmt: skip
    file = folder / "marketplace.toml"
    head, mark, legal = file.read_text("utf-8").partition("[legal]\n")
    for key, value in said.items():
        legal = legal.replace(f'{key} = ""\n', f'{key} = "{value}"\n', 1)
    file.write_text(head + mark + legal, "utf-8")


@pytest.fixture(scope="module")
def site(seeded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("live") / "bastion"
    with live(seeded, folder) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser():
    with launched() as running:
        yield running
