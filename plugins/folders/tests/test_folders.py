"""Mail and files through folders, as a marketplace uses them."""

import os
import time
from dataclasses import replace
from mailbox import Maildir

import pytest
from click.testing import CliRunner

import marketwright_folders
from marketwright.app import build_house, create_app
from marketwright.cli import group
from marketwright.features.accounts import service as accounts
from marketwright.features.files.ports import Storage
from marketwright.features.notifications import service as notifications
from marketwright.kernel.actors import system
from marketwright.kernel.errors import BadSetting, Unavailable
from marketwright.kernel.ids import new_id
from marketwright.testing import PluginConformance


class TestFolders(PluginConformance):
    plugin = marketwright_folders


@pytest.fixture
def open_house(marketplace, tmp_path):
    opened = []

    def make(**settings):
        given = {"mail": str(tmp_path / "mail"), "files": str(tmp_path / "share"), **settings}
        house = build_house(replace(marketplace, plugins=("folders",), plugin_settings={"folders": given}))
        opened.append(house)
        return house

    yield make
    for house in opened:
        house.database.dispose()


def told(house):
    with house.database.unit(system("tests")) as uow:
        ada = accounts.create_account(uow, email="a@example.org", name="Ada", locale="en", is_freelancer=True)
        notifications.announce(uow, account=ada, text="Hello.")
        uow.commit()
    with create_app(house.marketplace, house).app_context():
        house.worker.drain()


def test_mail_becomes_a_file_in_the_folder(open_house, tmp_path):
    told(open_house())
    (mail,) = Maildir(tmp_path / "mail")
    assert (mail["To"], mail["Subject"]) == ("a@example.org", "Hello.")


def test_the_same_mail_tried_again_stays_one_file(open_house, tmp_path):
    house = open_house()
    told(house)
    (mail,) = Maildir(tmp_path / "mail")
    house.plugins.adapters["mail"].it.send(mail)
    assert len(Maildir(tmp_path / "mail")) == 1


def test_switched_off_for_mail_it_leaves_mail_in_the_console(open_house, tmp_path):
    told(open_house(mail=""))
    assert not (tmp_path / "mail").exists()


def test_old_mail_is_taken_away_by_the_job(open_house, tmp_path):
    house = open_house(keep_days=1)
    told(house)
    for file in (tmp_path / "mail" / "new").iterdir():
        os.utime(file, (time.time() - 3 * 86400,) * 2)
    house.plugins.plugin("folders").desk.jobs.later("tidy")
    house.worker.drain()
    assert len(Maildir(tmp_path / "mail")) == 0


def test_a_file_is_written_here_first_and_handed_over_by_the_worker(open_house, tmp_path):
    storage, name = open_house().ports.get(Storage), new_id()
    storage.put(name, b"bytes")
    assert not (tmp_path / "share").exists()
    assert storage.relay() == 1
    assert (tmp_path / "share" / name[:2] / name).read_bytes() == b"bytes"
    assert storage.relay() == 0


def test_a_file_that_is_missing_here_is_read_from_there(open_house, tmp_path):
    storage, name = open_house().ports.get(Storage), new_id()
    storage.put(name, b"bytes")
    storage.relay()
    (storage.root / name[:2] / name).unlink()
    assert storage.get(name) == b"bytes"


def test_a_removed_file_is_forgotten_there_too(open_house, tmp_path):
    storage, name = open_house().ports.get(Storage), new_id()
    storage.put(name, b"bytes")
    storage.relay()
    storage.remove(name)
    storage.relay()
    assert not (tmp_path / "share" / name[:2] / name).exists()
    with pytest.raises(Unavailable):
        storage.get(name)


def test_its_command_lists_the_mails(open_house, tmp_path):
    told(open_house())
    (tmp_path / "marketplace.toml").write_text(
        f"""plugins = ["folders"]
[marketplace]
name = "Testing"
slug = "testing"
stage = "demo"
languages = ["en"]
country = "FR"
currency = "EUR"
[plugin.folders]
mail = "{tmp_path / 'mail'}"
"""
    )
    said = CliRunner().invoke(group, ["-C", str(tmp_path), "x", "folders", "mails"], catch_exceptions=False)
    assert said.output == "a@example.org: Hello.\n"
    assert "folders" in CliRunner().invoke(group, ["-C", str(tmp_path), "x", "--help"]).output


def test_outside_a_marketplaces_folder_there_are_no_such_commands(tmp_path):
    listed = CliRunner().invoke(group, ["-C", str(tmp_path), "x", "--help"])
    assert listed.exit_code == 0
    assert "folders" not in listed.output
    with pytest.raises(BadSetting):
        CliRunner().invoke(group, ["-C", str(tmp_path), "x", "folders"], catch_exceptions=False)
