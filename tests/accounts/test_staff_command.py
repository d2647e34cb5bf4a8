"""``marketwright staff``: the way to the first admin, and back in for the last one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from marketwright.cli import group
from marketwright.features.accounts import service
from marketwright.features.accounts.tables import Account
from marketwright.kernel.actors import system


@pytest.fixture
def run(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Call the command line in a small marketplace on a fresh database."""
    (tmp_path / "marketplace.toml").write_text('[marketplace]\nname = "Testing"\nslug = "testing"\nstage = "test"\n')
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", database_url)
    monkeypatch.setenv("MARKETWRIGHT_SECRET_KEY", "a-key-for-tests-only")

    def call(*arguments: str, command: str = "invite") -> Result:
        return CliRunner().invoke(group, ["-C", str(tmp_path), "staff", command, *arguments])

    return call


def test_the_printed_link_makes_an_admin(run: Callable[..., Result], browse: Callable[..., Any]) -> None:
    result = run("Ada@Example.org", "--role", "admin", "--json")
    assert result.exit_code == 0, result.output
    link = json.loads(result.output)["link"]
    path = link.removeprefix("http://127.0.0.1:8000")
    visitor = browse()
    assert visitor.post(path, {"name": "Ada", "password": "correct horse battery"}).status_code == 303
    assert visitor.get("/me").status_code == 200


def test_the_link_is_printed_for_people_too(run: Callable[..., Result]) -> None:
    assert "http://127.0.0.1:8000/invitations/" in run("ada@example.org", "--role", "admin").output


@pytest.mark.parametrize("arguments", [("ada@example.org",), ("ada@example.org", "--role", "king"), ()])
def test_a_missing_or_unknown_role_is_wrong_usage(arguments: tuple[str, ...], run: Callable[..., Result]) -> None:
    assert run(*arguments).exit_code == 2


def test_what_is_no_address_is_refused(run: Callable[..., Result]) -> None:
    assert run("ada", "--role", "admin").exit_code == 1


def test_the_last_admin_who_lost_the_phone_is_let_in(run: Callable[..., Result], house: Any) -> None:
    with house.database.unit(system("tests")) as uow:
        ada = service.create_account(uow, email="ada@example.org", name="Ada", locale="en", is_freelancer=False)
        uow.session.get_one(Account, ada).totp_on = True
        uow.commit()
    assert run("nobody@example.org", "--reason", "Seen in person.", command="lift").exit_code == 1
    assert run("ada@example.org", "--reason", "Seen in person.", command="lift").exit_code == 0
    with house.database.reading() as session:
        assert not session.get_one(Account, ada).totp_on
