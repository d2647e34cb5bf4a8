"""A deal whose money moves, to be reviewed."""

import pytest

from marketwright.testing.agreed import Stage


@pytest.fixture
def stage(house):
    return Stage(house).meet()


def pytest_collection_modifyitems(items):
    for item in items:
        if "/reviews/" in str(item.path):
            item.add_marker(pytest.mark.plugins("standard_contracts"))
