"""A golden deal in a real browser: fixtures for a file whose tests are the stations of one deal, in order.

A plugin's ``conftest.py`` imports them by name and says with a fixture ``answers`` what to bake; ``in_a_browser`` marks
the file. See "A golden deal" in docs/testing.md.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marketwright.app import build_house
from marketwright.baking.templates import template_folder
from marketwright.settings.loader import load_marketplace
from marketwright.testing.browser import Watch, chromium, launched
from marketwright.testing.live import Live, bake, live
from marketwright.testing.person import Person
from marketwright.testing.used import Used, used_in

PATIENCE = 60_000  # milliseconds for one step of the browser, on a machine that is busy
IDENTITY = {
    "form": "SARL", "country": "FR", "registration_number": "732829320", "vat_number": "FR44732829320",
    "street": "14 rue des Prés", "postcode": "59000", "city": "Lille",
}  # fmt: skip
in_a_browser = [
    pytest.mark.browser, pytest.mark.slow,
    pytest.mark.skipif(not chromium(), reason="no Chromium here; set MARKETWRIGHT_CHROMIUM"),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, answers: dict[str, str]) -> Iterator[Live]:
    """A marketplace baked with ``answers``, at work, with its skills and nobody in it."""
    base = tmp_path_factory.mktemp("golden")
    folder = bake(base / "baked", template_folder("marketplace"), **answers)
    done = Live(folder).command("db", "upgrade")
    assert done.returncode == 0, done.stdout + done.stderr
    with live(folder, base / "live") as running:
        yield running
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A running Chromium."""
    with launched() as running:
        yield running


@pytest.fixture(scope="module")
def watch(site: Live) -> Watch:
    """What went wrong in any page that somebody of :func:`sit_down` saw."""
    return Watch((site.url, site.provider))


@pytest.fixture(scope="module")
def sit_down(site: Live, browser: Any, watch: Watch) -> Iterator[Callable[[], Person]]:
    """Put somebody before a browser of their own."""
    contexts = []

    def make() -> Person:
        context = browser.new_context(
            locale="en-GB", viewport={"width": 1280, "height": 900}, reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(watch.over(context))
        return Person(site, context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def vetter(site: Live, sit_down: Callable[[], Person]) -> Person:
    """Somebody of the staff who decides on what is handed in to be vetted."""
    link = site.staff_link("vetter@marketplace.example", "vetter")
    return sit_down().joins(link, name="Ana Vetter", email="vetter@marketplace.example")


def used_at(site: Live, contract: str, *, golden: Path) -> Used:
    """What the deal of ``contract`` (its address) used; kept in ``golden``, to be committed, where that is not there.

    ``assert used_at(site, contract, golden=GOLDEN) == Used.read(GOLDEN)`` is the last station.
    """
    house = build_house(load_marketplace(site.folder, {}))
    used = used_in(house, contract.rpartition("/")[2])
    house.database.dispose()
    if not golden.exists():
        used.write(golden)
    return used
