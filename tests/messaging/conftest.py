"""Two sides who talk."""

import pytest

from marketwright.testing.negotiation import Negotiation
from marketwright.testing.remembered import remembered


@pytest.fixture
def scene(house):
    return remembered(house, met)


def met(house):
    return Negotiation(house).meet()
