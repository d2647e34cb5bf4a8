"""A running marketplace for the tests of a module, and people who sit before a browser."""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from marketwright.app import build_house
from marketwright.features.contracts.tables import ContractDocument
from marketwright.features.papers import service as papers
from marketwright.features.papers.tables import Handing, OutsideSigner
from marketwright.settings.loader import load_marketplace
from marketwright.testing.browser import chromium, launched
from marketwright.testing.live import bake, fill, live

TEMPLATE = Path(__file__).parents[2] / "templates-cookiecutter" / "marketplace"
MOST = 160  # freelancers: enough for deals in every state, few enough to seed in seconds


def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not chromium():
                item.add_marker(pytest.mark.skip(reason="no Chromium here; set MARKETWRIGHT_CHROMIUM"))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A baked, seeded marketplace's folder, made once even where several processes run tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, mark, claim = shared / "seeded" / "bastion", shared / "seeded.done", shared / "seeded.claim"
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:
        end = time.monotonic() + 300
        while not mark.exists() and time.monotonic() < end:
            time.sleep(0.2)
        return folder
    bake(shared / "seeded", TEMPLATE, project_name="Bastion", project_slug="bastion", niche="cybersecurity")
    give_company(folder)
    fill(folder, most=MOST)
    mark.touch()
    return folder


def give_company(folder):
    """Say who runs the marketplace: nothing is invoiced before that is known."""
    said = {"name": "Bastion Place SAS", "form": "SAS", "registration_number": "732829320",
            "vat_number": "FR44732829320", "address": "14 rue de la Citadelle, 59000 Lille"}  # fmt: skip
    file = folder / "marketplace.toml"
    head, mark, legal = file.read_text("utf-8").partition("[legal]\n")
    for key, value in said.items():
        legal = legal.replace(f'{key} = ""\n', f'{key} = "{value}"\n', 1)
    file.write_text(head + mark + legal, "utf-8")


@pytest.fixture(scope="module")
def site(seeded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("live") / "bastion"
    with live(seeded, folder) as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser():
    with launched() as running:
        yield running


@pytest.fixture
def authorises(site):
    """The client hands in the scope of a test, and everybody outside signs it."""

    def authorise(client, contract):
        _hands_in_scope(client, contract, site)
        client.goes_to(contract).reads("Waits for the signature of Ada Owner")
        _everybody_signs(site)
        return client.goes_to(contract).reads("Signed by Ada Owner")

    return authorise


def _hands_in_scope(client, contract, site):
    """As the client: one target of theirs, one night a week ahead, one owner; looked at, then sent."""
    opens = site.database.clock.business() + timedelta(days=7)
    client.goes_to(f"{contract}/conditions/cybersecurity.authorisation_to_test/paper").types(
        x_scope_targets__0__kind="domain", x_scope_targets__0__target="shop.example.org",
        x_holdings__0__what="example.org", x_holdings__0__held="owned",
        x_windows__0__opens_on=f"{opens:%Y-%m-%d}", x_windows__0__opens_at="22:00",
        x_windows__0__closes_on=f"{opens + timedelta(days=1):%Y-%m-%d}", x_windows__0__closes_at="05:00",
        x_emergency_contact="The night desk, 03 20 00 00 00",
        x_owner__0__name="Ada Owner", x_owner__0__company="Owners", x_owner__0__email="ada@owners.example",
    )  # fmt: skip
    client.clicks("Look at the paper").reads("shop.example.org").clicks("Send for signature").reads("Ada Owner")


def _everybody_signs(site):
    """Whoever was asked by mail signs, as the page behind the link has them do."""
    with site.database.reading() as session:
        rows = session.execute(
            select(OutsideSigner, ContractDocument.sha256)
            .join(Handing, Handing.id == OutsideSigner.handing_id)
            .join(ContractDocument, ContractDocument.id == Handing.document_id)
            .where(OutsideSigner.state == "asked", Handing.state == "waiting")
        ).all()
        asked = [(papers.outsider(signer), sha256) for signer, sha256 in rows]
    house = build_house(load_marketplace(site.folder, {}))
    for actor, sha256 in asked:
        with house.database.unit(actor) as uow:
            given = papers.Signed(actor.name, "Director", sha256, "I agree to it.", uow.machine_now)
            papers.sign_outside(uow, signer=actor.id, given=given)
            uow.commit()
    house.database.dispose()
