"""A stage with two sides for every test of contracts."""

import importlib.util
from pathlib import Path

import pytest

from marketwright.app import build_house
from marketwright.testing.agreed import Stage
from marketwright.testing.remembered import remembered


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


permit, dated, seal = _beside("permit"), _beside("dated"), _beside("seal")


@pytest.fixture
def house(marketplace):
    """The house of the test's marketplace, with this folder's own plugin where it is named."""
    made = build_house(marketplace, {"permit": permit, "dated": dated, "seal": seal})
    yield made
    made.database.dispose()


@pytest.fixture
def stage(house):
    """Two sides with their legal identities and a mission; ``standard_contracts`` draws the papers."""
    return remembered(house, met)


def met(house):
    return Stage(house).meet()




def pytest_collection_modifyitems(items):
    for item in items:
        if "/contracts/" in str(item.path) and not any(item.iter_markers("plugins")):
            item.add_marker(pytest.mark.plugins("standard_contracts"))
