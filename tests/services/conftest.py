"""A client, and a freelancer whose profile is in the lists, on a marketplace that sells services."""

import pytest

from marketwright.features.profiles.tables import Profile
from marketwright.settings.marketplace import DealSettings
from marketwright.testing.agreed import Stage

SELLING = DealSettings(processes=("milestones", "package"), provider="sandbox")


@pytest.fixture
def stage(house):
    """Two sides; the freelancer is listed."""
    made = Stage(house).meet()
    with made.unit() as uow:
        uow.session.add(Profile(
            id=made.freelancer, headline="Cloud security", bio="", language="en", city="Lille", country="FR",
            remote="remote", day_rate=80_000, currency="EUR", visible=True, listed=True, fields={},
            created_at=uow.now, updated_at=uow.now, version=1,
        ))  # fmt: skip
        uow.commit()
    return made


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/services/" in str(item.path):
            if not any(item.iter_markers("plugins")):
                item.add_marker(pytest.mark.plugins("standard_contracts", "commission", "sandbox"))
            if not any(item.iter_markers("settings")):
                item.add_marker(pytest.mark.settings(deal=SELLING))
