"""One house for all tests of a module: walks only knock at doors, or run last in an order that the test names."""

from dataclasses import replace

import pytest

from marketwright.app import build_house, create_app
from marketwright.settings.marketplace import Legal, Marketplace, Stage
from marketwright.testing.browse import Browse
from marketwright.testing.cast import make_cast

PLUGINS = ("core_matching", "commission", "standard_contracts", "evidence", "sandbox", "cybersecurity",
           "country_fr")

LEGAL = Legal("Place SAS", "SAS", "732829320", "FR44732829320", "1 rue X, 59000 Lille", "FR", "Ada", "Host, Lille")


@pytest.fixture(scope="module")
def house(database_templates, tmp_path_factory):
    """A marketplace with every bundled plugin, for a whole module."""
    with database_templates.fresh() as url:
        made = Marketplace(
            folder=tmp_path_factory.mktemp("house"), name="Testing", slug="testing", stage=Stage.DEMO,
            languages=("en", "fr"), country="FR", currency="EUR", time_zone="Europe/Paris",
            base_url="http://localhost", theme="", database_url=url, secret_key="a-key-for-tests-only",
            plugins=PLUGINS, legal=LEGAL,
        )  # fmt: skip
        made = replace(made, deal=replace(made.deal, provider="sandbox", processes=("milestones", "package")))
        built = build_house(made)
        yield built
        built.database.dispose()


@pytest.fixture(scope="module")
def app(house):
    made = create_app(house.marketplace, house)
    made.testing = False  # an error of ours is a page with 500, as on a live site
    made.config["RATELIMIT_ENABLED"] = False
    return made


@pytest.fixture(scope="module")
def cast(house):
    return make_cast(house)


@pytest.fixture(scope="module")
def visitors(app, cast, house):
    """A signed-in visitor for each part of the cast, and ``anonymous``; the suspended one signed in before."""
    from marketwright.features.accounts.tables import Account

    made = {part: Browse(app).sign_in(account) for part, account in cast.people.items()}
    with house.database.unit(cast.stage.actor(cast.people["staff_admin"])) as uow:
        row = uow.session.get_one(Account, cast.people["suspended"])
        row.suspended_at, row.suspension_reason = uow.now, "Spam"
        uow.commit()
    return made | {"anonymous": Browse(app)}
