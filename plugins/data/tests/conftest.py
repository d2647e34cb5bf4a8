"""A running marketplace of the niche for its golden deal."""

import pytest

from marketwright.testing.stations import browser, sit_down, site, vetter, watch  # noqa: F401  fixtures


@pytest.fixture(scope="module")
def answers():
    return {"project_name": "Lattice", "project_slug": "lattice", "niche": "data"}
