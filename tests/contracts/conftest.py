"""A stage with two sides for every test of contracts."""

import pytest

from marketwright.testing.agreed import Stage


@pytest.fixture
def stage(house):
    """Two sides with their legal identities and a mission; ``standard_contracts`` draws the papers."""
    return Stage(house).meet()




def pytest_collection_modifyitems(items):
    for item in items:
        if "/contracts/" in str(item.path) and not any(item.iter_markers("plugins")):
            item.add_marker(pytest.mark.plugins("standard_contracts"))
