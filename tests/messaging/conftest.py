"""Two sides who talk."""

import pytest

from marketwright.testing.negotiation import Negotiation


@pytest.fixture
def scene(house):
    return Negotiation(house).meet()
