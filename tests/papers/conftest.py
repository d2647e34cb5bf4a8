"""A deal whose conditions ask for papers."""

import importlib.util
from pathlib import Path

import pytest

from marketwright.app import build_house
from marketwright.testing.agreed import Stage
from marketwright.testing.remembered import remembered

_spec = importlib.util.spec_from_file_location("asking", Path(__file__).with_name("asking.py"))
asking = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(asking)


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/papers/" in str(item.path):
            item.add_marker(pytest.mark.plugins("standard_contracts", "sandbox", "asking"))


@pytest.fixture
def house(marketplace):
    made = build_house(marketplace, {"asking": asking})
    yield made
    made.database.dispose()


@pytest.fixture
def deal(house):
    """Two milestones, signed by both."""
    return remembered(house, signed)


def signed(house):
    return Stage(house).meet().signed(100_000, 50_000)


@pytest.fixture
def permit(deal):
    """The address of the permit's page, and the form as typed, opening in ten days."""
    from datetime import timedelta

    opens = (deal.house.clock.business() + timedelta(days=10)).date().isoformat()
    return f"/contracts/{deal.contract}/conditions/asking.permit/paper", asking.typed(opens=opens)
