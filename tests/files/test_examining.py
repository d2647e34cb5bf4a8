"""Uploads are examined by the scanner that a plugin brings, before anything of them is kept."""

from dataclasses import replace
from io import BytesIO
from types import ModuleType

import pytest
from sqlalchemy import func, select

from marketwright.app import build_house, create_app
from marketwright.features.files.tables import StoredFile
from marketwright.plugin import Manifest, ScanAdapter, Unavailable, hookimpl
from marketwright.testing.browse import Browse
from marketwright.testing.negotiation import Negotiation
from marketwright.testing.scanning import EICAR, KnownStringScan


class ScanOfTests(KnownStringScan):
    """What it was asked last, and how it fails, if it does."""

    asked, trouble = (), None

    def examine(self, data, name, media_type):
        type(self).asked = (name, media_type)
        if self.trouble is not None:
            raise self.trouble
        return super().examine(data, name, media_type)


def scanner():
    made = ModuleType("scanner")
    made.manifest = Manifest(name="scanner", summary="Examines uploads.")

    @hookimpl
    def register_adapters(settings):
        return [ScanOfTests]

    made.register_adapters = register_adapters
    return made


@pytest.fixture
def scene(marketplace):
    house = build_house(replace(marketplace, plugins=("scanner",)), {"scanner": scanner()})
    yield Negotiation(house).meet()
    house.database.dispose()


@pytest.fixture
def send(scene):
    """Sends a file in a conversation; returns the answer."""
    browser = Browse(create_app(scene.house.marketplace, scene.house)).sign_in(scene.people["owner"])
    thread = scene.talk()

    def post(data):
        sent = {"text": "here it is", "files": (BytesIO(data), "../plan.txt")}
        return browser.post(f"/threads/{thread}", sent, content_type="multipart/form-data")

    return post


def kept(scene):
    with scene.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(StoredFile))


def test_a_harmful_file_is_named_and_not_kept_and_the_text_stays(scene, send):
    answer = send(b"before " + EICAR + b" after")
    assert answer.status_code == 422
    assert "Eicar-Test-Signature" in answer.text
    assert "here it is" in answer.text
    assert kept(scene) == 0


def test_a_harmless_file_is_kept_after_it_was_examined(scene, send):
    assert send(b"the plan").status_code == 303
    assert ScanOfTests.asked == ("plan.txt", "text/plain")
    assert kept(scene) == 1


@pytest.mark.parametrize("trouble", [OSError("gone"), Unavailable("The scanner does not answer.")])
def test_nothing_is_kept_while_the_scanner_is_silent(scene, send, monkeypatch, trouble):
    monkeypatch.setattr(ScanOfTests, "trouble", trouble)
    answer = send(b"the plan")
    assert answer.status_code == 422
    assert "Send it again in a minute" in answer.text
    assert kept(scene) == 0


def test_a_scanner_is_an_adapter_of_the_door():
    assert ScanAdapter.port == "scan"
