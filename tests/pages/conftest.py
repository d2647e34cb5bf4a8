"""A demo marketplace of a hundred people on a database of its own, for a whole module."""

from dataclasses import replace

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.demo.seeding.run import seed
from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.settings.offers import Subscriptions

AHEAD = Subscriptions(head_start=24)
PLUGINS = ("core_matching", "commission", "standard_contracts", "evidence", "sandbox", "cybersecurity")


@pytest.fixture(scope="module")
def demo(database_templates, tmp_path_factory):
    with database_templates.fresh() as url:
        made = Marketplace(
            folder=tmp_path_factory.mktemp("house"), name="Testing", slug="testing", stage=Stage.DEMO,
            languages=("en", "fr"), country="FR", currency="EUR", time_zone="Europe/Paris",
            base_url="http://localhost", theme="", database_url=url, secret_key="a-key-for-tests-only",
            plugins=PLUGINS,
        )  # fmt: skip
        built = build_house(replace(made, deal=replace(made.deal, provider="sandbox"), subscriptions=AHEAD))
        yield seed(built, most=60)
        built.database.dispose()


@pytest.fixture(scope="module")
def house(demo):
    return demo.house


@pytest.fixture(scope="module")
def app(house):
    made = create_app(house.marketplace, house)
    made.testing = True
    made.config["RATELIMIT_ENABLED"] = False
    return made
