"""Two sides who negotiate, with commission and VAT."""

import pytest

from marketwright.testing.negotiation import Negotiation
from marketwright.testing.remembered import remembered


@pytest.fixture
def scene(house):
    return remembered(house, met)


def met(house):
    return Negotiation(house).meet()


def pytest_collection_modifyitems(items):
    for item in items:
        if "/proposals/" in str(item.path) and not any(item.iter_markers("plugins")):
            item.add_marker(pytest.mark.plugins("commission"))
