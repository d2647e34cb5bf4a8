"""`marketwright demo`: filled once, begun anew where it was broken off, never on a live stage."""

import pytest
from click.testing import CliRunner

from marketwright.baking.bake import bake
from marketwright.baking.offers import installed_offers
from marketwright.cli import group
from marketwright.kernel.errors import BadSetting, Conflict
from marketwright.testing.live import free_port


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    monkeypatch.setenv("MARKETWRIGHT_BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", "to be restored afterwards")
    monkeypatch.delenv("MARKETWRIGHT_DATABASE_URL")


@pytest.fixture
def oven(tmp_path):
    def make(**answers):
        return bake("marketplace", {"project_name": "Nord"} | answers, tmp_path, offers=installed_offers())

    return make


def demo(folder, *options):
    words = ["--folder", str(folder), "demo", "--setup-only", *options]
    return CliRunner().invoke(group, words, catch_exceptions=False)


def test_the_demo_is_filled_once_and_introduces_its_people(oven):
    folder = oven()
    first, second = demo(folder), demo(folder)
    assert "bringing people" in first.output
    assert "bringing people" not in second.output
    assert "staff, may do everything" in second.output


def test_a_demo_that_was_broken_off_is_begun_anew(oven):
    folder = oven()
    demo(folder)
    (folder / "var" / "demo-begun").write_text("The demo is being filled.\n")
    assert "bringing people" in demo(folder).output
    assert not (folder / "var" / "demo-begun").exists()


def test_reset_throws_the_data_away(oven):
    folder = oven()
    demo(folder)
    (folder / "var" / "mine").write_text("a leftover")
    assert "bringing people" in demo(folder, "--reset").output
    assert not (folder / "var" / "mine").exists()


def test_where_no_server_answers_the_demo_runs_on_sqlite_and_says_so(oven):
    folder = oven(database="postgresql")
    settings, port = folder / "marketplace.toml", free_port()
    settings.write_text(settings.read_text().replace("//localhost/", f"//127.0.0.1:{port}/"))
    done = demo(folder)
    assert f"No PostgreSQL answers at 127.0.0.1:{port}" in done.output
    assert (folder / "var" / "demo.sqlite").is_file()


def test_the_data_on_a_database_server_is_not_thrown_away(oven, monkeypatch):
    folder = oven(database="postgresql")
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", "postgresql://127.0.0.1/nord")
    with pytest.raises(Conflict, match="empty that database"):
        demo(folder, "--reset")


def test_a_live_marketplace_has_no_demo(oven, monkeypatch):
    folder = oven(payment_provider="none")
    monkeypatch.setenv("MARKETWRIGHT_STAGE", "live")
    monkeypatch.setenv("MARKETWRIGHT_SECRET_KEY", "x" * 40)
    with pytest.raises(BadSetting, match=r"a live marketplace has no demo.*MARKETWRIGHT_STAGE=demo"):
        demo(folder)
    assert not (folder / "var").exists()
