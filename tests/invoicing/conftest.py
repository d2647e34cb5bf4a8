"""A deal whose money is never held, and its bill."""

import pytest

from marketwright.features.invoicing import queries
from marketwright.testing.agreed import Stage
from marketwright.testing.remembered import remembered


@pytest.fixture
def stage(house):
    """Two sides with their legal identities and a mission."""
    return remembered(house, met)


def met(house):
    return Stage(house).meet()


@pytest.fixture
def bill(stage):
    """An open bill over 1,200.00 EUR: work 1,000.00 and its tax; fees 3 % and 7 % of the work."""
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    with stage.house.database.reading() as session:
        (found,) = queries.bills_of(session, stage.contract)
    return found


def pytest_collection_modifyitems(items):
    for item in items:
        if "/invoicing/" in str(item.path) and not any(item.iter_markers("plugins")):
            item.add_marker(pytest.mark.plugins("standard_contracts"))
